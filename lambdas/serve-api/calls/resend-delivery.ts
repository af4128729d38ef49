import { newDeliveryId, parseDeliveryId, parseWebhookId } from '../../shared/domain/ids.ts';
import { repeatOf } from '../../shared/domain/repeat.ts';
import { subscribesTo } from '../../shared/domain/subscription.ts';
import { subscribedSystemEvents } from '../../shared/domain/system-event.ts';
import { SECRET_UNREADABLE, type Webhook } from '../../shared/domain/webhook.ts';
import { openLiveSecrets } from '../../shared/secrets/live-secrets.ts';
import { sign } from '../../shared/signing/sign.ts';
import { defineCallWithoutInput } from '../call.ts';
import { RESEND_RATE_LIMIT } from '../limits.ts';
import type { ResentDelivery } from '../open-api/calls/resend-delivery.ts';
import {
  deliveryNotFound,
  PROBLEMS,
  problem,
  tooManyRequests,
  unavailable,
  webhookNotFound,
} from '../problem.ts';
import { enqueueDelivery } from '../webhooks/first-delivery.ts';
import { whyNotReceiving } from '../webhooks/why-not-receiving.ts';

export const resendDelivery = defineCallWithoutInput({
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
      subscribedSystemEvents: subscribedSystemEvents(webhooks),
      retryDelaysSeconds: deps.retryDelaysSeconds,
    });
    // Marked before it is enqueued, so that a concurrent recovery does not repeat it, too. When it is not enqueued, a
    // later recovery repeats it.
    await deps.events.markResent(record, message.deliveryId, { over: true });
    const sent = await enqueueDelivery(deps, webhook, message);
    if (!sent.ok) return unavailable('the delivery could not be sent again');
    const view: ResentDelivery = {
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
