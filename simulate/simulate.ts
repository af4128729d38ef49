import { percentile } from '../figures/numbers.ts';
import { createRandom, drawGapMs } from '../figures/random.ts';
import { createDispatcher, type PublishedEvent } from './dispatcher.ts';
import { createEndpoints } from './endpoints.ts';
import type { FunctionName, LaneName, Parameters } from './parameters.ts';
import { createSender, type Delivery, type NextQueues } from './sender.ts';
import { createSource } from './source.ts';
import { createStatistics, eachFunction, type FunctionCounts } from './statistics.ts';
import { createTimeline } from './timeline.ts';

export interface Result {
  readonly parameters: Parameters;
  readonly functions: Readonly<Record<FunctionName, Readonly<FunctionCounts>>>;
  /** First attempts at healthy endpoints in the measured time, from publishing to the POST. */
  readonly healthy: {
    readonly deliveries: number;
    readonly p50Ms: number;
    readonly p99Ms: number;
    /** Of those that were not sent when the run ended: how long the oldest has waited. */
    readonly longestWaitMs: number;
  };
  /** Of the whole run, in milliseconds, by the second of publishing. What still waits counts with its wait so far. */
  readonly healthyLatencies: readonly (readonly number[])[];
  /** When the first lane last tried an endpoint that hung, in seconds after the onset. */
  readonly lastHungSeconds: number | undefined;
  /** Messages on the slow queue at the end, and how long ago the event of the oldest was published. */
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
  const senderOf = (lane: LaneName) =>
    createSender({ lane, parameters, timeline, endpoints, statistics, next });
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
    timeline.at(timeline.now() + parameters.busMs, () => events.add(event));
  });
  const { begin, end } = secondsOf(parameters);
  timeline.run(end * 1000);

  const latencies = statistics.healthyLatencies();
  // Without those that still wait, which are the slowest, a growing queue would look quick.
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

/** The measured time, in seconds from the start. */
export function secondsOf(parameters: Parameters): { readonly begin: number; readonly end: number } {
  const begin = parameters.cleanSeconds + parameters.settleSeconds;
  return { begin, end: begin + parameters.measuredSeconds };
}

function oldestMs(waiting: readonly Delivery[], endSeconds: number): number {
  return waiting.reduce((most, { publishedAt }) => Math.max(most, endSeconds * 1000 - publishedAt), 0);
}

/** Events are independent of each other, and each is for endpoints that are drawn evenly. */
function publish(
  { eventsPerSecond, fanOut, endpoints, seed }: Parameters,
  timeline: ReturnType<typeof createTimeline>,
  put: (event: PublishedEvent) => void,
): void {
  const random = createRandom(seed);
  const plan = (): void => {
    timeline.at(timeline.now() + drawGapMs(random, eventsPerSecond), () => {
      const firstEndpoint = Math.floor(random() * endpoints);
      const step = 1 + Math.floor(random() * (endpoints - 1));
      put({
        publishedAt: timeline.now(),
        endpoints: Array.from({ length: fanOut }, (_, n) => (firstEndpoint + n * step) % endpoints),
      });
      plan();
    });
  };
  plan();
}
