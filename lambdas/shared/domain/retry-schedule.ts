/** The published contract: three retries, 1, 5 and 30 seconds after the attempt before them failed. */
export const DEFAULT_RETRY_DELAYS_SECONDS: readonly number[] = [1, 5, 30];

/** The published contract: an attempt takes at most 30 s, from DNS to the last byte that is read of the response. */
export const ATTEMPT_DEADLINE_MS = 30_000;

/** SQS: the longest delay of a queue or a message. */
export const MAX_SQS_DELAY_SECONDS = 900;

/** The longest delay of a retry. A message that waits this long is enqueued 96 times with a delay of 900 s. */
export const MAX_RETRY_DELAY_SECONDS = 24 * 60 * 60;

/** Each retry with a queue of its own adds an event source, and two long values to the sender's environment. */
export const MAX_DELAY_QUEUES = 6;

/** The default of the longest wait that a `Retry-After` header can request: the longest delay of one SQS message. */
export const DEFAULT_MAX_RETRY_AFTER_SECONDS = 900;

/** When a failed delivery is tried again. */
export interface RetrySchedule {
  /** The delay before retry 1, 2 and so on. */
  readonly retryDelaysSeconds: readonly number[];
  /** The longest wait that a `Retry-After` header can request. 0: the header is ignored. */
  readonly maxRetryAfterSeconds: number;
}

/**
 * The delays of the retries that have a queue of their own, from retry 1: those before the first delay that SQS does
 * not support, at most six. All others wait in the later queue.
 */
export function delayQueues(delaysSeconds: readonly number[]): readonly number[] {
  const firstLong = delaysSeconds.findIndex((seconds) => seconds > MAX_SQS_DELAY_SECONDS);
  return delaysSeconds.slice(0, firstLong === -1 ? undefined : firstLong).slice(0, MAX_DELAY_QUEUES);
}

/** Attempts are numbered from 1; attempt n + 1 follows attempt n after `delays[n - 1]` seconds. */
export function delayAfterAttempt(delaysSeconds: readonly number[], attempt: number): number | undefined {
  return delaysSeconds[attempt - 1];
}

export function maxAttempts(delaysSeconds: readonly number[]): number {
  return delaysSeconds.length + 1;
}
