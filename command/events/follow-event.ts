import type { SQSClient } from '@aws-sdk/client-sqs';
import { parseExactly } from '../../lambdas/dispatch-event/exact-json.ts';
import { type DeliveryRecord, type DeliveryStatus, isFinal } from '../../lambdas/shared/domain/delivery.ts';
import { type StoredEvent, serializeBody } from '../../lambdas/shared/domain/event.ts';
import {
  type AccountId,
  type DeliveryId,
  deliveryIdOf,
  type EventId,
  type WebhookId,
} from '../../lambdas/shared/domain/ids.ts';
import { isJsonObject } from '../../lambdas/shared/domain/json-object.ts';
import { subscribesTo } from '../../lambdas/shared/domain/subscription.ts';
import type { Webhook } from '../../lambdas/shared/domain/webhook.ts';
import type { Timer } from '../../lambdas/shared/runtime/clock.ts';
import type { DynamoDB } from '../../lambdas/shared/store/client.ts';
import { createDeliveryStore } from '../../lambdas/shared/store/deliveries.ts';
import { parseDeliveryItem } from '../../lambdas/shared/store/delivery-item.ts';
import { deliveryKey } from '../../lambdas/shared/store/keys.ts';
import { readItems } from '../../lambdas/shared/store/read-items.ts';
import { createWebhookReads } from '../../lambdas/shared/store/webhook-reads.ts';
import { redispatch } from '../queues/undispatched.ts';

/** An event that was published. */
export interface PublishedEvent {
  readonly accountId: AccountId;
  readonly eventId: EventId;
  readonly busEventId: string;
  readonly type: string;
  /** JSON text. */
  readonly data: string;
}

export interface FollowedDelivery {
  readonly webhookId: WebhookId;
  readonly deliveryId: DeliveryId;
  /** `queued`: no attempt is recorded yet. */
  readonly status: DeliveryStatus | 'queued';
  /** Recorded attempts. */
  readonly attempts: number;
  /** Why it is not delivered, if it is known. */
  readonly reason?: string;
}

/**
 * - `delivered`: to every webhook that it matched
 * - `not_delivered`: every delivery has ended, but not every one was successful
 * - `unmatched`: it matched no webhook
 * - `refused`: it is on the undispatched queue
 * - `timeout`: none of these before the timeout
 */
export type Outcome = 'delivered' | 'not_delivered' | 'unmatched' | 'refused' | 'timeout';

export interface EventEnd {
  readonly outcome: Outcome;
  readonly reason?: string;
  readonly deliveries: readonly FollowedDelivery[];
}

export interface FollowDeps {
  readonly dynamodb: DynamoDB;
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly clock: Timer;
  readonly webhooksTable: string;
  readonly deliveriesTable: string;
  readonly undispatchedQueueUrl: string;
  readonly eventsQueueUrl: string;
  readonly timeoutMs: number;
  /** Called when something changed, with one line. */
  readonly onProgress: (line: string) => void;
}

/** The time between two reads of the table. The second value applies after ten seconds. */
const POLL_MS = [500, 2_000] as const;
const SLOWER_AFTER_MS = 10_000;

/** The undispatched queue is read only while the event is not stored, and at most once in this time. */
const QUEUE_READ_INTERVAL_MS = 2_500;

/**
 * An event of an account without webhooks is stored nowhere. It counts as unmatched when it is not on the undispatched
 * queue after this time. Usually the bus and the dispatcher need less than two seconds.
 */
const UNMATCHED_AFTER_MS = 6_000;

/** A repeated publication is enqueued with a delay of 30 s. Until then, an unsuccessful delivery may be repeated. */
const REPEAT_MS = 45_000;

/** Messages that one read of the queue receives. Each becomes visible again at the end, or after the visibility timeout. */
const MAX_PEEKED_MESSAGES = 1_000;
const PEEK_VISIBILITY_SECONDS = 20;

