/** One behaviour taken out of the code: some text of a file, and what stands there instead. */
export interface Mutation {
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly take: string;
  readonly put: string;
  /** Run only these of the row's test files. Default: all of them. */
  readonly in?: readonly string[];
}

/** By the first cell of a row of docs/security.md: the row's behaviour taken out, in one way or several. */
export type Mutations = Readonly<Record<string, readonly Mutation[]>>;
