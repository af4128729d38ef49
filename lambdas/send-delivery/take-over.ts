import type { Attempt, DeliveryMessage } from '../shared/domain/delivery.ts';
import { followUpOf } from '../shared/domain/follow-up.ts';
import { delayQueues } from '../shared/domain/retry-schedule.ts';
import type { Webhook } from '../shared/domain/webhook.ts';
import type { BatchScope } from './batch-scope.ts';
import { followUpMarginMs } from './decide.ts';
import { type Disposition, postponeUntil } from './disposition.ts';
import { enqueueFollowUp } from './enqueue-follow-up.ts';
import type { SendDeps } from './ports.ts';
import { headerOf } from './record.ts';

/** Continues a delivery whose failed attempt has no follow-up in time, unless another copy of its message does. */
export async function takeOver(
  deps: SendDeps,
  batch: BatchScope,
  message: DeliveryMessage,
  failed: Attempt,
  webhook: Webhook | undefined,
): Promise<Disposition> {
  const now = deps.clock.now();
  const next = followUpOf(message, failed, deps);
  const by = { token: deps.newToken(), takenAt: now };
  const result = await deps.ports.records.takeOver(headerOf(message), failed, {
    ...by,
    ...(next.do === 'retry' ? { nextAttemptAt: overdueRetryAt(deps, failed, next.at, now) } : {}),
  });
  if (result === 'lost') {
    const until = now + followUpMarginMs(deps.visibilityTimeoutSeconds);
    return postponeUntil(until, 'another copy continues the delivery');
  }
  deps.counters.count('taken_over');
  return enqueueFollowUp(deps, batch, message, { ...failed, ...by }, webhook);
}

/** A retry that is enqueued again waits for the delay of its queue again, if it has one. */
function overdueRetryAt(deps: SendDeps, { number }: Attempt, dueAt: number, now: number): number {
  const queueDelaySeconds = delayQueues(deps.retryDelaysSeconds)[number - 1] ?? 0;
  return Math.max(dueAt, now + queueDelaySeconds * 1_000);
}
