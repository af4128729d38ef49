import { ATTEMPT } from '../texts/attempt.ts';

/** The fields of an attempt that explain it, in lists and in details. Other values of `error` may be added to the API. */
export interface ExplainedAttempt {
  readonly number: number;
  readonly duration_ms: number;
  readonly error?: string;
  readonly reason?: string;
  readonly response?: { readonly status: number };
}

/** Why it failed, without a capital and without a full stop. */
export function failureText({ error = '', reason, response, duration_ms: ms }: ExplainedAttempt): string {
  if (error === 'http_status' && response !== undefined) {
    return isRedirect(response.status)
      ? ATTEMPT.redirected(response.status)
      : ATTEMPT.answered(response.status);
  }
  if (error === 'timeout') return ATTEMPT.timedOut(ms);
  return ATTEMPT.failures[error] ?? reason ?? ATTEMPT.unknown;
}

/** What to check after such a failure. Undefined for a failure that this console does not know. */
export function checkText({ error = '', response }: ExplainedAttempt): string | undefined {
  if (error === 'http_status' && isRedirect(response?.status ?? 0)) return ATTEMPT.redirectCheck;
  return ATTEMPT.checks[error];
}

/** The result in a few words: "Answered 200 in 84 ms", "Your server answered 500". */
export function resultText(attempt: ExplainedAttempt): string {
  if (attempt.error !== undefined) return capital(failureText(attempt));
  const { response, duration_ms: ms } = attempt;
  return response === undefined ? ATTEMPT.acceptedIn(ms) : ATTEMPT.answeredIn(response.status, ms);
}

/** A text of the API as a sentence: it begins with a small letter and has no full stop. */
export function sentence(text: string): string {
  return text === '' ? '' : capital(text) + (/[.?!…]$/.test(text) ? '' : '.');
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}
