import { serializeBody } from '../../shared/domain/event.ts';
import { newEventId, parseWebhookId } from '../../shared/domain/ids.ts';
import { SECRET_UNREADABLE } from '../../shared/domain/webhook.ts';
import { openLiveSecrets } from '../../shared/secrets/live-secrets.ts';
import { enqueueDelivery, makeFirstDelivery } from '../first-delivery.ts';
import { TEST_LIMIT } from '../limits.ts';
import { invalidRequest, problem, tooManyRequests, unavailable, webhookNotFound } from '../problem.ts';
import { readInput } from '../read-input.ts';
import type { TestEventView } from '../schemas/responses.ts';
import type { Call } from './call.ts';

/** Used instead of the bus's event id. */
const NOT_FROM_THE_BUS = 'test';

/** Sends the example of a type to one webhook, also when it does not subscribe to that type. */
export const testWebhook: Call = async ({ accountId, body }, deps) => {
  const input = readInput(deps.schemas.testWebhook, body);
  if (!input.ok) return input.reply;
  const { webhook_id, event_type: type } = input.value;
  const webhookId = parseWebhookId(webhook_id);
  const webhook = webhookId && (await deps.webhooks.get(accountId, webhookId));
  if (webhook === undefined) return webhookNotFound();
  if (webhook.status !== 'active') {
    return problem(
      'conflict',
      `the webhook is ${webhook.status}; only an active webhook is sent test events`,
    );
  }

  const checked = deps.checkUrl(webhook.url);
  if (!checked.ok) return invalidRequest([{ path: 'url', message: checked.reason }]);

  const now = deps.clock.now();
  const taken = await deps.rateLimits.take(accountId, TEST_LIMIT, now);
  if (!taken.ok) return tooManyRequests('test events were requested', TEST_LIMIT, taken.retryAfterSeconds);
  const opened = await openLiveSecrets(webhook, deps.keyring.open, now);
  if (!opened.ok) return problem('conflict', SECRET_UNREADABLE);

  const eventId = newEventId();
  const data = deps.eventTypes.find(({ name }) => name === type)?.example;
  const eventBody = serializeBody({
    id: eventId,
    accountId,
    type,
    created: new Date(now).toISOString(),
    data,
  });
  const message = makeFirstDelivery({
    kind: 'test',
    webhook,
    url: webhook.url,
    eventId,
    eventType: type,
    body: eventBody,
    secrets: opened.secrets,
    now,
    retryDelaysSeconds: deps.retryDelaysSeconds,
  });
  await deps.events.putEvent({
    id: eventId,
    accountId,
    type,
    body: eventBody,
    acceptedAt: now,
    busEventId: NOT_FROM_THE_BUS,
    webhookIds: [webhook.id],
  });
  const sent = await enqueueDelivery(deps.lanes, webhook, message);
  if (!sent.ok) return unavailable('the test event could not be sent');
  const answer: TestEventView = { event_id: eventId, delivery_id: message.deliveryId };
  return { status: 202, body: answer };
};
