import type { Attempt, DeliveryMessage } from '../shared/domain/delivery.ts';
import { deliveryIdsOf } from '../shared/domain/delivery-ids.ts';
import { followUpOf } from '../shared/domain/follow-up.ts';
import { ATTEMPT_DEADLINE_MS } from '../shared/domain/retry-schedule.ts';
import { SECRET_UNREADABLE, type Webhook } from '../shared/domain/webhook.ts';
import { openLiveSecrets } from '../shared/secrets/live-secrets.ts';
import { sign } from '../shared/signing/sign.ts';
import { type AttemptRequest, makeAttempt } from './attempt.ts';
import { type Decision, followUpMarginMs } from './decide.ts';
import {
  ACKNOWLEDGE,
  acknowledgeIf,
  type Disposition,
  LEAVE,
  postpone,
  postponeUntil,
} from './disposition.ts';
import type { FollowUps } from './follow-up.ts';
import type { SendDeps } from './ports.ts';
import type { ReceivedDelivery } from './receive.ts';
import { headerOf, type Recorder } from './record.ts';
import { clearSlow, isForSlowLane, isRetriedSlowly, markSlow } from './slow-lane.ts';

/** Reserved for the record and the follow-up of an attempt that took the whole attempt deadline. */
const BOOKKEEPING_MS = 2_000;

/** What the deliveries of one batch share. */
export interface BatchScope {
  readonly recorder: Recorder;
  readonly followUps: FollowUps;
  /** Milliseconds since 1970 at which the function must be done. */
  readonly deadlineAt: number;
}

/** Sends a message that certainly has no record yet: as the dispatcher signed it, without a read. */
export async function performFresh(
  deps: SendDeps,
  batch: BatchScope,
  delivery: ReceivedDelivery,
): Promise<Disposition> {
  if (isForSlowLane(deps, delivery.message)) return forward(deps, batch, delivery);
  const { url, signed } = delivery.message;
  return attempt(deps, batch, delivery, { url, signed });
}

/** Carries out what was decided for a message that may have been handled before. */
export async function perform(
  deps: SendDeps,
  batch: BatchScope,
  delivery: ReceivedDelivery,
  decision: Decision,
): Promise<Disposition> {
  const { message } = delivery;
  switch (decision.do) {
    case 'attempt':
      return attemptSignedNow(deps, batch, delivery, decision);
    case 'acknowledge':
      deps.counters.count('duplicate_dropped');
      return ACKNOWLEDGE;
    case 'wait':
      return postponeUntil(decision.until, 'the follow-up of its attempt may still be in progress');
    case 'take_over':
      return takeOver(deps, batch, message, decision.attempt, decision.webhook);
    case 'activate':
      await activate(deps, message);
      return ACKNOWLEDGE;
    case 'end':
      await batch.recorder.end(headerOf(message), decision.status, decision.reason, deps.clock.now());
      return ACKNOWLEDGE;
  }
}

async function attemptSignedNow(
  deps: SendDeps,
  batch: BatchScope,
  delivery: ReceivedDelivery,
  { webhook, heldAt }: Extract<Decision, { do: 'attempt' }>,
): Promise<Disposition> {
  const { message } = delivery;
  if (isForSlowLane(deps, message, webhook)) return forward(deps, batch, delivery);
  const now = deps.clock.now();
  const live = await openLiveSecrets(webhook, deps.ports.openSecret, now);
  if (!live.ok) {
    deps.log.error('a signing secret does not open', { ...deliveryIdsOf(message), why: live.reason });
    await batch.recorder.end(headerOf(message), 'held', SECRET_UNREADABLE, now);
    return ACKNOWLEDGE;
  }
  const { eventId, body } = message;
  return attempt(deps, batch, delivery, {
    // A challenge is sent to the URL that it verifies, everything else to the current URL of the webhook.
    url: message.kind === 'verification' ? message.url : webhook.url,
    signed: sign({ secrets: live.secrets, eventId, signedAt: now, body }),
    webhook,
    heldAt,
  });
}

