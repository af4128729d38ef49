import type { Duration } from 'aws-cdk-lib/core';
import { MAX_RETRY_DELAY_SECONDS } from '../../lambdas/shared/domain/schedule.ts';

/**
 * Each retry has a queue of its own, and the sender knows them all by its environment variables, of which
 * Lambda allows 4 KB.
 */
export const MAX_RETRIES = 6;

/**
 * The schedule in seconds, as queues and functions know it.
 *
 * Throws when an entry cannot be a queue's delay, or when there are none or too many of them.
 */
export function readRetrySchedule(delays: readonly Duration[]): number[] {
  if (delays.length === 0 || delays.length > MAX_RETRIES) {
    throw new Error(
      `retryDelays has ${delays.length} entries; allowed are 1 to ${MAX_RETRIES}. Give one delay for each retry, such as [Duration.seconds(1), Duration.seconds(5), Duration.seconds(30)].`,
    );
  }
  return delays.map((delay, index) => {
    const seconds = delay.toSeconds({ integral: false });
    if (Number.isInteger(seconds) && seconds <= MAX_RETRY_DELAY_SECONDS) return seconds;
    throw new Error(
      `retryDelays[${index}] is ${seconds} s; allowed are whole seconds from 0 to ${MAX_RETRY_DELAY_SECONDS}, the longest delay of an SQS queue. ${adviceFor(seconds)}`,
    );
  });
}

function adviceFor(seconds: number): string {
  const nearest = Math.min(Math.round(seconds), MAX_RETRY_DELAY_SECONDS);
  const advice = `Use Duration.seconds(${nearest})`;
  return seconds > MAX_RETRY_DELAY_SECONDS ? `${advice}, or several retries of it.` : `${advice}.`;
}
