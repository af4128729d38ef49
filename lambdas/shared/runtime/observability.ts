import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';
import type { Lane } from '../domain/lane.ts';
import { type CounterName, LATENCY_METRIC } from './metric-names.ts';

/** Structured log lines. Fields never contain secrets, API keys or customers' payloads. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Metrics for alarms and dashboards. Ids are never dimensions: each dimension value is a billed metric. */
export interface Counters {
  count(name: CounterName, value?: number): void;
  /** Records the milliseconds from the acceptance of an event to the answer of an endpoint that received it. */
  measureLatency(milliseconds: number): void;
}

export interface Observability {
  readonly logger: Logger;
  /** The counters of the deployment, and the latency of the function's lane. */
  readonly metrics: { readonly deployment: Metrics; readonly lane: Metrics };
  readonly log: Log;
  readonly counters: Counters;
  /** Writes the counters at the end of each invocation, also after a failure. */
  readonly publishMetrics: MiddlewareObj;
}

/**
 * Creates the logger and the metric buffers of an execution environment. Their failures do not stop a delivery.
 *
 * @param deployment the value of the dimension of all metrics: different for each deployment in a region
 * @param lane the second dimension of the latency, and of no other metric; only the lanes measure it
 */
export function createObservability(deployment: string, lane: Lane = 'first'): Observability {
  const logger = new Logger();
  const metrics = { deployment: createMetrics({ deployment }), lane: createMetrics({ deployment, lane }) };
  const ignoreErrors = (write: () => void): void => {
    try {
      write();
    } catch {
      // A broken log stream must not stop a delivery, and there is no other place to report it.
    }
  };
  /** Sums of this invocation. Powertools keeps each value, and reads environment variables for it. */
  const counts = new Map<CounterName, number>();
  const publish = (): void => {
    for (const [name, value] of counts) {
      ignoreErrors(() => metrics.deployment.addMetric(name, MetricUnit.Count, value));
    }
    counts.clear();
    for (const buffer of [metrics.deployment, metrics.lane]) {
      if (buffer.hasStoredMetrics()) ignoreErrors(() => buffer.publishStoredMetrics());
    }
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
      count: (name, value = 1) => void counts.set(name, (counts.get(name) ?? 0) + value),
      measureLatency: (milliseconds) =>
        ignoreErrors(() => metrics.lane.addMetric(LATENCY_METRIC, MetricUnit.Milliseconds, milliseconds)),
    },
  };
}

/** Creates metrics without Powertools' own dimension `service`: a counter is the sum of all functions that count it. */
function createMetrics(dimensions: Record<string, string>): Metrics {
  const metrics = new Metrics();
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions(dimensions);
  return metrics;
}
