import type { ComponentChildren, ComponentType } from 'preact';
import { SHELL } from '../texts/shell.ts';

/** What the operators' console has instead of the customers' header and screens. */
interface Operators {
  readonly Header: ComponentType<{ children: ComponentChildren }>;
  readonly Main: ComponentType<{ path: string; children: ComponentChildren }>;
  /** Why nothing can be changed with --read-only. */
  readonly readOnlyReason: string;
}

/** Of the page that the operators' command serves. The deployed function's page does not have this element. */
const mark = document.querySelector<HTMLMetaElement>('meta[name="operators-console"]');

export const isOperatorsConsole = mark !== null;

/** The address of the API for programs. The command passes calls on to it. */
export const apiOrigin = mark?.content || location.origin;

let known: Operators | undefined;

/** Undefined for customers, who do not load it. */
export const operators = (): Operators | undefined => known;

/** Called before the session begins: what is shown changes with the session. */
export function setOperators(value: Operators): void {
  known = value;
}

export const readOnlyReason = (): string => known?.readOnlyReason ?? SHELL.readOnlyReason;
