import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';

/** The result of a command, for programs and for people. */
export interface Answer {
  /** Printed with `--json`, as one line. Names are in snake case. */
  readonly json: unknown;
  /** Printed without `--json`. */
  readonly text: string;
  /** Default: 0. `docs/command.md` describes the others. */
  readonly exitStatus?: number;
}

/** The outputs of a verb. */
export interface Io {
  /** Prints the answer on standard output. */
  answer(options: { readonly json?: true | undefined }, answer: Answer): void;
  /** Prints a line on standard error; with `--json` as `{"warning": "…"}`. */
  warn(line: string): void;
  /** Prints a line on standard error, if it is a terminal: progress is for people. */
  progress(line: string): void;
}

/** A verb, as `verbs/index.ts` lists it. Its module is loaded only when it is used. */
export interface VerbEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{ readonly build: BuildVerb }>;
}

/** Builds the verb's command. `verbs` is the list of all verbs. */
export type BuildVerb = (io: Io, verbs: readonly VerbEntry[]) => CommandUnknownOpts;

/** A command with the options that every command of a stack has. */
export function stackCommand(name: string) {
  return new Command(name)
    .option('--stack <name>', 'a stack that is deployed to AWS; default: the local cloud')
    .option('--profile <name>', 'with --stack: a profile of the AWS configuration files')
    .option('--prefix <text>', "the prefix of the deployment's outputs, if the stack has several deployments")
    .option('--port <n>', 'API port of the local cloud, if several run')
    .option('--json', 'prints one line of JSON');
}