/** Follows a published event until it has ended or the time is over. It changes nothing. */
export async function followEvent(deps: FollowDeps, event: PublishedEvent): Promise<EventEnd> {
  const { clock } = deps;
  const startedAt = clock.now();
  const store = createDeliveryStore({ dynamodb: deps.dynamodb, tableName: deps.deliveriesTable });
  const webhookReads = createWebhookReads({ dynamodb: deps.dynamodb, tableName: deps.webhooksTable });
  const readDeliveries = createDeliveryReader(deps, event.accountId);
  const reportProgress = printChanges(deps.onProgress);
  let deliveries: FollowedDelivery[] = [];
  let queueIsLong = false;
  let queueReadAt = startedAt;
  for (;;) {
    const elapsedMs = clock.now() - startedAt;
    const stored = await store.getEvent(event.accountId, event.eventId, clock.now());
    const isOurs = stored?.busEventId === event.busEventId;
    if (stored !== undefined && (isOurs || isRepeat(stored, event))) {
      if (stored.webhookIds.length === 0) {
        const { webhooks } = await webhookReads.list(event.accountId);
        return { outcome: 'unmatched', reason: whyNoneMatched(event, webhooks), deliveries: [] };
      }
      deliveries = await readDeliveries(stored);
      reportProgress(progressOf(deliveries));
      const mayBeRepeated = !isOurs && elapsedMs < REPEAT_MS;
      const outcome = outcomeOf(deliveries, mayBeRepeated);
      if (outcome !== undefined) return { outcome, deliveries };
    } else {
      reportProgress('waiting for the dispatcher');
      if (clock.now() - queueReadAt >= QUEUE_READ_INTERVAL_MS) {
        const found = await findRefusal(deps, event.busEventId);
        if (found.reason !== undefined) return { outcome: 'refused', reason: found.reason, deliveries: [] };
        queueIsLong = found.mayHaveMore;
        queueReadAt = clock.now();
      }
      if (stored === undefined && elapsedMs >= UNMATCHED_AFTER_MS && !queueIsLong) {
        const { webhooks, unreadable } = await webhookReads.list(event.accountId);
        if (webhooks.length + unreadable === 0) {
          const reason = `the account ${event.accountId} has no webhook`;
          return { outcome: 'unmatched', reason, deliveries: [] };
        }
      }
    }
    const remainingMs = startedAt + deps.timeoutMs - clock.now();
    if (remainingMs <= 0) return timeout(deliveries, queueIsLong);
    const pollMs = elapsedMs < SLOWER_AFTER_MS ? POLL_MS[0] : POLL_MS[1];
    await clock.sleep(Math.min(pollMs, remainingMs));
  }
}

/** Whether an earlier publication of the same event is stored. The dispatcher uses the same rule. */
function isRepeat(stored: StoredEvent, { eventId: id, accountId, type, data }: PublishedEvent): boolean {
  const parsed = parseExactly(data);
  if (!parsed.ok) return false;
  const { created } = JSON.parse(stored.body);
  return stored.body === serializeBody({ id, accountId, type, created, data: parsed.value });
}

/** Reads the deliveries of an event. A delivery that was repeated is replaced by the one that repeats it. */
function createDeliveryReader(
  { dynamodb, clock, deliveriesTable }: FollowDeps,
  accountId: AccountId,
): (event: StoredEvent) => Promise<FollowedDelivery[]> {
  const currentIds = new Map<WebhookId, DeliveryId>();
  return async ({ id: eventId, webhookIds, acceptedAt }) => {
    const ids = webhookIds.map((webhookId) => ({
      webhookId,
      deliveryId: currentIds.get(webhookId) ?? deliveryIdOf({ accountId, eventId, webhookId, acceptedAt }),
    }));
    const keys = ids.map(({ webhookId, deliveryId }) => ({
      table: deliveriesTable,
      key: deliveryKey(accountId, webhookId, deliveryId),
    }));
    const items = await readItems(dynamodb, clock, keys);
    const records = new Map(
      items.flatMap(({ item }) => {
        const record = parseDeliveryItem(item);
        return record === undefined ? [] : [[record.webhookId, record] as const];
      }),
    );
    return ids.map((delivery) => {
      const record = records.get(delivery.webhookId);
      if (record === undefined) return { ...delivery, status: 'queued', attempts: 0 };
      if (record.resentAs === undefined || record.status === 'delivered') return viewOf(record);
      currentIds.set(delivery.webhookId, record.resentAs);
      return { ...delivery, deliveryId: record.resentAs, status: 'queued', attempts: 0 };
    });
  };
}

