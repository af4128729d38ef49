import type { Clock } from '../shared/runtime/clock.ts';
import { errorFields } from '../shared/runtime/errors.ts';
import { createLogLimiter } from '../shared/runtime/log-limiter.ts';
import type { Log } from '../shared/runtime/observability.ts';

/** An endpoint that causes an error can cause it with every delivery. */
const LIMITS = { quietMs: 10 * 60_000, maxPerMinute: 10 };

/**
 * Reports errors of this code that are counted as failures of an endpoint. Writes one line for each kind of error in ten
 * minutes, which states how many were omitted before it.
 */
export function createDefectReport(clock: Clock, log: Log): (error: Error) => void {
  const lines = createLogLimiter(clock, LIMITS);
  return (error) => {
    const fields = errorFields(error);
    const line = lines.admit(JSON.stringify(fields));
    if (line === undefined) return;
    log.error('an error of our own while a response was read is counted as a failure of the endpoint', {
      ...fields,
      omitted_before: line.omitted,
    });
  };
}
