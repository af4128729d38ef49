import type { Attempt, DeliveryMessage } from '../shared/domain/delivery.ts';
import { deliveryIdsOf } from '../shared/domain/delivery-ids.ts';
import { followUpOf } from '../shared/domain/follow-up.ts';
import type { DeliveryId } from '../shared/domain/ids.ts';
import { repeatedMessage } from '../shared/domain/repeat.ts';
import { ATTEMPT_DEADLINE_MS, delayQueues } from '../shared/domain/retry-schedule.ts';
import { type Traceparent, traceparentOfAttempt } from '../shared/domain/traceparent.ts';
import {
  HEADERS_UNREADABLE,
  SECRET_UNREADABLE,
  type SealedHeaders,
  type SuccessStatus,
  type Webhook,
} from '../shared/domain/webhook.ts';
import { counterOf } from '../shared/runtime/metric-names.ts';
import { type OpenedHeaders, openHeaders } from '../shared/secrets/custom-headers.ts';
import { openLiveSecrets } from '../shared/secrets/live-secrets.ts';
import { sign } from '../shared/signing/sign.ts';
import { type AttemptRequest, makeAttempt } from './attempt.ts';
import { auditOwnChange } from './audit-own-change.ts';
import { claimMs, type Decision, followUpMarginMs } from './decide.ts';
import {
  ACKNOWLEDGE,
  acknowledgeIf,
  type Disposition,
  LEAVE,
  postpone,
  postponeUnsent,
  postponeUntil,
} from './disposition.ts';
import type { FollowUps } from './follow-up.ts';
import type { Health } from './health.ts';
import type { SendDeps } from './ports.ts';
import type { ReceivedDelivery } from './receive.ts';
import { headerOf, type Recorder } from './record.ts';
import { clearSlow, isForSlowLane, isRetriedSlowly, markSlow } from './slow-lane.ts';

/** Reserved for the record and the follow-up of an attempt that took the whole attempt deadline. */
const RECORDING_RESERVE_MS = 2_000;
const NO_TIME_LEFT = 'the function has no time left for an attempt';

/** The objects that all deliveries of one batch share. */
export interface BatchScope {
  readonly recorder: Recorder;
  readonly followUps: FollowUps;
  readonly health: Health;
  /** Milliseconds since 1970 at which the function must be done. */
  readonly deadlineAt: number;
}

