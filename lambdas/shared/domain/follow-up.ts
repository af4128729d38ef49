import type { Attempt, AttemptError, DeliveryMessage } from './delivery.ts';
import { retryAfterMs } from './retry-after.ts';
import { delayAfterAttempt, type RetrySchedule } from './retry-schedule.ts';

/** A permanent refusal. It ends only deliveries of events: a challenge may arrive before its endpoint exists. */
const GONE = 410;

/** What to do after a failed attempt. */
export type FollowUp =
  | {
      readonly do: 'retry';
      /** From the end of the failed attempt, rounded up. */
      readonly delaySeconds: number;
      /** Milliseconds since 1970. */
      readonly at: number;
    }
  | { readonly do: 'give_up'; readonly reason: string };

/** Failures that every further attempt would repeat: they depend on the URL, not on the time. */
const FINAL_ERRORS: readonly AttemptError[] = ['address_refused'];

/** Statuses with which an endpoint can ask for a later retry: too many requests, and service unavailable. */
const RETRY_AFTER_STATUSES: readonly (number | undefined)[] = [429, 503];

/** All times come from the attempt: a copy that takes over finds the same times in the record. */
export function followUpOf(message: DeliveryMessage, attempt: Attempt, schedule: RetrySchedule): FollowUp {
  const why = attempt.reason ?? attempt.error ?? 'it failed';
  if (attempt.error !== undefined && FINAL_ERRORS.includes(attempt.error))
    return { do: 'give_up', reason: why };
  if (isGone(message, attempt)) return { do: 'give_up', reason: `no further attempt is made: ${why}` };
  if (attempt.control === 'abort')
    return { do: 'give_up', reason: `the endpoint asked for no further attempt: ${why}` };
  const delaySeconds = delayAfterAttempt(schedule.retryDelaysSeconds, attempt.number);
  if (delaySeconds === undefined || attempt.number >= message.maxAttempts) {
    return { do: 'give_up', reason: `attempt ${attempt.number} of ${attempt.number} failed: ${why}` };
  }
  const delayMs = Math.max(delaySeconds * 1_000, requestedDelayMs(attempt, schedule));
  return {
    do: 'retry',
    delaySeconds: Math.ceil(delayMs / 1_000),
    at: attempt.at + attempt.durationMs + delayMs,
  };
}

/** Whether the endpoint refuses all further events. */
export function isGone({ kind }: DeliveryMessage, { status, error }: Attempt): boolean {
  return kind === 'event' && error !== undefined && status === GONE;
}

/** The delay that the endpoint requests with `Retry-After`, up to the limit; 0 when it requests none. */
function requestedDelayMs(
  { at, durationMs, status, responseHeaders }: Attempt,
  { maxRetryAfterSeconds }: RetrySchedule,
): number {
  const value = responseHeaders?.['retry-after'];
  if (value === undefined || !RETRY_AFTER_STATUSES.includes(status)) return 0;
  return Math.min(retryAfterMs(value, at + durationMs) ?? 0, maxRetryAfterSeconds * 1_000);
}

/**
 * The message of the next attempt. Its history contains the failed attempt, without the customer's response. `notBefore`
 * (milliseconds since 1970) is for a message that may wait longer than SQS can delay it.
 */
export function nextMessage(message: DeliveryMessage, failed: Attempt, notBefore?: number): DeliveryMessage {
  const { notBefore: _, after: __, ...rest } = message;
  return {
    ...rest,
    attempt: failed.number + 1,
    rerun: false,
    ...(failed.token === undefined ? {} : { after: failed.token }),
    ...(notBefore === undefined ? {} : { notBefore }),
    history: [...earlierThan(failed, message.history), summaryOf(failed)],
  };
}

/** The message for the exhausted queue: the whole history, and the beginning of the last response. */
export function exhaustedMessage(message: DeliveryMessage, failed: Attempt): DeliveryMessage {
  const { excerpt, excerptCut } = failed;
  const last: Attempt = {
    ...summaryOf(failed),
    ...(excerpt === undefined ? {} : { excerpt }),
    ...(excerptCut === undefined ? {} : { excerptCut }),
  };
  const { notBefore: _, ...rest } = message;
  return { ...rest, exhausted: true, history: [...earlierThan(failed, message.history), last] };
}

function earlierThan({ number }: Attempt, history: readonly Attempt[]): Attempt[] {
  return history.filter((earlier) => earlier.number < number);
}

function summaryOf({ number, at, durationMs, status, error, reason }: Attempt): Attempt {
  return {
    number,
    at,
    durationMs,
    ...(status === undefined ? {} : { status }),
    ...(error === undefined ? {} : { error }),
    ...(reason === undefined ? {} : { reason }),
  };
}
