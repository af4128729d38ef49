import type { DeliveryMessage } from '../shared/domain/delivery.ts';
import { deliveryIdsOf } from '../shared/domain/delivery-ids.ts';
import type { DeliveryId } from '../shared/domain/ids.ts';
import { repeatedMessage } from '../shared/domain/repeat.ts';
import { SECRET_UNREADABLE } from '../shared/domain/webhook.ts';
import { openLiveSecrets } from '../shared/secrets/live-secrets.ts';
import { sign } from '../shared/signing/sign.ts';
import { activateWebhook } from './activate-webhook.ts';
import type { BatchScope } from './batch-scope.ts';
import type { Decision } from './decide.ts';
import {
  ACKNOWLEDGE,
  acknowledgeIf,
  type Disposition,
  postponeUnsent,
  postponeUntil,
} from './disposition.ts';
import type { SendDeps } from './ports.ts';
import type { ReceivedDelivery } from './receive.ts';
import { headerOf } from './record.ts';
import { type Basis, sendAndRecord } from './send-and-record.ts';
import { isForSlowLane } from './slow-lane.ts';
import { takeOver } from './take-over.ts';

/** Sends a message that cannot have a record yet, as the dispatcher signed it and without a read. */
export async function performFresh(
  deps: SendDeps,
  batch: BatchScope,
  delivery: ReceivedDelivery,
): Promise<Disposition> {
  if (isForSlowLane(deps, delivery.message)) return forward(deps, batch, delivery);
  const { url, signed, success, customHeaders } = delivery.message;
  return sendAndRecord(deps, batch, delivery, { url, signed, success, customHeaders, isUnrecorded: true });
}

/**
 * Carries out the decision about a message that may have been handled before. `isUnrecorded`: no record of its delivery
 * was found.
 */
export async function perform(
  deps: SendDeps,
  batch: BatchScope,
  delivery: ReceivedDelivery,
  decision: Decision,
  isUnrecorded: boolean,
): Promise<Disposition> {
  const { message } = delivery;
  switch (decision.do) {
    case 'attempt':
      await markRedriven(deps, message);
      return attemptSignedNow(deps, batch, delivery, { ...decision, isUnrecorded });
    case 'repeat':
      return repeat(deps, batch, message, decision.as);
    case 'acknowledge':
      deps.counters.count('duplicate_dropped');
      return ACKNOWLEDGE;
    case 'wait':
      return postponeUntil(decision.until, 'the follow-up of its attempt may still be in progress');
    case 'take_over':
      return takeOver(deps, batch, message, decision.attempt, decision.webhook);
    case 'activate':
      await activateWebhook(deps, message);
      return ACKNOWLEDGE;
    case 'end':
      await markRedriven(deps, message);
      await batch.recorder.end(headerOf(message), decision.status, decision.reason);
      return ACKNOWLEDGE;
  }
}

async function attemptSignedNow(
  deps: SendDeps,
  batch: BatchScope,
  delivery: ReceivedDelivery,
  { webhook, earlier, isUnrecorded }: Extract<Decision, { do: 'attempt' }> & Pick<Basis, 'isUnrecorded'>,
): Promise<Disposition> {
  const { message } = delivery;
  if (isForSlowLane(deps, message, webhook)) return forward(deps, batch, delivery);
  const now = deps.clock.now();
  const live = await openLiveSecrets(webhook, deps.ports.openSecret, now);
  if (!live.ok) {
    deps.log.error('a signing secret does not open', { ...deliveryIdsOf(message), why: live.reason });
    await batch.recorder.end(headerOf(message), 'held', SECRET_UNREADABLE);
    return ACKNOWLEDGE;
  }
  const { eventId, body } = message;
  return sendAndRecord(deps, batch, delivery, {
    // A challenge is sent to the URL that it verifies, everything else to the current URL of the webhook.
    url: message.kind === 'verification' ? message.url : webhook.url,
    signed: sign({ secrets: live.secrets, eventId, signedAt: now, body }),
    success: webhook.successStatus,
    customHeaders: webhook.customHeaders,
    webhook,
    // A repeated delivery has a record by now: its claim.
    isUnrecorded: isUnrecorded && message.attempt === 1 && message.resendOf === undefined,
    ...(earlier === undefined ? {} : { earlier }),
  });
}

/** Marks the old delivery of a redriven message as repeated, so that a recovery does not repeat it, too. */
async function markRedriven({ ports }: SendDeps, message: DeliveryMessage): Promise<void> {
  if (message.trigger !== 'redrive' || message.attempt > 1 || message.resendOf === undefined) return;
  await ports.records.markResent({ ...message, deliveryId: message.resendOf }, message.deliveryId);
}

/** Enqueues the repeat before it marks the old delivery: a marked delivery without an enqueued repeat would be lost. */
async function repeat(
  { ports, clock }: SendDeps,
  { followUps }: BatchScope,
  message: DeliveryMessage,
  as: DeliveryId,
): Promise<Disposition> {
  const sent = await followUps.repeat(
    repeatedMessage(message, as, message.trigger ?? message.kind, clock.now()),
  );
  if (!sent.ok) return postponeUnsent(sent);
  await ports.records.markResent(message, as);
  return ACKNOWLEDGE;
}

/** Enqueues a message again that is not due yet. Nothing is read: the webhook is read when the message is due. */
export async function waitLonger(
  { followUps }: Pick<BatchScope, 'followUps'>,
  delivery: ReceivedDelivery,
): Promise<Disposition> {
  return acknowledgeIf(await followUps.waitLonger(delivery));
}

async function forward(
  { counters }: SendDeps,
  { followUps }: BatchScope,
  delivery: ReceivedDelivery,
): Promise<Disposition> {
  counters.count('forwarded_slow');
  return acknowledgeIf(await followUps.forward(delivery));
}
