import type { Webhook } from '../shared/domain/webhook.ts';

/**
 * The time of a change, as ISO 8601. It is later than the time of the change before it, also within one millisecond:
 * changes are conditional on that time.
 */
export function laterThan({ updatedAt }: Webhook, now: number): string {
  return new Date(Math.max(now, Date.parse(updatedAt) + 1)).toISOString();
}
