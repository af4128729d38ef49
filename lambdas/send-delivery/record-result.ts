import type { Attempt, DeliveryMessage } from '../shared/domain/delivery.ts';
import { deliveryIdsOf } from '../shared/domain/delivery-ids.ts';
import { followUpOf } from '../shared/domain/follow-up.ts';
import type { Webhook } from '../shared/domain/webhook.ts';
import { counterOf } from '../shared/runtime/metric-names.ts';
import { activateWebhook } from './activate-webhook.ts';
import type { BatchScope } from './batch-scope.ts';
import { ACKNOWLEDGE, type Disposition, LEAVE } from './disposition.ts';
import { enqueueFollowUp } from './enqueue-follow-up.ts';
import type { SendDeps } from './ports.ts';
import { headerOf } from './record.ts';

/** The URL and the webhook of an attempt. The webhook is not read for a fresh message. */
interface Target {
  readonly url: string;
  readonly webhook: Webhook | undefined;
}

/** `isUnrecorded`: the delivery had no record just before the attempt. */
export async function recordSuccess(
  deps: SendDeps,
  { recorder, health }: BatchScope,
  message: DeliveryMessage,
  made: Attempt,
  { isUnrecorded, ...target }: Target & { readonly isUnrecorded: boolean },
): Promise<Disposition> {
  // Activated before the record is written, so that a redelivery after a crash in between activates the webhook.
  if (message.kind === 'verification') await activateWebhook(deps, message);
  await (isUnrecorded ? recorder.onlyAttempt : recorder.success)(headerOf(message), made);
  deps.counters.count('delivered');
  measureLatency(deps, message, made);
  await health.note({ message, attempt: made, ...target, exhausted: false });
  return ACKNOWLEDGE;
}

/** Does not measure a delivery that repeats another: its event was accepted long before. */
function measureLatency({ counters }: SendDeps, message: DeliveryMessage, made: Attempt): void {
  if (message.kind !== 'event' || message.resendOf !== undefined) return;
  counters.measureLatency(Math.max(0, made.at + made.durationMs - message.acceptedAt));
}

/** `earlier`: the last attempt that was recorded before. */
export async function recordFailure(
  deps: SendDeps,
  batch: BatchScope,
  message: DeliveryMessage,
  failed: Attempt,
  target: Target,
  earlier: Attempt | undefined,
): Promise<Disposition> {
  countFailedAttempt(deps, message, failed);
  const next = followUpOf(message, failed, deps);
  const status = next.do === 'retry' ? 'retrying' : 'exhausted';
  const recorded = await batch.recorder.failure(headerOf(message), failed, status, {
    ...(next.do === 'retry' ? { nextAttemptAt: next.at } : {}),
    ...(earlier === undefined ? {} : { earlier }),
  });
  if (recorded === 'superseded') return LEAVE;
  const disposition = await enqueueFollowUp(
    deps,
    batch,
    message,
    recorded === 'lost' ? withoutToken(failed) : failed,
    target.webhook,
  );
  const exhausted = status === 'exhausted' && recorded === 'recorded';
  await batch.health.note({ message, attempt: failed, ...target, exhausted });
  return disposition;
}

/**
 * When this copy of the message could not record its attempt, another copy may have recorded it, or this copy's write
 * may still take effect. The next attempt's message must then have no token: with a token that differs from the
 * recorded one, it would be dropped.
 */
function withoutToken({ token: _, ...unrecorded }: Attempt): Attempt {
  return unrecorded;
}

/** Only the log line shows whose attempts fail: ids are no dimensions of metrics. */
function countFailedAttempt(
  { counters, log, lane }: SendDeps,
  message: DeliveryMessage,
  failed: Attempt,
): void {
  counters.count('attempt_failed');
  if (failed.error !== undefined) counters.count(counterOf(failed.error));
  log.info('an attempt failed', {
    ...deliveryIdsOf(message),
    event_type: message.eventType,
    attempt: failed.number,
    lane,
    error: failed.error,
    status: failed.status,
  });
}
