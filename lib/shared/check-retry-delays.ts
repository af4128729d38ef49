import type { Duration } from 'aws-cdk-lib/core';
import {
  DEFAULT_MAX_RETRY_AFTER_SECONDS,
  MAX_RETRY_DELAY_SECONDS,
} from '../../lambdas/shared/domain/retry-schedule.ts';
import { isKnownDuration, readSeconds } from './duration.ts';
import { InputError, isWholeNumber, show } from './input.ts';

/** Twelve retries of a day each end within the 30 days for which an event is stored. */
export const MAX_RETRIES = 12;

/** Whether the value is a valid cap of `Retry-After` in seconds. */
export function isMaxRetryAfter(seconds: unknown): seconds is number {
  return isWholeNumber(seconds, 0, MAX_RETRY_DELAY_SECONDS);
}

/** The cap in seconds. Throws when it is not valid. */
export function readMaxRetryAfter(given: Duration | undefined): number {
  if (given === undefined) return DEFAULT_MAX_RETRY_AFTER_SECONDS;
  return readSeconds(
    'maxRetryAfter',
    given,
    isMaxRetryAfter,
    `whole seconds from 0 to ${MAX_RETRY_DELAY_SECONDS} (24 hours), such as Duration.minutes(15). 0 ignores the header.`,
  );
}

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
    throw new InputError(`retryDelays is ${show(delays)}; expected: a list, such as ${EXAMPLE}.`);
  }
  if (delays.length === 0 || delays.length > MAX_RETRIES) {
    throw new InputError(
      `retryDelays has ${delays.length} entries; allowed are 1 to ${MAX_RETRIES}. Give one delay for each retry, such as ${EXAMPLE}.`,
    );
  }
  return delays.map((delay: unknown, index) => {
    if (!isKnownDuration(delay)) {
      throw new InputError(
        `retryDelays[${index}] is ${show(delay)}; expected: a Duration whose length is known at synth, such as Duration.seconds(5).`,
      );
    }
    const seconds = delay.toSeconds({ integral: false });
    if (isWholeNumber(seconds, 0, MAX_RETRY_DELAY_SECONDS)) return seconds;
    throw new InputError(
      `retryDelays[${index}] is ${seconds} s; allowed are whole seconds from 0 to ${MAX_RETRY_DELAY_SECONDS}, which is 24 hours. ${adviceFor(seconds)}`,
    );
  });
}

const EXAMPLE = '[Duration.seconds(1), Duration.seconds(5), Duration.seconds(30)]';

function adviceFor(seconds: number): string {
  const nearest = Math.min(Math.max(Math.round(seconds), 0), MAX_RETRY_DELAY_SECONDS);
  const advice = `Use Duration.seconds(${nearest})`;
  return seconds > MAX_RETRY_DELAY_SECONDS ? `${advice}, or several retries of it.` : `${advice}.`;
}
