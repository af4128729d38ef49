import type { VerificationState } from './calls.ts';

export type Attempt = NonNullable<VerificationState['challenge']>['attempts'][number];

/** Where the verification of a webhook is. */
export type Step =
  | { readonly kind: 'verified' }
  /** The challenge, the first one or a new one, has no result yet. */
  | { readonly kind: 'sent' }
  /** `nextAt` is undefined when the next attempt is due. */
  | { readonly kind: 'retrying'; readonly attempt: Attempt; readonly nextAt: string | undefined }
  /** `attempt` is undefined when none is recorded; then `reason` is all that is known. */
  | { readonly kind: 'failed'; readonly attempt: Attempt | undefined; readonly reason: string | undefined };

/** `seenId` is the challenge that was the newest one when another was requested here. */
export function stepOf({ webhook, challenge }: VerificationState, seenId?: string): Step {
  const { status, verified, pending_url: pendingUrl, verification_error: reason } = webhook;
  if (verified && pendingUrl === null) return { kind: 'verified' };
  const attempt = challenge?.attempts.at(-1);
  const hasFailed = status === 'verification_failed' || (pendingUrl !== null && reason !== null);
  if (hasFailed) return { kind: 'failed', attempt, reason: reason ?? undefined };
  // The result of an earlier challenge does not count for the one that is in progress.
  const isEarlier = challenge === undefined || challenge.id === seenId || challenge.status !== 'retrying';
  if (isEarlier || attempt === undefined) return { kind: 'sent' };
  return { kind: 'retrying', attempt, nextAt: challenge.next_attempt_at };
}

/**
 * Whether another challenge than this one is in progress. The last attempt of a challenge is recorded some milliseconds before
 * the webhook's verification fails. A new challenge changes the webhook after that.
 */
export function isEarlier({ webhook, challenge }: VerificationState, seenId?: string): boolean {
  const last = challenge?.attempts.at(-1);
  if (challenge === undefined || last === undefined) return false;
  return challenge.id === seenId || Date.parse(last.at) < Date.parse(webhook.updated_at);
}
