import type { DeliverySummary } from './use-page.ts';

/**
 * Whether a delivery began after the time at which it is listed, that of the delivery which it repeats. A resend is listed at
 * the time of its request, some milliseconds before it begins.
 */
export function beganLater({
  trigger,
  accepted,
  created,
}: Pick<DeliverySummary, 'trigger' | 'accepted' | 'created'>): boolean {
  return trigger !== 'resend' && Date.parse(created) > Date.parse(accepted);
}
