import type { ComponentChildren, ComponentType } from 'preact';
import { SHELL } from '../texts/shell.ts';

/** What the operators' console has instead of the customers' header and screens. */
interface Operators {
  readonly Header: ComponentType<{ children: ComponentChildren }>;
  readonly Main: ComponentType<{ path: string; children: ComponentChildren }>;
  /** Why nothing can be changed with --read-only. */
  readonly readOnlyReason: string;
}

/** Whether the operators' command serves the page. The deployed function's page does not have this element. */
export const isOperatorsConsole = document.querySelector('meta[name="operators-console"]') !== null;

let known: Operators | undefined;

/** Undefined for customers, who do not load it. */
export const operators = (): Operators | undefined => known;

/** Called before the session begins: what is shown changes with the session. */
export function setOperators(value: Operators): void {
  known = value;
}

export const readOnlyReason = (): string => known?.readOnlyReason ?? SHELL.readOnlyReason;
