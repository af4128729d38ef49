import { DEFAULT_RETRY_DELAYS_SECONDS } from '../lambdas/shared/domain/retry-schedule.ts';
import { CONCURRENCY } from '../lib/shared/concurrency.ts';
import { CONCURRENCY_OF_A_POLLER } from '../lib/shared/pollers.ts';
import { ATTEMPT_DEADLINE_MS, FRESH_MS, HUNG_AFTER_MS } from './rules.ts';

/** Batches that the pollers of a queue run at once: more while messages wait, never fewer. */
export interface PollerGrowth {
  readonly atStart: number;
  /** Batches that are added in a minute. */
  readonly perMinute: number;
}

/** An event source mapping: a queue and its function. */
export interface SourceSettings {
  readonly batchSize: number;
  /** A batch that is not full is processed this long after its first message was received. */
  readonly windowMs: number;
  /** Batches that are processed at once. */
  readonly maxConcurrency: number;
  readonly pollers: PollerGrowth;
  /** Pollers that fill batches at the same time. With one, batches are as full as possible. */
  readonly collectors: number;
}

/** The parameters of one run. Hanging endpoints hang from the onset to the end. */
export interface Parameters {
  readonly eventsPerSecond: number;
  /** Webhooks that subscribe to an event. */
  readonly fanOut: number;
  readonly endpoints: number;
  /** The share of the endpoints, 0 to 1, that accept a request and never respond. */
  readonly hangingShare: number;
  /** The share of the other endpoints' responses, 0 to 1, that are errors. They take as long as the others. */
  readonly failingShare: number;
  readonly answerMedianMs: number;
  readonly answerP99Ms: number;
  /** The duration of an attempt at a hanging endpoint. */
  readonly hangMs: number;
  /** Empty for no retries at all. */
  readonly retryDelaysSeconds: readonly number[];
  /** Whether slow endpoints and retries have separate queues and functions. */
  readonly lanes: boolean;
  readonly dispatch: SourceSettings;
  readonly first: SourceSettings;
  /** The settings of each retry queue. */
  readonly retry: SourceSettings;
  readonly slow: SourceSettings;
  /** A first attempt with a signature of this age is not sent before the webhook, with its slow mark, was read. */
  readonly freshMs: number;
  /** An attempt that has no response for this long marks its webhook slow. */
  readonly hungAfterMs: number;
  /** Whether producers send events to the events queue, ten with one call, instead of to the bus. */
  readonly direct: boolean;
  /** From publishing to the events queue, through the bus. */
  readonly busMs: number;
  /** The duration of an invocation of the dispatcher, without what each event adds. */
  readonly dispatchMs: number;
  /** What each event of a batch adds to the dispatcher's invocation. */
  readonly dispatchEventMs: number;
  /** The duration of an invocation of the sender, without its longest attempt. */
  readonly invocationMs: number;
  readonly coldStartMs: number;
  /** From the start to the onset. */
  readonly cleanSeconds: number;
  /** From the onset to the measured time: long enough that the load of the last retries is included. */
  readonly settleSeconds: number;
  readonly measuredSeconds: number;
  readonly seed: number;
}

/** The duration of a receive. Messages that arrive during it are in one batch, even with a batching window of 0. */
const RECEIVE_MS = 10;

/**
 * Lambda: the pollers of a standard queue run five batches at once at first, and 300 more after each minute.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const LAMBDA_POLLERS: PollerGrowth = { atStart: 5, perMinute: 300 };

/** Lambda: provisioned pollers run up to 1,000 more batches at once after each minute. */
const PROVISIONED_BATCHES_PER_MINUTE = 1_000;

/** As in `lib/stages/send-delivery.ts` and `lib/stages/dispatch-event.ts`. */
const QUICK_BATCH = { batchSize: 10, windowMs: RECEIVE_MS, pollers: LAMBDA_POLLERS, collectors: 1 };
const SLOW_BATCH = { ...QUICK_BATCH, batchSize: 100, windowMs: 1_000 };

/** The deployed defaults, with 1,000 events a second of which 5 % are for hanging endpoints. */
export const DEPLOYED: Parameters = {
  eventsPerSecond: 1_000,
  fanOut: 1,
  endpoints: 1_000,
  hangingShare: 0.05,
  failingShare: 0.01,
  answerMedianMs: 100,
  answerP99Ms: 500,
  hangMs: ATTEMPT_DEADLINE_MS,
  retryDelaysSeconds: DEFAULT_RETRY_DELAYS_SECONDS,
  lanes: true,
  direct: false,
  dispatch: { ...QUICK_BATCH, maxConcurrency: CONCURRENCY.dispatch },
  first: { ...QUICK_BATCH, maxConcurrency: CONCURRENCY.first },
  retry: { ...QUICK_BATCH, maxConcurrency: CONCURRENCY.retry },
  slow: { ...SLOW_BATCH, maxConcurrency: CONCURRENCY.slow },
  freshMs: FRESH_MS,
  hungAfterMs: HUNG_AFTER_MS,
  busMs: 130,
  // Three AWS calls one after another: the webhooks, the events, the messages. 0.9 ms of CPU time.
  dispatchMs: 15,
  // npm run bench:busy-account: 0.5 ms of CPU time. 512 MB of memory have 0.29 of a CPU.
  dispatchEventMs: 1.7,
  // One AWS call, and 0.2 ms of CPU time for each of ten deliveries. 256 MB of memory have 0.145 of a CPU.
  invocationMs: 20,
  coldStartMs: 300,
  cleanSeconds: 60,
  // Four attempts of 30 s with 36 s between them are 156 s.
  settleSeconds: 180,
  measuredSeconds: 60,
  seed: 1,
};

/** Without a limit to the number of environments. Shows how many a load needs. */
export function withoutLimits(parameters: Parameters): Parameters {
  const unlimited = (source: SourceSettings): SourceSettings => ({
    ...source,
    maxConcurrency: Number.POSITIVE_INFINITY,
    pollers: { atStart: Number.POSITIVE_INFINITY, perMinute: Number.POSITIVE_INFINITY },
  });
  return {
    ...parameters,
    dispatch: unlimited(parameters.dispatch),
    first: unlimited(parameters.first),
    retry: unlimited(parameters.retry),
    slow: unlimited(parameters.slow),
  };
}

/** One queue for all attempts, with the maximum concurrency of all lanes together. */
export function withoutLanes(parameters: Parameters): Parameters {
  const { first, retry, slow, retryDelaysSeconds } = parameters;
  const maxConcurrency =
    first.maxConcurrency + retry.maxConcurrency * retryDelaysSeconds.length + slow.maxConcurrency;
  return { ...parameters, lanes: false, first: { ...first, maxConcurrency } };
}

/** The first lane with provisioned pollers, as the prop `firstLanePollers` deploys them. */
export function withProvisionedPollers(
  parameters: Parameters,
  { minimum, maximum }: { readonly minimum: number; readonly maximum: number },
): Parameters {
  return {
    ...parameters,
    first: {
      ...parameters.first,
      maxConcurrency: maximum * CONCURRENCY_OF_A_POLLER,
      pollers: { atStart: minimum * CONCURRENCY_OF_A_POLLER, perMinute: PROVISIONED_BATCHES_PER_MINUTE },
    },
  };
}