async function forward(
  { counters }: SendDeps,
  { followUps }: BatchScope,
  delivery: ReceivedDelivery,
): Promise<Disposition> {
  counters.count('forwarded_slow');
  return acknowledgeIf(await followUps.forward(delivery));
}

/** What an attempt is based on. The webhook and the record are not read for a fresh message. */
interface Basis extends Pick<AttemptRequest, 'url' | 'signed'> {
  readonly webhook?: Webhook;
  readonly heldAt?: number | undefined;
}

/**
 * Sends once, records the attempt, then enqueues the follow-up. In this order, so that a redelivery after a crash at
 * any point finds the steps that are still to be done.
 */
async function attempt(
  deps: SendDeps,
  batch: BatchScope,
  delivery: ReceivedDelivery,
  { url, signed, webhook, heldAt }: Basis,
): Promise<Disposition> {
  const { message } = delivery;
  const at = deps.clock.now();
  if (at + ATTEMPT_DEADLINE_MS + BOOKKEEPING_MS > batch.deadlineAt) {
    return postpone('the function has no time left for an attempt');
  }
  let marking: Promise<void> | undefined;
  const made = await deps.slowEndpoints.watch(
    message.webhookId,
    () =>
      makeAttempt({ message, url, signed, token: deps.newToken(), at }, deps.success, deps.ports.http.post),
    () => {
      if (webhook?.slowSince === undefined) marking = markSlow(deps, message);
    },
  );
  const disposition =
    made.error === undefined
      ? await recordSuccess(deps, batch, delivery, made)
      : await recordFailure(deps, batch, message, made, { webhook, heldAt });
  if (deps.lane === 'slow') await clearSlow(deps, message, made, webhook);
  await marking;
  return disposition;
}

async function recordSuccess(
  deps: SendDeps,
  { recorder }: BatchScope,
  { message, fresh }: ReceivedDelivery,
  made: Attempt,
): Promise<Disposition> {
  // Before the record, so that a redelivery after a crash in between activates the webhook.
  if (message.kind === 'verification') await activate(deps, message);
  await (fresh ? recorder.freshSuccess(headerOf(message), made) : recorder.success(headerOf(message), made));
  deps.counters.count('delivered');
  return ACKNOWLEDGE;
}

/** Idempotent. */
async function activate({ ports, clock }: SendDeps, message: DeliveryMessage): Promise<void> {
  const at = new Date(clock.now()).toISOString();
  await ports.webhooks.activate(message.accountId, message.webhookId, message.eventId, at);
}

async function recordFailure(
  deps: SendDeps,
  batch: BatchScope,
  message: DeliveryMessage,
  failed: Attempt,
  { webhook, heldAt }: { webhook: Webhook | undefined; heldAt: number | undefined },
): Promise<Disposition> {
  deps.counters.count('attempt_failed');
  const next = followUpOf(message, failed, deps.retryDelaysSeconds);
  const status = next.do === 'retry' ? 'retrying' : 'exhausted';
  const recorded = await batch.recorder.failure(headerOf(message), failed, status, heldAt);
  if (recorded === 'superseded') return LEAVE;
  return enqueueFollowUp(deps, batch, message, failed, webhook);
}

async function takeOver(
  deps: SendDeps,
  batch: BatchScope,
  message: DeliveryMessage,
  failed: Attempt,
  webhook: Webhook | undefined,
): Promise<Disposition> {
  const now = deps.clock.now();
  const by = { token: deps.newToken(), takenAt: now };
  const result = await deps.ports.records.takeOver(headerOf(message), failed, by);
  if (result === 'lost') {
    const until = now + followUpMarginMs(deps.visibilityTimeoutSeconds);
    return postponeUntil(until, 'another copy continues the delivery');
  }
  deps.counters.count('taken_over');
  return enqueueFollowUp(deps, batch, message, { ...failed, ...by }, webhook);
}

async function enqueueFollowUp(
  deps: SendDeps,
  { followUps }: BatchScope,
  message: DeliveryMessage,
  failed: Attempt,
  webhook: Webhook | undefined,
): Promise<Disposition> {
  const slow = isRetriedSlowly(deps, message, failed, webhook);
  return acknowledgeIf(await followUps.enqueue(message, failed, slow));
}
