/** Says, beside the result, what may be wrong. */
export type Warn = (warning: string) => void;

const warn: Warn = (warning) => process.stderr.write(`${warning}\n`);

/** Runs a command: its text goes to standard output, warnings and an error in one sentence to standard error. */
export async function runCommand(
  command: (args: readonly string[], warn: Warn) => Promise<string>,
): Promise<void> {
  try {
    process.stdout.write(`${(await command(process.argv.slice(2), warn)).trimEnd()}\n`);
  } catch (error) {
    warn(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
