import type { Duration } from 'aws-cdk-lib/core';
import {
  DEFAULT_RECORD_RETENTION_DAYS,
  MAX_RECORD_RETENTION_DAYS,
  MIN_RECORD_RETENTION_DAYS,
} from '../../lambdas/shared/store/retention.ts';
import { isKnownDuration } from './duration.ts';
import { InputError, isWholeNumber, show } from './input.ts';

const SECONDS_PER_DAY = 86_400;

export const RECORD_RETENTION_RULE = `a whole number of days from ${MIN_RECORD_RETENTION_DAYS} to ${MAX_RECORD_RETENTION_DAYS}`;

export function isRecordRetention(days: unknown): days is number {
  return isWholeNumber(days, MIN_RECORD_RETENTION_DAYS, MAX_RECORD_RETENTION_DAYS);
}

/**
 * The retention of events and records in days.
 *
 * Throws when it is not whole days within the limits, or when the records of a delivery would expire before its last
 * attempt.
 */
export function readRecordRetention(
  retention: Duration | undefined,
  retryDelaysSeconds: readonly number[],
): number {
  const days = retention === undefined ? DEFAULT_RECORD_RETENTION_DAYS : daysOf(retention);
  const scheduleDays = retryDelaysSeconds.reduce((sum, delay) => sum + delay, 0) / SECONDS_PER_DAY;
  if (days > scheduleDays) return days;
  throw new InputError(
    `recordRetention is ${days} days, but the retries of retryDelays take ${scheduleDays.toFixed(1)} days; records must not expire before the last attempt. Use at least Duration.days(${Math.floor(scheduleDays) + 1}), or a shorter schedule.`,
  );
}

function daysOf(retention: unknown): number {
  if (!isKnownDuration(retention)) {
    throw new InputError(
      `recordRetention is ${show(retention)}; expected: a Duration whose length is known at synth, such as Duration.days(${DEFAULT_RECORD_RETENTION_DAYS}).`,
    );
  }
  const days = retention.toSeconds({ integral: false }) / SECONDS_PER_DAY;
  if (isRecordRetention(days)) return days;
  throw new InputError(
    `recordRetention is ${days} days; expected: ${RECORD_RETENTION_RULE}, such as Duration.days(${DEFAULT_RECORD_RETENTION_DAYS}).`,
  );
}
