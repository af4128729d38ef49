import { findUnknownVariable } from '../lib/shared/setting-names.ts';
import { explain } from './explain.ts';

/** Prints a warning beside the result. */
export type Warn = (warning: string) => void;

const warn: Warn = (warning) => process.stderr.write(`${warning}\n`);

/**
 * Runs a command. Its text is printed on standard output; warnings, and an error as a sentence without a stack
 * trace, on standard error.
 */
export async function runCommand(
  command: (args: readonly string[], warn: Warn) => Promise<string>,
): Promise<void> {
  // A reader such as `head` may close the pipe before the end.
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
