/** A benchmark from the command line: help and results on standard output, progress on standard error. */
export interface Command<Report> {
  readonly help: string;
  /** Undefined when only the help is requested. */
  readonly measure: (() => Promise<Report>) | undefined;
  readonly json: boolean;
  readonly format: (report: Report) => string;
  /** Why the figures are not valid. With any of them, the command exits with status 1. */
  readonly failures: (report: Report) => readonly string[];
}

export async function runCommand<Report>(read: (args: readonly string[]) => Command<Report>): Promise<void> {
  try {
    const { help, measure, json, format, failures } = read(process.argv.slice(2));
    if (measure === undefined) {
      process.stdout.write(`${help}\n`);
      return;
    }
    const report = await measure();
    process.stdout.write(`${json ? JSON.stringify(report) : format(report)}\n`);
    if (failures(report).length > 0) process.exitCode = 1;
  } catch (error) {
    progress(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
