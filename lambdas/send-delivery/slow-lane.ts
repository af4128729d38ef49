import type { Attempt, DeliveryMessage } from '../shared/domain/delivery.ts';
import type { Webhook } from '../shared/domain/webhook.ts';
import type { SendDeps } from './ports.ts';
import { HUNG_AFTER_MS, MARK_MIN_AGE_MS, QUICK_RESPONSE_MS } from './slow-endpoints.ts';

/** Whether a message must be forwarded: only the slow lane sends to webhooks that hang. */
export function isForSlowLane(deps: SendDeps, message: DeliveryMessage, webhook?: Webhook): boolean {
  return deps.lane !== 'slow' && isKnownSlow(deps, message, webhook);
}

/** Whether the retry of a failed attempt is made on the slow lane. */
export function isRetriedSlowly(
  deps: SendDeps,
  message: DeliveryMessage,
  failed: Attempt,
  webhook: Webhook | undefined,
): boolean {
  return failed.durationMs >= HUNG_AFTER_MS || isKnownSlow(deps, message, webhook);
}

function isKnownSlow(deps: SendDeps, message: DeliveryMessage, webhook: Webhook | undefined): boolean {
  return webhook?.slowSince !== undefined || deps.slowEndpoints.isSlow(message.webhookId);
}

/** Best effort: if the write fails, the next hung attempt marks the webhook. */
export async function markSlow(
  { ports, clock, counters }: SendDeps,
  { accountId, webhookId }: DeliveryMessage,
): Promise<void> {
  const at = new Date(clock.now()).toISOString();
  const marked = await ports.webhooks.markSlow(accountId, webhookId, at).catch(() => false);
  if (marked) counters.count('marked_slow');
}

/** Removes the mark after a quick response. Best effort: if the write fails, the next quick response removes it. */
export async function clearSlow(
  { ports, clock, slowEndpoints }: SendDeps,
  { accountId, webhookId }: DeliveryMessage,
  made: Attempt,
  webhook: Webhook | undefined,
): Promise<void> {
  if (made.status === undefined || made.durationMs > QUICK_RESPONSE_MS) return;
  const markedBefore = new Date(clock.now() - MARK_MIN_AGE_MS).toISOString();
  if (webhook !== undefined && (webhook.slowSince === undefined || webhook.slowSince >= markedBefore)) return;
  if (!slowEndpoints.mayClear(webhookId)) return;
  await ports.webhooks.clearSlow(accountId, webhookId, markedBefore).catch(() => false);
}
