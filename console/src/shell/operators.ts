import { signal } from '@preact/signals';
import type { ComponentChildren, ComponentType } from 'preact';
import { SHELL } from '../texts/shell.ts';

/** What the operators' console has instead of the customers' header and screens. */
interface Operators {
  readonly Header: ComponentType<{ children: ComponentChildren }>;
  /** Why nothing can be changed with --read-only. */
  readonly readOnlyReason: string;
  readonly Main: ComponentType<{ path: string; children: ComponentChildren }>;
}

/** Whether the operators' command serves the page. The deployed function's page does not have this element. */
export const isOperatorsConsole = document.querySelector('meta[name="operators-console"]') !== null;

/** Undefined for customers, who do not load it. */
export const operators = signal<Operators | undefined>(undefined);

export function readOnlyReason(): string {
  return operators.value?.readOnlyReason ?? SHELL.readOnlyReason;
}
