import type { Clock } from '../../lambdas/shared/runtime/clock.ts';

/** Writes the demonstration's lines, each with the time since it began. */
export interface Printer {
  /** One thing that happened, and at whose hands. */
  happened(who: string, what: string): void;
  /** A line without a time. */
  line(text?: string): void;
  heading(text: string): void;
}

const BOLD = '\u001b[1m';
const DIM = '\u001b[2m';
const PLAIN = '\u001b[0m';
const TIME_WIDTH = 9;
const WHO_WIDTH = 10;

/** Colours only where a person looks: never in a file or a pipe. */
export function createPrinter(output: NodeJS.WriteStream, clock: Clock): Printer {
  const startedAt = clock.now();
  const style = (code: string, text: string): string => (output.isTTY ? `${code}${text}${PLAIN}` : text);
  const line = (text = ''): void => {
    output.write(`${text}\n`);
  };
  return {
    line,
    heading: (text) => line(style(BOLD, text)),
    happened(who, what) {
      const seconds = `${((clock.now() - startedAt) / 1000).toFixed(2)} s`;
      line(`${style(DIM, seconds.padStart(TIME_WIDTH))}  ${who.padEnd(WHO_WIDTH)}${what}`);
    },
  };
}