function viewOf({ webhookId, deliveryId, status, attempts, ...record }: DeliveryRecord): FollowedDelivery {
  const reason = status === 'delivered' ? undefined : (record.reason ?? attempts.at(-1)?.reason);
  return {
    webhookId,
    deliveryId,
    status,
    attempts: attempts.length,
    ...(reason === undefined ? {} : { reason }),
  };
}

function outcomeOf(deliveries: readonly FollowedDelivery[], mayBeRepeated: boolean): Outcome | undefined {
  if (deliveries.every(({ status }) => status === 'delivered')) return 'delivered';
  const haveEnded = deliveries.every(({ status }) => status !== 'queued' && isFinal(status));
  return haveEnded && !mayBeRepeated ? 'not_delivered' : undefined;
}

function progressOf(deliveries: readonly FollowedDelivery[]): string {
  const counts = [...Map.groupBy(deliveries, ({ status }) => status)].map(
    ([status, group]) => `${group.length} ${status}`,
  );
  const attempts = deliveries.reduce((sum, delivery) => sum + delivery.attempts, 0);
  return `${counts.join(', ')}; ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
}

function whyNoneMatched({ accountId, type }: PublishedEvent, webhooks: readonly Webhook[]): string {
  const reasons = webhooks.map(({ id, verified, status, events }) => {
    if (!subscribesTo(events, type)) return `${id} subscribes to ${events.join(', ')}`;
    return verified ? `${id} was registered or verified later` : `${id} is not verified (${status})`;
  });
  return [`no webhook of ${accountId} matched ${type}`, ...reasons].join('; ');
}

/**
 * Looks for the event on the undispatched queue. Received messages are invisible to others until this call ends, and
 * their receive counts grow. The queue has no redrive policy: nothing else changes.
 */
async function findRefusal(
  { sqs, clock, undispatchedQueueUrl, eventsQueueUrl }: FollowDeps,
  busEventId: string,
): Promise<{ reason: string | undefined; mayHaveMore: boolean }> {
  const { selected, mayHaveMore } = await redispatch({
    sqs,
    timer: clock,
    undispatchedQueueUrl,
    eventsQueueUrl,
    isSelected: ({ body }) => busEventIdIn(body) === busEventId,
    limit: MAX_PEEKED_MESSAGES,
    visibilitySeconds: PEEK_VISIBILITY_SECONDS,
    confirm: false,
  });
  return { reason: selected[0]?.reason, mayHaveMore };
}

function busEventIdIn(body: string): unknown {
  const parsed = parseExactly(body);
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value.id : undefined;
}

function timeout(deliveries: readonly FollowedDelivery[], queueIsLong: boolean): EventEnd {
  if (deliveries.length > 0) {
    return { outcome: 'timeout', reason: 'not every delivery has ended', deliveries };
  }
  const possibleReason = queueIsLong
    ? `it may be on the undispatched queue, of which only ${MAX_PEEKED_MESSAGES} messages were read`
    : 'no rule of the bus matched it, or it waits on the events queue';
  return { outcome: 'timeout', reason: `the event is not stored: ${possibleReason}`, deliveries };
}

/** Prints a line only when it differs from the last one. */
function printChanges(print: (line: string) => void): (line: string) => void {
  let last = '';
  return (line) => {
    if (line !== last) print(line);
    last = line;
  };
}
