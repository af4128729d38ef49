import type { Clock } from '../../lambdas/shared/runtime/clock.ts';

/** Prints the demonstration's lines. */
export interface Printer {
  /** An event, with the time since the start and its actor. */
  event(actor: string, text: string): void;
  /** A line without a time. */
  line(text?: string): void;
  heading(text: string): void;
}

const BOLD = '\u001b[1m';
const DIM = '\u001b[2m';
const PLAIN = '\u001b[0m';
const TIME_WIDTH = 9;
const ACTOR_WIDTH = 10;

/** Text has colours on a terminal only, not in a file or a pipe. */
export function createPrinter(output: NodeJS.WriteStream, clock: Clock): Printer {
  const startedAt = clock.now();
  const style = (code: string, text: string): string => (output.isTTY ? `${code}${text}${PLAIN}` : text);
  const line = (text = ''): void => {
    output.write(`${text}\n`);
  };
  return {
    line,
    heading: (text) => line(style(BOLD, text)),
    event(actor, text) {
      const seconds = `${((clock.now() - startedAt) / 1000).toFixed(2)} s`;
      line(`${style(DIM, seconds.padStart(TIME_WIDTH))}  ${actor.padEnd(ACTOR_WIDTH)}${text}`);
    },
  };
}
