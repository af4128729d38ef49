import type { Webhook } from '../../shared/domain/webhook.ts';

/**
 * `updatedAt` of a webhook after a change, as ISO 8601. `now` is ms since 1970. The result is always later than the
 * current `updatedAt`, also when both changes are made within one millisecond: a change is written on condition that
 * `updatedAt` is unchanged.
 */
export function nextUpdatedAt({ updatedAt }: Webhook, now: number): string {
  return new Date(Math.max(now, Date.parse(updatedAt) + 1)).toISOString();
}
