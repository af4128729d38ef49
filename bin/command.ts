import { findUnknownVariable } from '../lib/shared/setting-names.ts';
import { explain } from './explain.ts';

/** Prints a warning on standard error. */
export type Warn = (warning: string) => void;

const warn: Warn = (warning) => process.stderr.write(`${warning}\n`);

/**
 * Runs a command and prints the text that it returns on standard output. Warnings are printed on standard error, and
 * so is an error: as one sentence without a stack trace, with exit status 1.
 */
export async function runCommand(
  command: (args: readonly string[], warn: Warn) => Promise<string>,
): Promise<void> {
  // A reader such as `head` may close the pipe before all output is written.
  process.stdout.on('error', () => process.exit());
  const unknownVariable = findUnknownVariable(process.env);
  if (unknownVariable !== undefined) warn(unknownVariable);
  try {
    process.stdout.write(`${(await command(process.argv.slice(2), warn)).trimEnd()}\n`);
  } catch (error) {
    warn(explain(error));
    process.exitCode = 1;
  }
}
