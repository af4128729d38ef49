import {
  type AccountId,
  deliveryIdOf,
  parseEventId,
  type WebhookId,
} from '../../lambdas/shared/domain/ids.ts';
import { inParallel } from '../../lambdas/shared/runtime/parallel.ts';
import { createDeliveryStore } from '../../lambdas/shared/store/deliveries.ts';
import type { DeliveryHeader } from '../../lambdas/shared/store/delivery-item.ts';
import { ADMINISTRATOR } from '../../local/aws-calls.ts';
import type { Cloud } from '../../local/cloud.ts';
import { createInProcessClient } from '../../local/in-process-client.ts';

const PARALLEL_WRITES = 16;
const TYPE = 'ppt.generation.completed';
/** Makes an event about 1 KiB long. */
const PADDING = 'x'.repeat(900);

/**
 * Writes `count` events and their deliveries to one webhook, half of them held and half exhausted, as dispatcher and
 * sender leave them. Event n has the number n and was accepted n milliseconds after `since`.
 */
export async function storeDeliveries(
  cloud: Cloud,
  {
    accountId,
    webhookId,
    count,
    since,
  }: {
    readonly accountId: AccountId;
    readonly webhookId: WebhookId;
    readonly count: number;
    /** Milliseconds since 1970. */
    readonly since: number;
  },
): Promise<void> {
  const dynamodb = createInProcessClient(cloud.calls, ADMINISTRATOR, 'dynamodb');
  const store = createDeliveryStore({ dynamodb, tableName: cloud.outputs.DeliveriesTableName ?? '' });
  await inParallel([...Array(count).keys()], PARALLEL_WRITES, async (number) => {
    const eventId = parseEventId(`evt_${number}`);
    if (eventId === undefined) throw new Error(`evt_${number} is not an event id`);
    const acceptedAt = since + number;
    const created = new Date(acceptedAt).toISOString();
    const data = { number, published_at: acceptedAt, padding: PADDING };
    await store.putEvent({
      id: eventId,
      accountId,
      type: TYPE,
      body: JSON.stringify({ id: eventId, type: TYPE, created, data }),
      acceptedAt,
      busEventId: `bus-${number}`,
      webhookIds: [webhookId],
    });
    const delivery: DeliveryHeader = {
      ...{ accountId, webhookId, eventId, acceptedAt, eventType: TYPE },
      deliveryId: deliveryIdOf({ accountId, webhookId, eventId, acceptedAt }),
      kind: 'event',
      trigger: 'event',
    };
    if (number % 2 === 0) await store.recordUntried(delivery, 'held', 'the webhook is disabled');
    else {
      const attempt = { number: 4, at: acceptedAt, durationMs: 5, token: `token-${number}` };
      await store.recordFailure(delivery, { ...attempt, status: 503 }, 'exhausted');
    }
  });
}
