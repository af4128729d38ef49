import { serializeBody } from '../../shared/domain/event.ts';
import { newEventId, parseWebhookId } from '../../shared/domain/ids.ts';
import { SECRET_UNREADABLE } from '../../shared/domain/webhook.ts';
import { openLiveSecrets } from '../../shared/secrets/live-secrets.ts';
import type { CallDeps, CallRequest } from '../call.ts';
import { TEST_BUS_EVENT_ID } from '../events/not-matched.ts';
import type { Creation } from '../idempotency.ts';
import { TEST_RATE_LIMIT } from '../limits.ts';
import type { TestEvent } from '../open-api/calls/test-webhook-by-path.ts';
import { invalidRequest, problem, tooManyRequests, unavailable, webhookNotFound } from '../problem.ts';
import type { ApiResponse } from '../response.ts';
import { enqueueDelivery, makeFirstDelivery } from './first-delivery.ts';

/** Sends the example of an event type to a webhook. A repetition sends an event and a delivery with the same ids. */
export async function sendTestEvent(
  { accountId, startedAt, seed }: Pick<CallRequest<unknown>, 'accountId'> & Creation,
  target: { readonly webhookId: string | undefined; readonly type: string },
  deps: CallDeps,
): Promise<ApiResponse> {
  const { type } = target;
  const webhookId = parseWebhookId(target.webhookId);
  const webhook = webhookId && (await deps.webhooks.get(accountId, webhookId));
  if (webhook === undefined) return webhookNotFound();
  if (webhook.status !== 'active') {
    const detail = `the webhook is ${webhook.status}; only an active webhook is sent test events`;
    return problem('conflict', detail);
  }
  const checked = deps.checkUrl(webhook.url);
  if (!checked.ok) return invalidRequest([{ path: 'url', message: checked.reason }]);

  const now = deps.clock.now();
  const taken = await deps.rateLimits.take(accountId, TEST_RATE_LIMIT, now);
  if (!taken.ok) {
    return tooManyRequests('test events were requested', TEST_RATE_LIMIT, taken.retryAfterSeconds);
  }
  const opened = await openLiveSecrets(webhook, deps.keyring.open, now);
  if (!opened.ok) return problem('conflict', SECRET_UNREADABLE);

  const eventId = newEventId(seed);
  const data = deps.eventTypes.find(({ name }) => name === type)?.example;
  const created = new Date(startedAt).toISOString();
  const body = serializeBody({ id: eventId, accountId, type, created, data });
  const message = makeFirstDelivery({
    kind: 'test',
    webhook,
    url: webhook.url,
    eventId,
    eventType: type,
    body,
    secrets: opened.secrets,
    now: startedAt,
    retryDelaysSeconds: deps.retryDelaysSeconds,
  });
  await deps.events.putEvent({
    id: eventId,
    accountId,
    type,
    body,
    acceptedAt: startedAt,
    busEventId: TEST_BUS_EVENT_ID,
    webhookIds: [webhook.id],
  });
  const sent = await enqueueDelivery(deps, webhook, message);
  if (!sent.ok) return unavailable('the test event could not be sent');
  const view: TestEvent = { event_id: eventId, delivery_id: message.deliveryId };
  return { status: 202, body: view };
}
