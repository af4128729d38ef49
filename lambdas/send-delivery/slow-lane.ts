import type { Attempt, DeliveryMessage } from '../shared/domain/delivery.ts';
import { deliveryIdsOf } from '../shared/domain/delivery-ids.ts';
import type { Webhook } from '../shared/domain/webhook.ts';
import { errorFields } from '../shared/runtime/errors.ts';
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
export async function markSlow(deps: SendDeps, message: DeliveryMessage): Promise<void> {
  const { ports, clock, counters } = deps;
  const { accountId, webhookId } = message;
  const at = new Date(clock.now()).toISOString();
  const marked = await orLog(deps, message, ports.webhooks.markSlow(accountId, webhookId, at));
  if (marked === true) counters.count('marked_slow');
}

/** Removes the mark after a quick response. Best effort: if the write fails, the next quick response removes it. */
export async function clearSlow(
  deps: SendDeps,
  message: DeliveryMessage,
  made: Attempt,
  webhook: Webhook | undefined,
): Promise<void> {
  const { ports, clock, slowEndpoints } = deps;
  const { accountId, webhookId } = message;
  if (made.status === undefined || made.durationMs > QUICK_RESPONSE_MS) return;
  const markedBefore = new Date(clock.now() - MARK_MIN_AGE_MS).toISOString();
  if (webhook !== undefined && (webhook.slowSince === undefined || webhook.slowSince >= markedBefore)) return;
  if (!slowEndpoints.mayClear(webhookId)) return;
  await orLog(deps, message, ports.webhooks.clearSlow(accountId, webhookId, markedBefore));
}

/** Undefined: the write failed. */
async function orLog<Result>(
  { log }: SendDeps,
  message: DeliveryMessage,
  write: Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await write;
  } catch (error) {
    log.warn('the mark of a slow webhook could not be written', {
      ...deliveryIdsOf(message),
      ...errorFields(error),
    });
    return undefined;
  }
}
