/** The published contract: three retries, 1, 5 and 30 seconds after the attempt before them failed. */
export const DEFAULT_RETRY_DELAYS_SECONDS: readonly number[] = [1, 5, 30];

/** The published contract: an attempt takes at most 30 s, from DNS to the last byte that is read of the response. */
export const ATTEMPT_DEADLINE_MS = 30_000;

/** SQS: the longest delay of a queue or a message. */
export const MAX_RETRY_DELAY_SECONDS = 900;

/** Attempts are numbered from 1; attempt n + 1 follows attempt n after `delays[n - 1]` seconds. */
export function delayAfterAttempt(delaysSeconds: readonly number[], attempt: number): number | undefined {
  return delaysSeconds[attempt - 1];
}

export function maxAttempts(delaysSeconds: readonly number[]): number {
  return delaysSeconds.length + 1;
}
