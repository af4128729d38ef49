import type { Attempt, AttemptError, DeliveryMessage } from './delivery.ts';
import { delayAfterAttempt } from './retry-schedule.ts';

/** What to do after a failed attempt. */
export type FollowUp =
  | { readonly do: 'retry'; readonly delaySeconds: number }
  | { readonly do: 'give_up'; readonly reason: string };

/** Failures that every further attempt would repeat: they depend on the URL, not on the time. */
const FINAL_ERRORS: readonly AttemptError[] = ['address_refused'];

export function followUpOf(
  message: DeliveryMessage,
  attempt: Attempt,
  retryDelaysSeconds: readonly number[],
): FollowUp {
  const why = attempt.reason ?? attempt.error ?? 'it failed';
  if (attempt.error !== undefined && FINAL_ERRORS.includes(attempt.error))
    return { do: 'give_up', reason: why };
  const delaySeconds = delayAfterAttempt(retryDelaysSeconds, attempt.number);
  if (delaySeconds === undefined || attempt.number >= message.maxAttempts) {
    return { do: 'give_up', reason: `attempt ${attempt.number} of ${attempt.number} failed: ${why}` };
  }
  return { do: 'retry', delaySeconds };
}

/** The message of the next attempt. Its history contains the failed attempt, without the customer's response. */
export function nextMessage(message: DeliveryMessage, failed: Attempt): DeliveryMessage {
  return {
    ...message,
    attempt: failed.number + 1,
    rerun: false,
    ...(failed.token === undefined ? {} : { after: failed.token }),
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
  return { ...message, exhausted: true, history: [...earlierThan(failed, message.history), last] };
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
