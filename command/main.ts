import { Command, CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { findUnknownVariable } from '../lib/shared/setting-names.ts';
import { explain } from './shared/explain.ts';
import type { Answer, Io } from './verb.ts';
import { VERBS } from './verbs/index.ts';

const NAME = 'webhook-fanout';

const EPILOGUE = `
Without --stack, a verb uses the local cloud that "npm start" runs. "${NAME} <verb> --help" describes a verb.
Exit status: 0 done; 1 an error; 2 and more: done, with a result that the verb's help describes.`;

/** The outputs of a command. */
export interface Streams {
  out(text: string): void;
  error(text: string): void;
  /** Whether `error` is a terminal. */
  readonly isTerminal: boolean;
}

/**
 * Runs one command, and returns its exit status. An error is one line without a stack trace. With `--json`, the line is
 * `{"error": "…"}`, and that of a warning `{"warning": "…"}`.
 */
export async function run(args: readonly string[], streams: Streams): Promise<number> {
  let exitStatus = 0;
  const asJson = args.includes('--json');
  const line = (text: string): void => streams.error(`${text}\n`);
  const io: Io = {
    answer({ json }, answer: Answer) {
      const text = json ? JSON.stringify(answer.json) : answer.text.trimEnd();
      streams.out(`${text}\n`);
      exitStatus = answer.exitStatus ?? 0;
    },
    warn: (text) => line(warningText(text, asJson)),
    progress: (text) => {
      if (streams.isTerminal) line(text);
    },
  };
  const refuse = (text: string): number => {
    line(asJson ? JSON.stringify({ error: text }) : text);
    return 1;
  };
  // Commander prints several lines about invalid arguments: the error, a suggestion and a hint.
  let refusal = '';
  try {
    const root = await createProgram(io, args);
    configure(root, NAME, { out: streams.out, error: (text) => (refusal += text) });
    await root.parseAsync(args, { from: 'user' });
    return exitStatus;
  } catch (error) {
    if (!(error instanceof CommanderError)) return refuse(explain(error));
    if (error.exitCode === 0) return 0;
    if (error.code !== 'commander.help') return refuse(oneLine(refusal));
    streams.error(refusal);
    return 1;
  }
}

/** The verb that is used, and the names of the others: their modules are not loaded. */
async function createProgram(io: Io, args: readonly string[]): Promise<CommandUnknownOpts> {
  const root = new Command(NAME)
    .description('Operates a webhook-fanout stack, on AWS or on this machine.')
    .usage('<verb> [options]')
    .helpCommand('help [verb]', 'describes a verb')
    .addHelpText('after', EPILOGUE);
  const [first, second] = args;
  const used = first === 'help' ? second : first;
  for (const { name, summary, load } of VERBS) {
    if (name !== used) root.command(name).description(summary);
    else root.addCommand((await load()).build(io, VERBS).summary(summary));
  }
  return root;
}

function configure(
  command: CommandUnknownOpts,
  path: string,
  print: { readonly out: (text: string) => void; readonly error: (text: string) => void },
): void {
  const verbs = command.commands.map((inner) => inner.name());
  command
    .exitOverride((error) => {
      // Only verbs have options, but Commander reports the first option instead of the missing verb.
      if (error.code === 'commander.unknownOption' && verbs.length > 0) {
        throw new Error(`${path} needs a verb before its options: ${verbs.join(', ')}; see "${path} --help"`);
      }
      throw error;
    })
    .configureOutput({ writeOut: print.out, writeErr: print.error })
    .helpOption('--help', 'prints this text')
    .showHelpAfterError(`see "${path} --help"`);
  for (const inner of command.commands) configure(inner, `${path} ${inner.name()}`, print);
}

function warningText(text: string, asJson: boolean): string {
  return asJson ? JSON.stringify({ warning: text }) : text;
}

function oneLine(text: string): string {
  return text
    .replace(/^error: /, '')
    .trim()
    .split('\n')
    .map((part) => part.replace(/^\((.*)\)$/, '$1').replace(/\.$/, ''))
    .join('; ');
}

/** Runs the command of this process. */
export async function main(): Promise<void> {
  // A reader such as `head` may close the pipe before all output is written.
  process.stdout.on('error', () => process.exit());
  const unknownVariable = findUnknownVariable(process.env);
  const args = process.argv.slice(2);
  if (unknownVariable !== undefined) {
    process.stderr.write(`${warningText(unknownVariable, args.includes('--json'))}\n`);
  }
  process.exitCode = await run(args, {
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
  });
}
