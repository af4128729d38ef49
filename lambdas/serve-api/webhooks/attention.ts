import type { Webhook } from '../../shared/domain/webhook.ts';
import type { RankedId } from './list-cursor.ts';

/**
 * Why a webhook needs attention, the most urgent first. Of several reasons the first one counts:
 * - `disabled_by_service`: it failed for too long, and its events are held
 * - `failing`: deliveries are exhausted since the last success
 * - `verification_failed`: its URL, or its new URL, did not answer the challenge
 * - `slow`: its endpoint is slow
 * - `pending`: its URL, or its new URL, has not answered yet
 * - `disabled`: a customer disabled it, and its events are held
 */
export const ATTENTION_REASONS = [
  'disabled_by_service',
  'failing',
  'verification_failed',
  'slow',
  'pending',
  'disabled',
] as const;
export type AttentionReason = (typeof ATTENTION_REASONS)[number];

/** Undefined: it needs none. It is known without a read of the webhook's deliveries. */
export function attentionOf(webhook: Webhook): AttentionReason | undefined {
  const { status, disabledReason, exhaustedInRow = 0, verificationError, slowSince, pendingUrl } = webhook;
  if (status === 'disabled') return disabledReason === undefined ? 'disabled' : 'disabled_by_service';
  if (status !== 'active') return status;
  if (exhaustedInRow > 0) return 'failing';
  if (pendingUrl !== undefined && verificationError !== undefined) return 'verification_failed';
  if (slowSince !== undefined) return 'slow';
  return pendingUrl === undefined ? undefined : 'pending';
}

/** The webhooks after this place in the order: by reason, and within a reason the newest first. */
export function byAttention(webhooks: readonly Webhook[], after: RankedId | undefined): Webhook[] {
  const ranked = webhooks.map((webhook) => ({ webhook, place: placeOf(webhook) }));
  const remaining = after === undefined ? ranked : ranked.filter(({ place }) => compare(place, after) > 0);
  return remaining.sort((one, other) => compare(one.place, other.place)).map(({ webhook }) => webhook);
}

/** `rank` is 0 for the most urgent. */
export function placeOf(webhook: Webhook): RankedId {
  const reason = attentionOf(webhook);
  const rank = reason === undefined ? ATTENTION_REASONS.length : ATTENTION_REASONS.indexOf(reason);
  return { rank, id: webhook.id };
}

function compare(one: RankedId, other: RankedId): number {
  if (one.rank !== other.rank) return one.rank - other.rank;
  return one.id === other.id ? 0 : one.id > other.id ? -1 : 1;
}
