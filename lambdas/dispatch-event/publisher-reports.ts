import type { Clock } from '../shared/runtime/clock.ts';
import { createLogLimiter } from '../shared/runtime/log-limiter.ts';
import type { Counters, Log } from '../shared/runtime/observability.ts';
import type { DataProblem } from './check-data.ts';
import type { EventIds } from './parse-event.ts';

/**
 * Accounts that use no webhooks are normal, and a publisher's mistake concerns every event of a type: without limits,
 * the log of such events would cost more than their dispatch. The counters count every event.
 */
const LIMITS = { quietMs: 10 * 60_000, maxPerMinute: 10 };

/** Reports events that were accepted, but probably not as their publisher intended. */
export interface PublisherReports {
  /** The account has no webhook: nothing is stored or delivered. */
  unmatched(ids: EventIds): void;
  /** The event is dispatched, although its data does not satisfy the schema of its type. */
  problemOfData(ids: EventIds, problem: DataProblem): void;
  /** The event is dispatched without a trace. */
  invalidTraceparent(ids: EventIds): void;
}

/**
 * Counts each event. Writes a log line for the first event of each account or problem in ten minutes, at most ten lines
 * of a kind in a minute. A line states how many were omitted before it.
 */
export function createPublisherReports(deps: {
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: Log;
}): PublisherReports {
  const { clock, counters, log } = deps;
  const unmatchedLines = createLogLimiter(clock, LIMITS);
  const problemLines = createLogLimiter(clock, LIMITS);
  const traceparentLines = createLogLimiter(clock, LIMITS);
  return {
    unmatched(ids) {
      counters.count('unmatched');
      const line = unmatchedLines.admit(ids.account_id ?? '');
      if (line === undefined) return;
      log.info('an event is not delivered: its account has no webhook', {
        ...ids,
        omitted_before: line.omitted,
      });
    },
    problemOfData(ids, { kind, path, why, stack }) {
      counters.count(COUNTER_OF_PROBLEM[kind]);
      const line = problemLines.admit([ids.event_type, path, why].join('\n'));
      if (line === undefined) return;
      log.warn('the data of an event does not satisfy the schema of its type, or was not checked', {
        ...ids,
        // The logger omits a field with an empty text.
        path: `data${path}`,
        why,
        ...(stack === undefined ? {} : { stack }),
        omitted_before: line.omitted,
      });
    },
    invalidTraceparent(ids) {
      counters.count('traceparent_invalid');
      const line = traceparentLines.admit(ids.account_id ?? '');
      if (line === undefined) return;
      log.warn('the traceparent of an event is not valid and is ignored', {
        ...ids,
        omitted_before: line.omitted,
      });
    },
  };
}

export const COUNTER_OF_PROBLEM = {
  invalid: 'event_data_invalid',
  unchecked: 'event_data_unchecked',
} as const satisfies Record<DataProblem['kind'], string>;
