import { CANARY_TYPE } from '../shared/domain/canary.ts';
import { isSystemEventType } from '../shared/domain/catalogue.ts';
import type { Attempt, DeliveryMessage } from '../shared/domain/delivery.ts';
import { DELIVERY_CONTROL_HEADER } from '../shared/domain/delivery-control.ts';
import { deliveryIdsOf } from '../shared/domain/delivery-ids.ts';
import { isGone } from '../shared/domain/follow-up.ts';
import {
  type DisableAfter,
  type FailureCount,
  hasReached,
  latestFailingSince,
  warnAfter,
} from '../shared/domain/health.ts';
import {
  disabledEvent,
  type SystemEvent,
  shouldPublish,
  warnedEvent,
} from '../shared/domain/system-event.ts';
import type { Webhook } from '../shared/domain/webhook.ts';
import type { CallBatcher } from '../shared/runtime/call-batcher.ts';
import { errorFields } from '../shared/runtime/errors.ts';
import type { Reached, WebhookAtUrl } from '../shared/store/webhook-health.ts';
import { auditOwnChange } from './audit-own-change.ts';
import type { SendDeps } from './ports.ts';
import { publishOrCount } from './publish.ts';

/** Results of one call. A batch of the slow lane has fewer. */
const MAX_RESULTS = 1_000;
/** The webhook is written within 200 ms of the record; half of that is for collecting other results. */
const MAX_WAIT_MS = 100;

/** The result of an attempt, after it was recorded. */
export interface AttemptResult {
  readonly message: DeliveryMessage;
  readonly attempt: Attempt;
  /** Where it was sent. */
  readonly url: string;
  /** The webhook, if it was read before the attempt. */
  readonly webhook: Webhook | undefined;
  /** Whether this call recorded the delivery as exhausted. */
  readonly exhausted: boolean;
}

/**
 * Updates the health of webhooks: counts exhausted deliveries, clears the count after a success, warns, and disables.
 * Best effort: no delivery waits for it after the batch's write deadline, and none fails because of it.
 */
export interface Health {
  note(result: AttemptResult): Promise<void>;
}

export function createHealth(
  deps: SendDeps,
  batch: {
    readonly callBatcher: CallBatcher;
    /** Resolves when the batch has no time left for writes. */
    readonly writeDeadline: Promise<void>;
  },
): Health {
  const noteAll = async (results: readonly AttemptResult[]): Promise<readonly true[]> => {
    const byWebhook = Map.groupBy(
      results,
      ({ message, url }) => `${message.accountId} ${message.webhookId} ${url}`,
    );
    await Promise.all([...byWebhook.values()].map((ofWebhook) => noteOfWebhook(deps, ofWebhook)));
    return results.map(() => true);
  };
  const noteBatched = batch.callBatcher.batched<AttemptResult, true>({
    maxItems: MAX_RESULTS,
    maxWaitMs: MAX_WAIT_MS,
    call: noteAll,
  });
  return {
    async note(result) {
      if (isRelevant(deps, result)) await Promise.race([noteBatched(result), batch.writeDeadline]);
    },
  };
}

/** Whether the result may change the webhook. A success of a webhook without failures does not. */
function isRelevant(deps: SendDeps, result: AttemptResult): boolean {
  return countsAsSuccess(result) || countsAsFailure(deps, result) || whyDisabled(deps, result) !== undefined;
}

/** Tests and challenges neither count nor clear failures: they do not show how the endpoint handles events. */
function countsAsSuccess({ message, attempt, webhook }: AttemptResult): boolean {
  if (message.kind !== 'event' || attempt.error !== undefined) return false;
  return webhook === undefined ? message.failing === true : webhook.exhaustedInRow !== undefined;
}

/**
 * Deliveries of system events do not count: they would cause system events. Deliveries of the canary do not count
 * either: its webhook must never be disabled, so that its events arrive again when a fault on our side has ended.
 */
function countsAsFailure({ respondingHosts }: SendDeps, result: AttemptResult): boolean {
  const { message, attempt, url, exhausted } = result;
  if (!exhausted || message.kind !== 'event' || isSystemEventType(message.eventType)) return false;
  if (message.eventType === CANARY_TYPE) return false;
  const isAnswered = [...message.history, attempt].some(({ status }) => status !== undefined);
  return isAnswered || respondingHosts.hasOther(url);
}

/** Why the webhook is disabled at once, independent of its counters. */
function whyDisabled({ disableAfter }: SendDeps, { message, attempt }: AttemptResult): string | undefined {
  if (message.kind !== 'event') return undefined;
  if (attempt.control === 'disable') {
    return `the endpoint asked for it with the header "${DELIVERY_CONTROL_HEADER}: disable"`;
  }
  return disableAfter !== undefined && isGone(message, attempt)
    ? 'the endpoint answered 410 Gone'
    : undefined;
}

