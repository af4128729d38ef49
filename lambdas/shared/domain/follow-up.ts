import type { Attempt, AttemptError, DeliveryMessage } from './delivery.ts';
import { delayAfterAttempt } from './schedule.ts';

/** What follows from a failed attempt. */
export type FollowUp =
  | { readonly do: 'retry'; readonly delaySeconds: number }
  | { readonly do: 'give_up'; readonly reason: string };

/** Failures that another attempt cannot mend, as they follow from the URL and not from the moment. */
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

/** The message of the next attempt. It carries the failed one, without what the customer answered. */
export function nextMessage(message: DeliveryMessage, failed: Attempt): DeliveryMessage {
  return {
    ...message,
    attempt: failed.number + 1,
    rerun: false,
    history: withAttempt(message.history, failed),
  };
}

/** The message that lies on the exhausted queue until somebody redrives or deletes it. */
export function exhaustedMessage(message: DeliveryMessage, failed: Attempt): DeliveryMessage {
  return { ...message, exhausted: true, history: withAttempt(message.history, failed) };
}

function withAttempt(history: readonly Attempt[], attempt: Attempt): Attempt[] {
  const { number, at, durationMs, status, error, reason } = attempt;
  return [
    ...history.filter((earlier) => earlier.number < number),
    {
      number,
      at,
      durationMs,
      ...(status === undefined ? {} : { status }),
      ...(error === undefined ? {} : { error }),
      ...(reason === undefined ? {} : { reason }),
    },
  ];
}
