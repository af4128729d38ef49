import { FRESH_SECONDS } from '../lambdas/send-delivery/receive.ts';
import { ATTEMPT_DEADLINE_MS } from '../lambdas/send-delivery/send-once.ts';
import { DEFAULT_RETRY_DELAYS_SECONDS } from '../lambdas/shared/domain/schedule.ts';
import { CONCURRENCY } from '../lib/shared/concurrency.ts';

export const LANE_NAMES = ['first', 'retry', 'slow'] as const;
export type LaneName = (typeof LANE_NAMES)[number];

/** How a queue feeds its function. */
export interface SourceSettings {
  readonly batchSize: number;
  /** A batch that is not full goes out this long after its first message came. */
  readonly windowMs: number;
  /** Batches under way at once. */
  readonly maxConcurrency: number;
}

/** One run. What hangs, hangs from the onset to the end. */
export interface Parameters {
  readonly eventsPerSecond: number;
  /** Webhooks that an event goes to. */
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
  readonly first: SourceSettings;
  /** Of each retry queue. */
  readonly retry: SourceSettings;
  readonly slow: SourceSettings;
  /** A first attempt this old is no longer sent without reading the webhook, and its mark. */
  readonly freshSeconds: number;
  /** How fast a queue's pollers grow while batches wait. Their number never shrinks. */
  readonly pollers: { readonly atStart: number; readonly perMinute: number };
  /** From the publisher to the first queue. */
  readonly pathMs: number;
  /** Of an invocation, besides its longest attempt. */
  readonly invocationMs: number;
  readonly coldStartMs: number;
  /** Before the onset. */
  readonly cleanSeconds: number;
  /** From the onset to the first delivery that counts: until the last retries contribute. */
  readonly settleSeconds: number;
  readonly measuredSeconds: number;
  readonly seed: number;
}

/** A receive's round trip: what comes in meanwhile makes the next batch, even where the window is 0. */
const RECEIVE_MS = 10;

/** SQS quick batches, and the slow lane's large ones. `lib/stages/send-delivery.ts` sets them. */
const QUICK_BATCH = { batchSize: 10, windowMs: RECEIVE_MS };
const SLOW_BATCH = { batchSize: 100, windowMs: 1_000 };

/**
 * Lambda: a standard queue's pollers start with five batches at a time and grow by 300 a minute.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const LAMBDA_POLLERS = { atStart: 5, perMinute: 300 };

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
  first: { ...QUICK_BATCH, maxConcurrency: CONCURRENCY.first },
  retry: { ...QUICK_BATCH, maxConcurrency: CONCURRENCY.retry },
  slow: { ...SLOW_BATCH, maxConcurrency: CONCURRENCY.slow },
  freshSeconds: FRESH_SECONDS,
  pollers: LAMBDA_POLLERS,
  // The bus hands over in about 130 ms, and dispatching takes about 20.
  pathMs: 150,
  // Decoding, one write of the log, and the answer.
  invocationMs: 20,
  coldStartMs: 300,
  cleanSeconds: 60,
  // Four attempts of 30 s with 36 s between them are 156 s.
  settleSeconds: 180,
  measuredSeconds: 60,
  seed: 1,
};

/** Nothing limits how many environments there are: what a load needs, not how it fares. */
export function withoutLimits(parameters: Parameters): Parameters {
  const unlimited = { maxConcurrency: Number.POSITIVE_INFINITY };
  return {
    ...parameters,
    first: { ...parameters.first, ...unlimited },
    retry: { ...parameters.retry, ...unlimited },
    slow: { ...parameters.slow, ...unlimited },
    pollers: { atStart: Number.POSITIVE_INFINITY, perMinute: Number.POSITIVE_INFINITY },
  };
}

/** All in one queue, which may use as many environments as the lanes together. */
export function withoutLanes(parameters: Parameters): Parameters {
  const { first, retry, slow, retryDelaysSeconds } = parameters;
  const maxConcurrency =
    first.maxConcurrency + retry.maxConcurrency * retryDelaysSeconds.length + slow.maxConcurrency;
  return { ...parameters, lanes: false, first: { ...first, maxConcurrency } };
}
