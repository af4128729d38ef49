/** One change of behaviour, named by its symbol. */
export interface Mutant {
  /** Greater than 0, unique within a run. */
  id: number;
  /** Relative to the repository, with slashes. */
  file: string;
  /** Such as `parseEvent: condition is true 2`: function, kind of the change, number within the function. */
  name: string;
  line: number;
  edit: Edit;
}

export type Edit =
  /** The expression evaluates to `text` instead. */
  | { type: 'expression'; start: number; end: number; text: string }
  /** The statement does not run. */
  | { type: 'statement'; start: number; end: number }
  /** The statements between the braces do not run. A function returns undefined. */
  | { type: 'block'; start: number; end: number; isFunctionBody: boolean };

export interface Replacement {
  kind: string;
  edit: Edit;
}
