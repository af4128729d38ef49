import * as z from 'zod';
import { newDeliveryId, parseDeliveryId, parseWebhookId } from '../../shared/domain/ids.ts';
import { repeatOf } from '../../shared/domain/repeat.ts';
import { subscribesTo } from '../../shared/domain/subscription.ts';
import { wantedSystemEvents } from '../../shared/domain/system-event.ts';
import { SECRET_UNREADABLE, type Webhook } from '../../shared/domain/webhook.ts';
import { openLiveSecrets } from '../../shared/secrets/live-secrets.ts';
import { sign } from '../../shared/signing/sign.ts';
import { defineCallWithoutInput } from '../call.ts';
import { RESEND_RATE_LIMIT } from '../limits.ts';
import {
  deliveryNotFound,
  PROBLEMS,
  problem,
  tooManyRequests,
  unavailable,
  webhookNotFound,
} from '../problem.ts';
import { EXAMPLE_DELIVERY_ID, EXAMPLE_EVENT_ID } from '../schemas/examples.ts';
import { enqueueDelivery } from '../webhooks/first-delivery.ts';
import { whyNotReceiving } from '../webhooks/why-not-receiving.ts';

const resentDeliverySchema = z.strictObject({
  delivery_id: z.string().meta({
    description: 'The new delivery: sent in the header `X-Webhook-Delivery`.',
    examples: [EXAMPLE_DELIVERY_ID],
  }),
  event_id: z.string().meta({
    description: 'The same as before: sent in the header `webhook-id` and as `id` of the body.',
    examples: [EXAMPLE_EVENT_ID],
  }),
});

export const resendDelivery = defineCallWithoutInput({
  description: {
    summary: 'Send a delivery again',
    description:
      'Makes a new delivery of the same event to the same webhook, at its current URL. The status of the delivery does ' +
      'not matter, and each request makes another one. The new delivery names this one as `resend_of`. 409 for a ' +
      'webhook that is not active or no longer subscribes to the type, and for the delivery of a challenge; 410 when ' +
      'the event has expired. A body is ignored.',
    success: {
      status: 202,
      description: 'The new delivery is queued.',
      output: { name: 'ResentDelivery', schema: resentDeliverySchema },
    },
    problems: ['not-found', 'conflict', 'gone', 'too-many-requests'],
  },
  idempotent: true,
  async handle({ accountId, path, startedAt, seed }, deps) {
    const webhookId = parseWebhookId(path.webhook_id);
    const webhook = webhookId && (await deps.webhooks.get(accountId, webhookId));
    if (webhook === undefined) return webhookNotFound();
    const now = deps.clock.now();
    const deliveryId = parseDeliveryId(path.delivery_id);
    const record = deliveryId && (await deps.deliveryLog.get(accountId, webhook.id, deliveryId, now));
    if (record === undefined) return deliveryNotFound();
    if (record.kind === 'verification') {
      const detail = `this is the delivery of a challenge; POST /v1/webhooks/${webhook.id}/verify sends a new one`;
      return problem('conflict', detail);
    }
    const refusal = whyNotReceiving(webhook, deps.checkUrl) ?? whyUnsubscribed(webhook, record);
    if (refusal !== undefined) return problem('conflict', refusal);

    const taken = await deps.rateLimits.take(accountId, RESEND_RATE_LIMIT, now);
    if (!taken.ok) {
      return tooManyRequests('deliveries were sent again', RESEND_RATE_LIMIT, taken.retryAfterSeconds);
    }
    const opened = await openLiveSecrets(webhook, deps.keyring.open, now);
    if (!opened.ok) return problem('conflict', SECRET_UNREADABLE);
    const event = await deps.events.getEvent(accountId, record.eventId, now);
    if (event === undefined) {
      return problem('gone', PROBLEMS.gone.example);
    }

    const { webhooks } = await deps.webhooks.list(accountId);
    const message = repeatOf(record, {
      deliveryId: newDeliveryId(startedAt, seed),
      trigger: 'resend',
      now,
      event,
      webhook,
      signed: sign({ secrets: opened.secrets, eventId: event.id, signedAt: now, body: event.body }),
      wantedSystemEvents: wantedSystemEvents(webhooks),
      retryDelaysSeconds: deps.retryDelaysSeconds,
    });
    // First, so that a recovery at the same time does not repeat it, too. A recovery finds a mark without a delivery.
    await deps.events.markResent(record, message.deliveryId, { over: true });
    const sent = await enqueueDelivery(deps.lanes, webhook, message);
    if (!sent.ok) return unavailable('the delivery could not be sent again');
    const view: z.output<typeof resentDeliverySchema> = {
      delivery_id: message.deliveryId,
      event_id: record.eventId,
    };
    return { status: 202, body: view };
  },
});

function whyUnsubscribed(
  webhook: Webhook,
  { kind, eventType }: { readonly kind: string; readonly eventType: string },
): string | undefined {
  if (kind !== 'event' || subscribesTo(webhook.events, eventType)) return undefined;
  return `the webhook no longer subscribes to ${eventType}`;
}
