import type { Clock } from './clock.ts';
import { createRecent } from './recent.ts';

const MINUTE_MS = 60_000;

/** Limits the log lines of one kind in one execution environment. */
export interface LogLimiter {
  /**
   * Whether a line about `key` may be written now. `omitted` is the number of lines that were refused since the last
   * one that was admitted. Returns undefined when the line must not be written.
   */
  admit(key: string): { readonly omitted: number } | undefined;
}

/** Admits one line about each key in `quietMs`, and at most `maxPerMinute` lines in a minute. */
export function createLogLimiter(
  clock: Clock,
  { quietMs, maxPerMinute }: { readonly quietMs: number; readonly maxPerMinute: number },
): LogLimiter {
  const reported = createRecent<string>(clock, quietMs);
  let minuteBegan = Number.NEGATIVE_INFINITY;
  let linesOfMinute = 0;
  let omitted = 0;
  return {
    admit(key) {
      if (clock.now() - minuteBegan >= MINUTE_MS) {
        minuteBegan = clock.now();
        linesOfMinute = 0;
      }
      if (reported.has(key) || linesOfMinute >= maxPerMinute) {
        omitted += 1;
        return undefined;
      }
      reported.add(key);
      linesOfMinute += 1;
      const admitted = { omitted };
      omitted = 0;
      return admitted;
    },
  };
}