/** Sends a message that cannot have a record yet, as the dispatcher signed it and without a read. */
export async function performFresh(
  deps: SendDeps,
  batch: BatchScope,
  delivery: ReceivedDelivery,
): Promise<Disposition> {
  if (isForSlowLane(deps, delivery.message)) return forward(deps, batch, delivery);
  const { url, signed, success, customHeaders } = delivery.message;
  return attempt(deps, batch, delivery, { url, signed, success, customHeaders, isUnrecorded: true });
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
      await activate(deps, message);
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
  return attempt(deps, batch, delivery, {
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

/** The URL and the webhook of an attempt. The webhook is not read for a fresh message. */
interface Target {
  readonly url: string;
  readonly webhook: Webhook | undefined;
}

/** The inputs of an attempt. The webhook is not read for a fresh message. */
interface Basis extends Pick<AttemptRequest, 'url' | 'signed'> {
  /** The webhook's own rule of success. Undefined: the stack's. */
  readonly success: SuccessStatus | undefined;
  readonly customHeaders: SealedHeaders | undefined;
  /** Whether the delivery had no record just before the attempt. */
  readonly isUnrecorded: boolean;
  readonly webhook?: Webhook;
  /** The last attempt that is recorded. */
  readonly earlier?: Attempt;
}

/**
 * Sends once, records the attempt, then enqueues the follow-up. In this order, so that a redelivery after a crash at
 * any point finds the steps that are still to be done.
 */
async function attempt(
  deps: SendDeps,
  batch: BatchScope,
  delivery: ReceivedDelivery,
  { url, signed, success = deps.success, customHeaders, isUnrecorded, webhook, earlier }: Basis,
): Promise<Disposition> {
  const { message } = delivery;
  const opened = await openHeadersOf(deps, message, customHeaders);
  if (!opened.ok) {
    await batch.recorder.end(headerOf(message), 'held', HEADERS_UNREADABLE);
    return ACKNOWLEDGE;
  }
  const { headers } = opened;
  const isTooLate = (): boolean =>
    deps.clock.now() + ATTEMPT_DEADLINE_MS + RECORDING_RESERVE_MS > batch.deadlineAt;
  if (isTooLate()) return postpone(NO_TIME_LEFT);
  const token = deps.newToken();
  if (message.attempt === 1 && message.resendOf !== undefined) {
    const claimedAt = deps.clock.now();
    const claimDurationMs = claimMs(deps.visibilityTimeoutSeconds);
    const claim = { token, at: claimedAt };
    const claimed = await deps.ports.records.claim(headerOf(message), claim, claimedAt - claimDurationMs + 1);
    if (claimed === 'lost')
      return postponeUntil(claimedAt + claimDurationMs, 'another copy makes this attempt');
    if (isTooLate()) return postpone(NO_TIME_LEFT);
  }
  // The time is read after the claim, which can take seconds: the delay of the next attempt counts from this attempt.
  const at = deps.clock.now();
  let marking: Promise<void> | undefined;
  try {
    const made = await deps.slowEndpoints.watch(
      message.webhookId,
      () => {
        const traceparent = deps.forwardTraceparent ? traceparentOf(message) : undefined;
        const request = { message, url, signed, customHeaders: headers, traceparent, token, at };
        return makeAttempt(request, success, deps.ports.http.post);
      },
      () => {
        if (webhook?.slowSince === undefined) marking = markSlow(deps, message);
      },
    );
    if (made.status !== undefined) deps.respondingHosts.add(url);
    const disposition =
      made.error === undefined
        ? await recordSuccess(deps, batch, message, made, { url, webhook, isUnrecorded })
        : await recordFailure(deps, batch, message, made, { url, webhook }, earlier);
    if (deps.lane === 'slow') await clearSlow(deps, message, made, webhook);
    return disposition;
  } finally {
    // Awaited after a failure, too: no call may be open when the function returns.
    await marking;
  }
}

function traceparentOf({
  traceparent,
  deliveryId,
  attempt: number,
}: DeliveryMessage): Traceparent | undefined {
  return traceparent && traceparentOfAttempt(traceparent, deliveryId, number);
}

async function openHeadersOf(
  { ports, log }: SendDeps,
  message: DeliveryMessage,
  customHeaders: SealedHeaders | undefined,
): Promise<OpenedHeaders> {
  const opened = await openHeaders(customHeaders, message, ports.openSecret);
  if (!opened.ok) {
    log.error('custom headers do not open', { ...deliveryIdsOf(message), why: opened.reason });
  }
  return opened;
}

async function recordSuccess(
  deps: SendDeps,
  { recorder, health }: BatchScope,
  message: DeliveryMessage,
  made: Attempt,
  { isUnrecorded, ...target }: Target & Pick<Basis, 'isUnrecorded'>,
): Promise<Disposition> {
  // Activated before the record is written, so that a redelivery after a crash in between activates the webhook.
  if (message.kind === 'verification') await activate(deps, message);
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

/** Idempotent, except that a redelivery is recorded again in the audit log. */
async function activate(deps: SendDeps, message: DeliveryMessage): Promise<void> {
  const { accountId, webhookId, eventId } = message;
  const at = new Date(deps.clock.now()).toISOString();
  const result = await deps.ports.webhooks.activate(accountId, webhookId, eventId, at);
  if (result === 'activated') {
    await auditOwnChange(deps, message, 'service.verify', { verification_id: eventId });
  }
}

async function recordFailure(
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

async function takeOver(
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
