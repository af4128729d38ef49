import type { DeliveryKind, DeliveryMessage } from '../../shared/domain/delivery.ts';
import { deliveryIdsOf } from '../../shared/domain/delivery-ids.ts';
import { deliveryIdOf, type EventId } from '../../shared/domain/ids.ts';
import { webhookSettings } from '../../shared/domain/repeat.ts';
import { maxAttempts } from '../../shared/domain/retry-schedule.ts';
import type { Webhook } from '../../shared/domain/webhook.ts';
import { NOT_TRIED, type Sent, whyUnsent } from '../../shared/runtime/queues.ts';
import { sign } from '../../shared/signing/sign.ts';
import type { CallDeps } from '../call.ts';

/** The message of the first attempt of a challenge or test event. It is signed like every delivery. */
export function makeFirstDelivery(input: {
  kind: Exclude<DeliveryKind, 'event'>;
  webhook: Webhook;
  url: string;
  eventId: EventId;
  eventType: string;
  body: string;
  /** Newest first. */
  secrets: readonly string[];
  /** Milliseconds since 1970. */
  now: number;
  retryDelaysSeconds: readonly number[];
}): DeliveryMessage {
  const { webhook, eventId, body, now } = input;
  const { accountId, id: webhookId } = webhook;
  return {
    kind: input.kind,
    accountId,
    eventId,
    eventType: input.eventType,
    webhookId,
    deliveryId: deliveryIdOf({ accountId, eventId, webhookId, acceptedAt: now }),
    acceptedAt: now,
    url: input.url,
    body,
    attempt: 1,
    signed: sign({ secrets: input.secrets, eventId, signedAt: now, body }),
    rerun: false,
    maxAttempts: maxAttempts(input.retryDelaysSeconds),
    subscribedSystemEvents: [],
    history: [],
    ...webhookSettings(webhook),
  };
}

/**
 * Sends the message to the first lane, or to the slow lane for a webhook that is known to be slow. A failure is logged. Never
 * throws.
 */
export async function enqueueDelivery(
  { lanes, log }: Pick<CallDeps, 'lanes' | 'log'>,
  webhook: Webhook,
  message: DeliveryMessage,
): Promise<Sent> {
  const [sent] = await lanes.enqueueFirst([{ message, slow: webhook.slowSince !== undefined }]);
  const result = sent ?? NOT_TRIED;
  if (!result.ok) {
    log.error('a delivery was not enqueued', { ...deliveryIdsOf(message), ...whyUnsent(result) });
  }
  return result;
}
