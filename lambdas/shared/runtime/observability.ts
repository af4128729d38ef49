import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';

/** Structured log lines. Fields never contain secrets, API keys or customers' payloads. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Counters for alarms and dashboards. Ids are never dimensions: each dimension value is a billed metric. */
export interface Counters {
  count(name: CounterName, value?: number): void;
}

export const COUNTER_NAMES = [
  'delivered',
  'attempt_failed',
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
] as const;
export type CounterName = (typeof COUNTER_NAMES)[number];

export interface Observability {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly counters: Counters;
  /** Writes the counters at the end of each invocation, also after a failure. */
  readonly publishMetrics: MiddlewareObj;
}

/** Creates the logger and the metric buffer of an execution environment. Their failures do not stop a delivery. */
export function createObservability(): Observability {
  const logger = new Logger();
  const metrics = new Metrics();
  const ignoreErrors = (write: () => void): void => {
    try {
      write();
    } catch {
      // A broken log stream must not stop a delivery, and there is no other place to report it.
    }
  };
  const publish = (): void => {
    if (metrics.hasStoredMetrics()) ignoreErrors(() => metrics.publishStoredMetrics());
  };
  return {
    logger,
    metrics,
    publishMetrics: { after: publish, onError: publish },
    log: {
      info: (message, fields = {}) => ignoreErrors(() => logger.info(message, fields)),
      warn: (message, fields = {}) => ignoreErrors(() => logger.warn(message, fields)),
      error: (message, fields = {}) => ignoreErrors(() => logger.error(message, fields)),
    },
    counters: {
      count: (name, value = 1) => ignoreErrors(() => metrics.addMetric(name, MetricUnit.Count, value)),
    },
  };
}
