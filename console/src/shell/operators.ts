import type { ComponentChildren, ComponentType } from 'preact';
import { SHELL } from '../texts/shell.ts';

/** What the operators' console has instead of the customers' header and screens. */
interface Operators {
  readonly Header: ComponentType<{ children: ComponentChildren }>;
  readonly Main: ComponentType<{ path: string; children: ComponentChildren }>;
  /** Why nothing can be changed with --read-only. */
  readonly readOnlyReason: string;
}

/** Only the page that the operators' command serves has this element. */
const metaElement = document.querySelector<HTMLMetaElement>('meta[name="operators-console"]');

export const isOperatorsConsole = metaElement !== null;

/** The address of the API, for programs. The command forwards calls to it. */
export const apiOrigin = metaElement?.content || location.origin;

let registered: Operators | undefined;

/** Undefined for customers: their console does not load the operators' screens. */
export const operators = (): Operators | undefined => registered;

/** Must be called before the session begins: a change of the session renders the page. */
export function setOperators(value: Operators): void {
  registered = value;
}

export const readOnlyReason = (): string => registered?.readOnlyReason ?? SHELL.readOnlyReason;
