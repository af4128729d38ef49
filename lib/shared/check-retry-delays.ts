import type { Duration } from 'aws-cdk-lib/core';
import { MAX_RETRY_DELAY_SECONDS } from '../../lambdas/shared/domain/retry-schedule.ts';
import { InputError, isWholeNumber, show } from './input.ts';

/**
 * Each retry has a queue, whose URL is in the sender's environment variables. Lambda limits the variables to 4 KB.
 */
export const MAX_RETRIES = 6;

/** Whether the value is a valid schedule: the delay of each retry in seconds. */
export function isSchedule(seconds: unknown): seconds is number[] {
  return (
    Array.isArray(seconds) &&
    seconds.length >= 1 &&
    seconds.length <= MAX_RETRIES &&
    seconds.every((entry) => isWholeNumber(entry, 0, MAX_RETRY_DELAY_SECONDS))
  );
}

/**
 * The delays in seconds. Throws when an entry is not a valid delay of a queue, and when there are none or too many
 * entries.
 */
export function readRetrySchedule(delays: readonly Duration[]): number[] {
  if (!Array.isArray(delays)) {
    throw new InputError(`retryDelays is ${show(delays)}; expected is a list, such as ${EXAMPLE}.`);
  }
  if (delays.length === 0 || delays.length > MAX_RETRIES) {
    throw new InputError(
      `retryDelays has ${delays.length} entries; allowed are 1 to ${MAX_RETRIES}. Give one delay for each retry, such as ${EXAMPLE}.`,
    );
  }
  return delays.map((delay: unknown, index) => {
    if (!isKnownDuration(delay)) {
      throw new InputError(
        `retryDelays[${index}] is ${show(delay)}; expected is a Duration whose length is known at synth, such as Duration.seconds(5).`,
      );
    }
    const seconds = delay.toSeconds({ integral: false });
    if (isWholeNumber(seconds, 0, MAX_RETRY_DELAY_SECONDS)) return seconds;
    throw new InputError(
      `retryDelays[${index}] is ${seconds} s; allowed are whole seconds from 0 to ${MAX_RETRY_DELAY_SECONDS}, the longest delay of an SQS queue. ${adviceFor(seconds)}`,
    );
  });
}

const EXAMPLE = '[Duration.seconds(1), Duration.seconds(5), Duration.seconds(30)]';

/** Not by `instanceof`: the app may have a second copy of aws-cdk-lib, with another class Duration. */
function isKnownDuration(delay: unknown): delay is Duration {
  if (typeof delay !== 'object' || delay === null) return false;
  if (!('toSeconds' in delay) || !('isUnresolved' in delay)) return false;
  return typeof delay.isUnresolved === 'function' && delay.isUnresolved() === false;
}

function adviceFor(seconds: number): string {
  const nearest = Math.min(Math.max(Math.round(seconds), 0), MAX_RETRY_DELAY_SECONDS);
  const advice = `Use Duration.seconds(${nearest})`;
  return seconds > MAX_RETRY_DELAY_SECONDS ? `${advice}, or several retries of it.` : `${advice}.`;
}
