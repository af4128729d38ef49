import { percentile } from '../figures/numbers.ts';
import { createRandom, drawGapMs } from '../figures/random.ts';
import { createEndpoints } from './endpoints.ts';
import type { LaneName, Parameters, SourceSettings } from './parameters.ts';
import { createSender, type Delivery, type NextQueues } from './sender.ts';
import { createSource, type Source } from './source.ts';
import { createStatistics, everyLane, type LaneCounts } from './statistics.ts';
import { createTimeline } from './timeline.ts';

export interface Result {
  readonly parameters: Parameters;
  readonly lanes: Readonly<Record<LaneName, Readonly<LaneCounts>>>;
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
}

/** The same parameters give the same result. */
export function simulate(parameters: Parameters): Result {
  const timeline = createTimeline();
  const endpoints = createEndpoints(parameters);
  const statistics = createStatistics(timeline, parameters, endpoints.isHealthy);
  const { retryDelaysSeconds } = parameters;

  const delayed = (source: () => Source<Delivery>, delivery: Delivery, delaySeconds: number): void =>
    timeline.at(timeline.now() + delaySeconds * 1000, () => source().add(delivery));
  const next: NextQueues = {
    retry(delivery, slow) {
      const index = delivery.attempt - 2;
      const queue = () => (parameters.lanes ? (slow ? slowQueue : (retryQueues[index] ?? slowQueue)) : first);
      delayed(queue, delivery, retryDelaysSeconds[index] ?? 0);
    },
    forward: (delivery) => slowQueue.add(delivery),
  };

  const senderOf = (lane: LaneName) =>
    createSender({ lane, parameters, timeline, endpoints, statistics, next });
  const feed = (settings: SourceSettings, invoke: ReturnType<typeof createSender>): Source<Delivery> =>
    createSource({ timeline, settings, pollers: parameters.pollers, invoke });
  const first = feed(parameters.first, senderOf('first'));
  const retrySender = senderOf('retry');
  const retryQueues = retryDelaysSeconds.map(() => feed(parameters.retry, retrySender));
  const slowQueue = feed(parameters.slow, senderOf('slow'));

  publish(parameters, timeline, (endpoint) => {
    const delivery = { endpoint, publishedAt: timeline.now(), attempt: 1 };
    const queue = () => (parameters.lanes && endpoints.isMarked(endpoint) ? slowQueue : first);
    delayed(queue, delivery, parameters.pathMs / 1000);
  });
  const { begin, end } = secondsOf(parameters);
  timeline.run(end * 1000);

  const latencies = statistics.healthyLatencies();
  // Without those that still wait, which are the slowest, a growing queue would look quick.
  const unsent = [first, slowQueue]
    .flatMap((queue) => queue.waiting())
    .filter(({ attempt, endpoint }) => attempt === 1 && endpoints.isHealthy(endpoint));
  for (const { publishedAt } of unsent) {
    latencies[Math.floor(publishedAt / 1000)]?.push(end * 1000 - publishedAt);
  }
  const measured = latencies.slice(begin, end).flat();
  return {
    parameters,
    lanes: everyLane(statistics.lane),
    healthy: {
      deliveries: measured.length,
      p50Ms: percentile(measured, 0.5),
      p99Ms: percentile(measured, 0.99),
      longestWaitMs: unsent.reduce((most, { publishedAt }) => Math.max(most, end * 1000 - publishedAt), 0),
    },
    healthyLatencies: latencies,
    lastHungSeconds: statistics.lastHungSeconds(),
  };
}

/** The measured time, in seconds from the start. */
export function secondsOf(parameters: Parameters): { readonly begin: number; readonly end: number } {
  const begin = parameters.cleanSeconds + parameters.settleSeconds;
  return { begin, end: begin + parameters.measuredSeconds };
}

/** Events come independently of each other, and each goes to endpoints that are drawn evenly. */
function publish(
  { eventsPerSecond, fanOut, endpoints, seed }: Parameters,
  timeline: ReturnType<typeof createTimeline>,
  deliver: (endpoint: number) => void,
): void {
  const random = createRandom(seed);
  const plan = (): void => {
    timeline.at(timeline.now() + drawGapMs(random, eventsPerSecond), () => {
      const firstEndpoint = Math.floor(random() * endpoints);
      const step = 1 + Math.floor(random() * (endpoints - 1));
      for (let n = 0; n < fanOut; n += 1) deliver((firstEndpoint + n * step) % endpoints);
      plan();
    });
  };
  plan();
}
