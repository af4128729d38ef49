import { type ErrorFields, errorFields } from '../shared/runtime/errors.ts';
import type { NotSent, Sent } from '../shared/runtime/queues.ts';

/**
 * What happens to a message after it was handled:
 * - `acknowledge`: all its effects are recorded or enqueued; SQS deletes it
 * - `postpone`: it becomes visible again at `until`; without `until` our side failed, and it becomes visible after a
 *   delay that grows with its receipts
 * - `leave`: it becomes visible again when its visibility timeout ends
 */
export type Disposition =
  | { readonly kind: 'acknowledge' }
  | {
      readonly kind: 'postpone';
      readonly reason: string;
      readonly until?: number;
      readonly stack?: ErrorFields['stack'];
    }
  | { readonly kind: 'leave' };

export const ACKNOWLEDGE: Disposition = { kind: 'acknowledge' };
export const LEAVE: Disposition = { kind: 'leave' };

/** Our side failed, or has no time left. */
export function postpone(reason: string): Disposition {
  return { kind: 'postpone', reason };
}

/** Our side failed with an exception. */
export function postponeAfter(error: unknown): Disposition {
  const { why, ...stack } = errorFields(error);
  return { kind: 'postpone', reason: why, ...stack };
}

/** `until` is in milliseconds since 1970. */
export function postponeUntil(until: number, reason: string): Disposition {
  return { kind: 'postpone', reason, until };
}

/** A message is acknowledged only when its follow-up is certainly enqueued. */
export function acknowledgeIf(sent: Sent): Disposition {
  return sent.ok ? ACKNOWLEDGE : postponeUnsent(sent);
}

/** The follow-up of a message is not enqueued. */
export function postponeUnsent({ ok: _, ...why }: NotSent): Disposition {
  return { kind: 'postpone', ...why };
}
