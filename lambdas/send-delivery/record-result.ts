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

/** Where an attempt was sent. The webhook was not read for a fresh message. */
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
  // Before the record, so that a redelivery after a crash in between activates the webhook.
  if (message.kind === 'verification') await activateWebhook(deps, message);
  await (isUnrecorded ? recorder.onlyAttempt : recorder.success)(headerOf(message), made);
  deps.counters.count('delivered');
  measureLatency(deps, message, made);
  await health.note({ message, attempt: made, ...target, exhausted: false });
  return ACKNOWLEDGE;
}

/** Not of a delivery that repeats another: its event was accepted long before. */
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
 * Without a record, no copy was selected to continue: a killed one may have recorded this attempt, or its write may take effect
 * later. With a token, the next attempt's message would be taken for one that this copy had to leave to the other.
 */
function withoutToken({ token: _, ...unrecorded }: Attempt): Attempt {
  return unrecorded;
}

/** The line is the only record of who fails: ids are no dimensions of metrics. */
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
