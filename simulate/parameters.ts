import { DEFAULT_RETRY_DELAYS_SECONDS } from '../lambdas/shared/domain/schedule.ts';
import { CONCURRENCY } from '../lib/shared/concurrency.ts';
import { ATTEMPT_DEADLINE_MS, FRESH_MS, HUNG_AFTER_MS } from './rules.ts';

export const LANE_NAMES = ['first', 'retry', 'slow'] as const;
export type LaneName = (typeof LANE_NAMES)[number];
export const FUNCTION_NAMES = ['dispatch', ...LANE_NAMES] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** How the pollers of a queue grow in number while messages wait. The number never shrinks. */
export interface Pollers {
  readonly atStart: number;
  readonly perMinute: number;
}

/** How a queue feeds its function. */
export interface SourceSettings {
  readonly batchSize: number;
  /** A batch that is not full is run this long after its first message was received. */
  readonly windowMs: number;
  /** Batches that run at once. */
  readonly maxConcurrency: number;
  readonly pollers: Pollers;
  /** Pollers that fill batches at the same time: with one, batches are as full as they can be. */
  readonly collectors: number;
}

/** One run. What hangs, hangs from the onset to the end. */
export interface Parameters {
  readonly eventsPerSecond: number;
  /** Webhooks that want an event. */
  readonly fanOut: number;
  readonly endpoints: number;
  /** Of the endpoints, 0 to 1: they accept a request and never answer. */
  readonly hangingShare: number;
  /** Of the other endpoints' answers, 0 to 1: errors, given as quickly as the rest. */
  readonly failingShare: number;
  readonly answerMedianMs: number;
  readonly answerP99Ms: number;
  /** How long an attempt at a hanging endpoint lasts. */
  readonly hangMs: number;
  /** Empty for no retries at all. */
  readonly retryDelaysSeconds: readonly number[];
  /** Whether slow endpoints and retries have queues and functions of their own. */
  readonly lanes: boolean;
  readonly dispatch: SourceSettings;
  readonly first: SourceSettings;
  /** Of each retry queue. */
  readonly retry: SourceSettings;
  readonly slow: SourceSettings;
  /** A first attempt this old is not sent before the webhook, and its mark, was read. */
  readonly freshMs: number;
  /** An attempt that is open for this long marks its webhook slow. */
  readonly hungAfterMs: number;
  /** From the publisher to the events queue. */
  readonly busMs: number;
  /** Of an invocation of the dispatcher. */
  readonly dispatchMs: number;
  /** Of an invocation of a sender, besides its longest attempt. */
  readonly invocationMs: number;
  readonly coldStartMs: number;
  /** Before the onset. */
  readonly cleanSeconds: number;
  /** From the onset to the measured time: until the last retries contribute. */
  readonly settleSeconds: number;
  readonly measuredSeconds: number;
  readonly seed: number;
}

/** A receive's round trip: what arrives meanwhile makes the next batch, even where the window is 0. */
const RECEIVE_MS = 10;

/**
 * Lambda: a standard queue's pollers run five batches at a time at first, and 300 more with each minute.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const LAMBDA_POLLERS: Pollers = { atStart: 5, perMinute: 300 };

/** Lambda: a provisioned poller runs ten batches at a time, and their number grows by 1,000 batches a minute. */
const BATCHES_A_PROVISIONED_POLLER = 10;
const PROVISIONED_BATCHES_PER_MINUTE = 1_000;

/** `lib/stages/` sets batch sizes and windows. */
const QUICK_BATCH = { batchSize: 10, windowMs: RECEIVE_MS, pollers: LAMBDA_POLLERS, collectors: 1 };
const SLOW_BATCH = { ...QUICK_BATCH, batchSize: 100, windowMs: 1_000 };

/** As deployed. */
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
  dispatch: { ...QUICK_BATCH, maxConcurrency: CONCURRENCY.dispatch },
  first: { ...QUICK_BATCH, maxConcurrency: CONCURRENCY.first },
  retry: { ...QUICK_BATCH, maxConcurrency: CONCURRENCY.retry },
  slow: { ...SLOW_BATCH, maxConcurrency: CONCURRENCY.slow },
  freshMs: FRESH_MS,
  hungAfterMs: HUNG_AFTER_MS,
  busMs: 130,
  // Up to ten events: a query and a write for each, side by side, and one call of SQS.
  dispatchMs: 20,
  // Decoding, one write of the log, and the answer.
  invocationMs: 20,
  coldStartMs: 300,
  cleanSeconds: 60,
  // Four attempts of 30 s with 36 s between them are 156 s.
  settleSeconds: 180,
  measuredSeconds: 60,
  seed: 1,
};

/** Nothing limits the number of environments: what a load needs, not how it fares. */
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

/** All in one queue, which may use as many environments as the lanes together. */
export function withoutLanes(parameters: Parameters): Parameters {
  const { first, retry, slow, retryDelaysSeconds } = parameters;
  const maxConcurrency =
    first.maxConcurrency + retry.maxConcurrency * retryDelaysSeconds.length + slow.maxConcurrency;
  return { ...parameters, lanes: false, first: { ...first, maxConcurrency } };
}

/** The first lane with Lambda's provisioned pollers, as the prop `firstLanePollers` deploys them. */
export function withProvisionedPollers(
  parameters: Parameters,
  { minimum, maximum }: { readonly minimum: number; readonly maximum: number },
): Parameters {
  return {
    ...parameters,
    first: {
      ...parameters.first,
      maxConcurrency: maximum * BATCHES_A_PROVISIONED_POLLER,
      pollers: { atStart: minimum * BATCHES_A_PROVISIONED_POLLER, perMinute: PROVISIONED_BATCHES_PER_MINUTE },
    },
  };
}
