import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';

/** Structured log lines. A value that could be a secret, a key or a customer's payload is never a field. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Counters of what a person may have to look at. Ids are never dimensions: each would be billed. */
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
  'event_id_conflict',
  'webhook_unreadable',
  'system_event_lost',
] as const;
export type CounterName = (typeof COUNTER_NAMES)[number];

export interface Observability {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly counters: Counters;
  /** Writes out what was counted, once an invocation has ended, however it ended. */
  readonly publishMetrics: MiddlewareObj;
}

/** One logger and one metric buffer for an execution environment; delivery goes on when they fail. */
export function createObservability(): Observability {
  const logger = new Logger();
  const metrics = new Metrics();
  const quietly = (write: () => void): void => {
    try {
      write();
    } catch {
      // A broken log stream must not stop a delivery; there is nowhere else to say so.
    }
  };
  const publish = (): void => {
    if (metrics.hasStoredMetrics()) quietly(() => metrics.publishStoredMetrics());
  };
  return {
    logger,
    metrics,
    publishMetrics: { after: publish, onError: publish },
    log: {
      info: (message, fields = {}) => quietly(() => logger.info(message, fields)),
      warn: (message, fields = {}) => quietly(() => logger.warn(message, fields)),
      error: (message, fields = {}) => quietly(() => logger.error(message, fields)),
    },
    counters: { count: (name, value = 1) => quietly(() => metrics.addMetric(name, MetricUnit.Count, value)) },
  };
}
