import { parseEventId } from '../../shared/domain/ids.ts';
import { defineCallWithoutInput } from '../call.ts';
import { stateViewOf, toAttemptSummary } from '../deliveries/delivery-view.ts';
import { findNotMatched } from '../events/not-matched.ts';
import { type EventDelivery, readDeliveries } from '../events/read-deliveries.ts';
import type { Deliveries, EventDeliveryView } from '../open-api/calls/get-event.ts';
import { eventNotFound } from '../problem.ts';
import { timeText } from '../schemas/time.ts';

export const getEvent = defineCallWithoutInput({
  async handle({ accountId, path }, { events, webhooks, readRecords, clock }) {
    const eventId = parseEventId(path.event_id);
    const now = clock.now();
    const event = eventId && (await events.getEvent(accountId, eventId, now));
    if (event === undefined) return eventNotFound();
    const [deliveries, account] = await Promise.all([
      readDeliveries(readRecords, event),
      webhooks.list(accountId),
    ]);
    const view: Deliveries = {
      as_of: timeText(now),
      deliveries: deliveries.map(viewOf),
      not_matched: findNotMatched(event, account.webhooks).map(({ webhookId, reason }) => ({
        webhook_id: webhookId,
        reason,
      })),
    };
    return { status: 200, body: withFields(event.body, view) };
  },
});

function viewOf({ webhookId, deliveryId, resendOf, record }: EventDelivery): EventDeliveryView {
  const ids = { webhook_id: webhookId, delivery_id: deliveryId };
  if (record === undefined) {
    return { ...ids, status: 'queued', ...(resendOf && { resend_of: resendOf }), attempts: 0 };
  }
  const last = record.attempts.at(-1);
  return {
    ...ids,
    status: record.status,
    ...stateViewOf(record),
    attempts: record.attempts.length,
    ...(last && { last_attempt: toAttemptSummary(last) }),
  };
}

/** Adds fields to the JSON text of an object. The text is not parsed: numbers in it keep their digits. */
function withFields(objectText: string, fields: object): string {
  return `${objectText.slice(0, -1)},${JSON.stringify(fields).slice(1)}`;
}
