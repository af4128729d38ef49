import type { DeliveryMessage } from '../../lambdas/shared/domain/delivery.ts';
import { deliveryIdOf, newRecoveryId } from '../../lambdas/shared/domain/ids.ts';
import type { Recovery } from '../../lambdas/shared/domain/recovery.ts';
import type { Traceparent } from '../../lambdas/shared/domain/traceparent.ts';
import { accountId, attempt, eventId, message, NOW, webhookId } from '../support/builders.ts';
import { type Cloud, newCloud } from '../support/new-cloud.ts';

/** The events of the tests were accepted from then on, one each second. */
export const OUTAGE = NOW - 60 * 60_000;

let recoveries = 0;

export function recovery(change: Partial<Recovery> = {}): Recovery {
  recoveries += 1;
  return {
    id: newRecoveryId(NOW + recoveries),
    accountId: accountId(),
    webhookId: webhookId(),
    createdAt: NOW,
    since: OUTAGE,
    until: NOW,
    statuses: ['exhausted', 'held'],
    rate: 50,
    state: 'running',
    found: 0,
    enqueued: 0,
    expired: 0,
    delivered: 0,
    failed: 0,
    failedInRow: 0,
    ...change,
  };
}

/** The message of the first attempt of the nth event. */
export function nthMessage(n: number): DeliveryMessage {
  const names = { accountId: accountId(), eventId: eventId(`evt_${n}`), webhookId: webhookId() };
  const acceptedAt = OUTAGE + n * 1_000;
  const body = `{"id":"evt_${n}","type":"file.uploaded","created":"2026-01-15T09:30:00Z","data":{}}`;
  return message({ ...names, acceptedAt, deliveryId: deliveryIdOf({ ...names, acceptedAt }), body });
}

/** Stores `count` events and their deliveries, which have ended in this status. */
export async function givenDeliveries(
  cloud: Cloud,
  count: number,
  status: 'held' | 'exhausted' | 'delivered' | 'canceled',
  { from = 0, traceparent }: { from?: number; traceparent?: Traceparent } = {},
): Promise<DeliveryMessage[]> {
  const messages = Array.from({ length: count }, (_, n) => nthMessage(from + n));
  for (const one of messages) {
    const { accountId: account, eventId: id, eventType: type, acceptedAt, body, webhookId: webhook } = one;
    const event = {
      id,
      accountId: account,
      type,
      body,
      acceptedAt,
      busEventId: 'bus',
      webhookIds: [webhook],
    };
    await cloud.deliveries.putEvent(traceparent === undefined ? event : { ...event, traceparent });
    const header = { ...one, trigger: 'event' as const };
    if (status === 'held' || status === 'canceled') {
      await cloud.deliveries.recordUntried(header, status, 'the webhook is disabled');
    } else if (status === 'exhausted') {
      await cloud.deliveries.recordFailure(header, attempt({ number: 4 }), 'exhausted');
    } else {
      await cloud.deliveries.putDelivered([
        { delivery: header, attempt: { number: 1, at: NOW, durationMs: 1 } },
      ]);
    }
  }
  return messages;
}

/** A webhook with `count` held deliveries, and a recovery that was requested. */
export async function givenRecovery(count: number, change: Partial<Recovery> = {}) {
  const cloud = await newCloud();
  await cloud.addWebhook();
  const held = await givenDeliveries(cloud, count, 'held');
  const job = recovery(change);
  await cloud.startRecovery(job);
  return { cloud, held, job };
}

const SENDING = ['first', 'slow', 'retry1', 'retry2', 'retry3', 'later'] as const;

/** Runs recoveries and lanes until `ms` have passed, in the order in which their messages become visible. */
export async function runFor(cloud: Cloud, ms: number): Promise<void> {
  const end = cloud.time.now + ms;
  for (;;) {
    const queues = ['recoveries', ...SENDING] as const;
    const due = queues.map((queue) => ({ queue, at: cloud.nextDueAt(queue) ?? Infinity }));
    const [next] = due.sort((one, other) => one.at - other.at);
    if (next === undefined || next.at > end) break;
    cloud.time.now = Math.max(cloud.time.now, next.at);
    if (next.queue === 'recoveries') await cloud.runRecovery();
    else await cloud.run(next.queue);
  }
  cloud.time.now = end;
}

/** The ids of the events that were sent, in the order of the requests. */
export function sentEvents(cloud: Cloud): (string | undefined)[] {
  return cloud.posts.map(({ headers }) => headers['webhook-id']);
}

export function eventIds(messages: readonly DeliveryMessage[]): string[] {
  return messages.map(({ eventId: id }) => id);
}
