import type { Lane } from '../lambdas/shared/domain/lane.ts';
import { percentile } from '../lambdas/shared/runtime/percentile.ts';
import { eachFunction, type FunctionName } from '../measurement/function-names.ts';
import { createRandom, drawGapMs } from '../measurement/random.ts';
import type { Delivery } from './delivery.ts';
import { createDispatcher, type PublishedEvent } from './dispatcher.ts';
import { createEndpoints } from './endpoints.ts';
import type { Parameters } from './parameters.ts';
import { createSender, type NextQueues } from './sender.ts';
import { createSource } from './source.ts';
import { createStatistics, type FunctionCounts } from './statistics.ts';
import { createTimeline, type Timeline } from './timeline.ts';

export interface Result {
  readonly parameters: Parameters;
  readonly functions: Readonly<Record<FunctionName, Readonly<FunctionCounts>>>;
  /** First attempts at healthy endpoints in the measured time, from publishing to the POST. */
  readonly healthy: {
    readonly deliveries: number;
    readonly p50Ms: number;
    readonly p99Ms: number;
    /** How long the oldest delivery has waited that was not sent when the run ended. 0 when all were sent. */
    readonly longestWaitMs: number;
  };
  /**
   * Latencies of the whole run in milliseconds, by the second of publishing. A delivery that was not sent when the
   * run ended counts with the time that it has waited.
   */
  readonly healthyLatencies: readonly (readonly number[])[];
  /** Seconds from the onset to the first lane's last attempt that hung. */
  readonly lastHungSeconds: number | undefined;
  /** Messages on the slow queue at the end, and the time since the event of the oldest was published. */
  readonly slowBacklog: { readonly messages: number; readonly oldestMs: number };
}

/** The same parameters give the same result. */
export function simulate(parameters: Parameters): Result {
  const timeline = createTimeline();
  const endpoints = createEndpoints(parameters);
  const statistics = createStatistics(timeline, parameters, endpoints.isHealthy);
  const { retryDelaysSeconds, lanes } = parameters;

  const next: NextQueues = {
    retry(delivery, slow) {
      const index = delivery.attempt - 2;
      const queue = lanes ? (slow ? slowQueue : (retryQueues[index] ?? slowQueue)) : first;
      timeline.at(timeline.now() + (retryDelaysSeconds[index] ?? 0) * 1000, () => queue.add(delivery));
    },
    forward: (delivery) => slowQueue.add(delivery),
  };
  const senderOf = (lane: Lane) => createSender({ lane, parameters, timeline, endpoints, statistics, next });
  const first = createSource({ timeline, settings: parameters.first, invoke: senderOf('first') });
  const retrySender = senderOf('retry');
  const retryQueues = retryDelaysSeconds.map(() =>
    createSource({ timeline, settings: parameters.retry, invoke: retrySender }),
  );
  const slowQueue = createSource({ timeline, settings: parameters.slow, invoke: senderOf('slow') });
  const dispatch = createDispatcher({
    ...{ parameters, timeline, endpoints, statistics },
    enqueue: (delivery, slow) => (slow ? slowQueue : first).add(delivery),
  });
  const events = createSource({ timeline, settings: parameters.dispatch, invoke: dispatch });

  publish(parameters, timeline, (event) => {
    timeline.at(timeline.now() + (parameters.direct ? 0 : parameters.busMs), () => events.add(event));
  });
  const { begin, end } = secondsOf(parameters);
  timeline.run(end * 1000);

  const latencies = statistics.healthyLatencies();
  // The unsent deliveries are the slowest. Without them, the measured latency of a growing queue would be too low.
  const unsent = [...first.waiting(), ...slowQueue.waiting()].filter(
    ({ attempt, endpoint }) => attempt === 1 && endpoints.isHealthy(endpoint),
  );
  for (const { publishedAt } of unsent) {
    latencies[Math.floor(publishedAt / 1000)]?.push(end * 1000 - publishedAt);
  }
  const measured = latencies.slice(begin, end).flat();
  return {
    parameters,
    functions: eachFunction(statistics.of),
    healthy: {
      deliveries: measured.length,
      p50Ms: percentile(measured, 0.5),
      p99Ms: percentile(measured, 0.99),
      longestWaitMs: oldestMs(unsent, end),
    },
    healthyLatencies: latencies,
    lastHungSeconds: statistics.lastHungSeconds(),
    slowBacklog: { messages: slowQueue.waiting().length, oldestMs: oldestMs(slowQueue.waiting(), end) },
  };
}

/** When the measured time begins and ends, in seconds from the start. */
export function secondsOf(parameters: Parameters): { readonly begin: number; readonly end: number } {
  const begin = parameters.cleanSeconds + parameters.settleSeconds;
  return { begin, end: begin + parameters.measuredSeconds };
}

function oldestMs(waiting: readonly Delivery[], endSeconds: number): number {
  return waiting.reduce((most, { publishedAt }) => Math.max(most, endSeconds * 1000 - publishedAt), 0);
}

/** Publishes events as a Poisson process, each for endpoints that are drawn with equal probability. */
function publish(
  { eventsPerSecond, fanOut, endpoints, seed }: Parameters,
  timeline: Timeline,
  put: (event: PublishedEvent) => void,
): void {
  const random = createRandom(seed);
  const planNext = (): void => {
    timeline.at(timeline.now() + drawGapMs(random, eventsPerSecond), () => {
      const firstEndpoint = Math.floor(random() * endpoints);
      const step = 1 + Math.floor(random() * (endpoints - 1));
      put({
        publishedAt: timeline.now(),
        endpoints: Array.from({ length: fanOut }, (_, n) => (firstEndpoint + n * step) % endpoints),
      });
      planNext();
    });
  };
  planNext();
}
