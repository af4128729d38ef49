import type { Attempt, DeliveryMessage, Signed } from '../shared/domain/delivery.ts';
import { followUpOf } from '../shared/domain/follow-up.ts';
import type { Webhook } from '../shared/domain/webhook.ts';
import type { SendDeps } from './deps.ts';
import type { FollowUps } from './follow-ups.ts';
import { makeAttempt } from './make-attempt.ts';
import { type Outcome, returned, SETTLED, settledIf, WAITING } from './outcome.ts';
import { headerOf, type Recorder } from './record-attempts.ts';
import { HUNG_AFTER_MS } from './slow-endpoints.ts';

/** The published contract: an attempt may take 30 s, from DNS to the last byte. */
export const ATTEMPT_DEADLINE_MS = 30_000;
/** What is left for its record when it took all of that. */
const BOOKKEEPING_MS = 2_000;
/** A failure that took this much longer than its deadline: the environment was frozen, and it says nothing. */
const FROZEN_FOR_MS = 5_000;
/** Only an answer this quick speaks against a slow mark, and only against one this old. */
export const QUICK_ANSWER_MS = 1_000;
export const MARK_MIN_AGE_MS = 60_000;

/** One message's attempt, ready to go out. */
export interface Sending {
  readonly message: DeliveryMessage;
  readonly url: string;
  readonly signed: Signed;
  /** Whether nothing can be recorded of this delivery yet. */
  readonly fresh: boolean;
  /** As it was read just now; absent for a fresh message. */
  readonly webhook?: Webhook;
}

/** What the deliveries of one batch share. */
export interface BatchParts {
  readonly recorder: Recorder;
  readonly followUps: FollowUps;
  /** Milliseconds since 1970 at which the function must be done. */
  readonly deadlineAt: number;
}

/** Sends once, records the attempt, and enqueues what follows from it: in this order, so that a crash in
 * between leaves something from which a redelivery goes on. */
export async function sendOnce(deps: SendDeps, parts: BatchParts, sending: Sending): Promise<Outcome> {
  const { message, webhook } = sending;
  const at = deps.clock.now();
  if (at + ATTEMPT_DEADLINE_MS + BOOKKEEPING_MS > parts.deadlineAt) {
    return returned('no time for an attempt is left');
  }
  const markings: Promise<void>[] = [];
  const request = { message, url: sending.url, signed: sending.signed, token: deps.newToken(), at };
  const attempt = await deps.openAttempts.track(message, () =>
    deps.slowEndpoints.watch(
      message.webhookId,
      () => makeAttempt(request, deps.success, deps.ports.post),
      () => {
        if (webhook?.slowSince === undefined) markings.push(markSlow(deps, message));
      },
    ),
  );
  if (attempt.status === undefined && wasFrozen(deps, attempt)) {
    await Promise.all(markings);
    return WAITING;
  }
  const outcome =
    attempt.error === undefined
      ? await succeed(deps, parts, sending, attempt)
      : await fail(deps, parts, sending, attempt);
  if (deps.lane === 'slow' && attempt.status !== undefined && attempt.durationMs < QUICK_ANSWER_MS) {
    await clearSlow(deps, message, webhook);
  }
  await Promise.all(markings);
  return outcome;
}

/** Without an answer that is our side's fault: the endpoint never had its time, and no attempt of it is used. */
function wasFrozen({ clock }: SendDeps, attempt: Attempt): boolean {
  return clock.now() - attempt.at > ATTEMPT_DEADLINE_MS + FROZEN_FOR_MS;
}

/** Whether a webhook belongs on the slow lane, by all that this environment knows of it. */
export function isKnownSlow(deps: SendDeps, message: DeliveryMessage, webhook?: Webhook): boolean {
  return webhook?.slowSince !== undefined || deps.slowEndpoints.knows(message.webhookId);
}

/** Puts what follows from a recorded failure on its queue; done again, it does no harm. */
export async function followUp(
  deps: SendDeps,
  parts: BatchParts,
  message: DeliveryMessage,
  failed: Attempt,
  webhook?: Webhook,
): Promise<Outcome> {
  const slow = failed.durationMs >= HUNG_AFTER_MS || isKnownSlow(deps, message, webhook);
  const next = followUpOf(message, failed, deps.retryDelaysSeconds);
  return settledIf(await parts.followUps.enqueue(message, failed, next, slow));
}

/** Idempotent; it comes before the record, so that a crash in between repeats it. */
export async function activate({ ports, clock }: SendDeps, message: DeliveryMessage): Promise<void> {
  const at = new Date(clock.now()).toISOString();
  await ports.webhooks.activate(message.accountId, message.webhookId, message.eventId, at);
}

async function succeed(
  deps: SendDeps,
  { recorder }: BatchParts,
  { message, fresh }: Sending,
  attempt: Attempt,
): Promise<Outcome> {
  if (message.kind === 'verification') await activate(deps, message);
  const header = headerOf(message);
  await (fresh ? recorder.freshSuccess(header, attempt) : recorder.success(header, attempt));
  deps.counters.count('delivered');
  return SETTLED;
}

async function fail(
  deps: SendDeps,
  parts: BatchParts,
  { message, webhook }: Sending,
  attempt: Attempt,
): Promise<Outcome> {
  deps.counters.count('attempt_failed');
  const next = followUpOf(message, attempt, deps.retryDelaysSeconds);
  const status = next.do === 'retry' ? 'retrying' : 'exhausted';
  if ((await parts.recorder.failure(headerOf(message), attempt, status)) === 'superseded') {
    return WAITING;
  }
  return followUp(deps, parts, message, attempt, webhook);
}

/** A mark is a hint: where it cannot be written, the next hung attempt makes it. */
async function markSlow({ ports, clock, counters }: SendDeps, message: DeliveryMessage): Promise<void> {
  const at = new Date(clock.now()).toISOString();
  const marked = await ports.webhooks.markSlow(message.accountId, message.webhookId, at).catch(() => false);
  if (marked) counters.count('marked_slow');
}

async function clearSlow(
  { ports, clock, slowEndpoints }: SendDeps,
  message: DeliveryMessage,
  webhook: Webhook | undefined,
): Promise<void> {
  const markedBefore = new Date(clock.now() - MARK_MIN_AGE_MS).toISOString();
  if (webhook !== undefined && (webhook.slowSince === undefined || webhook.slowSince >= markedBefore)) return;
  if (!slowEndpoints.mayClear(message.webhookId)) return;
  await ports.webhooks.clearSlow(message.accountId, message.webhookId, markedBefore).catch(() => false);
}
