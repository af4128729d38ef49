import { ATTEMPT_ERRORS, type AttemptError } from '../domain/delivery.ts';

/** The metric of `Counters.measureLatency`. */
export const LATENCY_METRIC = 'latency';

/** The counter of the failed attempts of one class. */
export function counterOf(error: AttemptError): `attempt_failed_${AttemptError}` {
  return `attempt_failed_${error}`;
}

export const COUNTER_NAMES = [
  'delivered',
  'attempt_failed',
  ...ATTEMPT_ERRORS.map(counterOf),
  'exhausted',
  'held',
  'canceled',
  'unreadable',
  'recovered',
  'taken_over',
  'returned',
  'forwarded_slow',
  'marked_slow',
  'duplicate_dropped',
  'log_lost',
  'undispatched',
  'unmatched',
  'dispatched',
  'event_rerun',
  'event_data_invalid',
  'event_data_unchecked',
  'event_id_conflict',
  'traceparent_invalid',
  'webhook_unreadable',
  'system_event_lost',
  'webhook_warned',
  'webhook_disabled',
  'health_lost',
  'audit_lost',
  'listener_lost',
  'listener_limited',
  'dependency_failed',
  'canary_received',
] as const;
export type CounterName = (typeof COUNTER_NAMES)[number];
