import type { components } from '../api/schema.d.ts';
import { ATTEMPT } from '../texts/attempt.ts';
import { whatToDo } from '../texts/causes.ts';
import { capital, exactTime, sentence } from '../texts/language.ts';

/** An attempt in a list. */
type Attempt = components['schemas']['DeliveryList']['data'][number]['attempts'][number];

/** What explains an attempt. Other values of `error` may be added to the API. */
export type ExplainedAttempt = Pick<Attempt, 'duration_ms' | 'error' | 'reason'> & {
  readonly response?: { readonly status: number };
};

/** Why it failed, without a capital and without a full stop. */
export function failureText({ error, reason, response, duration_ms: ms }: ExplainedAttempt): string {
  if (error === 'http_status' && response !== undefined) {
    return isRedirect(response.status)
      ? ATTEMPT.redirected(response.status)
      : ATTEMPT.answered(response.status);
  }
  if (error === 'timeout') return ATTEMPT.timedOut(ms);
  return ATTEMPT.failures[error ?? ''] ?? reason ?? ATTEMPT.unknown;
}

/** What to check after such a failure, at `at`. */
export function checkText({ error, response, at }: ExplainedAttempt & { readonly at: string }): string {
  return whatToDo(error ?? null, response?.status ?? null, exactTime(Date.parse(at)));
}

/** What the API says of the failure, where it says more than the status. */
export function detailText({ error, reason, response }: ExplainedAttempt): string {
  const isPlain = error === 'http_status' && (response?.status ?? 0) >= 300;
  return isPlain ? '' : sentence(reason ?? '');
}

/** The result in a few words: "Answered 200 in 84 ms", "Your server answered 500". */
export function resultText(attempt: ExplainedAttempt): string {
  if (attempt.error !== undefined) return capital(failureText(attempt));
  const { response, duration_ms: ms } = attempt;
  return response === undefined ? ATTEMPT.acceptedIn(ms) : ATTEMPT.answeredIn(response.status, ms);
}

/** The API gives the state of that time as the reason of a held delivery. */
const STATE = /^the webhook is /;

/** Why a delivery is or was held, and when it is sent. `isActive`: whether the webhook receives deliveries now. */
export function heldText(reason: string, isActive: boolean, isResent = false): string {
  if (!isActive && !isResent) return sentence(reason);
  const past = sentence(reason.replace(STATE, ATTEMPT.heldWhile));
  return isResent ? past : `${past} ${ATTEMPT.heldUntilSent}`.trim();
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}