/** `results` are in the order in which they were recorded. A success clears the failures before it. */
async function noteOfWebhook(deps: SendDeps, results: readonly AttemptResult[]): Promise<void> {
  try {
    const lastSuccess = results.findLastIndex(countsAsSuccess);
    const [first] = results;
    if (lastSuccess >= 0 && first !== undefined) await deps.ports.webhookHealth.clearFailures(first.message);
    const failures = results.slice(lastSuccess + 1).filter((result) => countsAsFailure(deps, result));
    await count(deps, failures);
    await disableAtOnce(deps, results);
  } catch (error) {
    deps.counters.count('health_lost');
    const ids = results[0] && deliveryIdsOf(results[0].message);
    deps.log.warn('the health of a webhook could not be written', { ...ids, ...errorFields(error) });
  }
}

async function count(deps: SendDeps, failures: readonly AttemptResult[]): Promise<void> {
  const last = failures.at(-1);
  if (last === undefined) return;
  const webhook = webhookOf(last);
  const counted = await deps.ports.webhookHealth.countExhausted(webhook, {
    count: failures.length,
    at: new Date(Math.min(...failures.map(({ attempt }) => attempt.at + attempt.durationMs))).toISOString(),
    token: deps.newToken(),
  });
  const { disableAfter } = deps;
  if (counted === undefined || disableAfter === undefined) return;
  const now = deps.clock.now();
  if (hasReached(counted, disableAfter, now)) await disable(deps, last, counted, disableAfter);
  else if (hasReached(counted, warnAfter(disableAfter), now)) await warn(deps, last, counted, disableAfter);
}

async function disable(
  deps: SendDeps,
  last: AttemptResult,
  counted: FailureCount,
  disableAfter: DisableAfter,
): Promise<void> {
  const now = deps.clock.now();
  const at = new Date(now).toISOString();
  const reason = `${describe(counted)}; the last one because ${reasonOf(last.attempt)}`;
  const disabled = await deps.ports.webhookHealth.disable(webhookOf(last), {
    reason,
    at,
    reached: reachedAt(disableAfter, now),
  });
  if (!disabled) return;
  await reportDisabled(deps, last, reason);
  const event = disabledEvent(last.message, last.attempt, { count: counted, disabledAt: at, reason });
  await publishIfSubscribed(deps, last.message, event);
}

async function warn(
  deps: SendDeps,
  last: AttemptResult,
  counted: FailureCount,
  disableAfter: DisableAfter,
): Promise<void> {
  if (last.webhook?.warnedAt !== undefined) return;
  const now = deps.clock.now();
  const reached = reachedAt(warnAfter(disableAfter), now);
  const warned = await deps.ports.webhookHealth.markWarned(
    webhookOf(last),
    reached,
    new Date(now).toISOString(),
  );
  if (!warned) return;
  deps.counters.count('webhook_warned');
  const reason = `${describe(counted)}; the last one because ${reasonOf(last.attempt)}`;
  const event = warnedEvent(last.message, last.attempt, { count: counted, disableAfter, reason });
  await publishIfSubscribed(deps, last.message, event);
}

async function disableAtOnce(deps: SendDeps, results: readonly AttemptResult[]): Promise<void> {
  const result = results.findLast((one) => whyDisabled(deps, one) !== undefined);
  const reason = result && whyDisabled(deps, result);
  if (result === undefined || reason === undefined) return;
  const at = new Date(deps.clock.now()).toISOString();
  const disabled = await deps.ports.webhookHealth.disable(webhookOf(result), { reason, at });
  if (!disabled) return;
  await reportDisabled(deps, result, reason);
  await publishIfSubscribed(
    deps,
    result.message,
    disabledEvent(result.message, result.attempt, { disabledAt: at, reason }),
  );
}

async function reportDisabled(deps: SendDeps, { message }: AttemptResult, reason: string): Promise<void> {
  deps.counters.count('webhook_disabled');
  deps.log.warn('a webhook was disabled', { ...deliveryIdsOf(message), why: reason });
  await auditOwnChange(deps, message, 'service.disable', { delivery_id: message.deliveryId });
}

async function publishIfSubscribed(
  deps: SendDeps,
  message: DeliveryMessage,
  event: SystemEvent,
): Promise<void> {
  if (shouldPublish(message, event.type)) await publishOrCount(deps, message, event);
}

function webhookOf({ message: { accountId, webhookId }, url }: AttemptResult): WebhookAtUrl {
  return { accountId, webhookId, url };
}

function reachedAt(thresholds: DisableAfter, now: number): Reached {
  return { exhausted: thresholds.exhausted, failingSince: latestFailingSince(thresholds, now) };
}

function describe({ exhaustedInRow, failingSince }: FailureCount): string {
  const deliveries = exhaustedInRow === 1 ? '1 delivery was' : `${exhaustedInRow} deliveries in a row were`;
  return `${deliveries} exhausted since ${failingSince}`;
}

function reasonOf({ reason, error }: Attempt): string {
  return reason ?? error ?? 'it failed';
}
