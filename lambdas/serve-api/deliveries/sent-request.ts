import { HEADER_VALUE_MASK } from '../../shared/domain/custom-headers.ts';
import type { Attempt, DeliveryRecord } from '../../shared/domain/delivery.ts';
import type { StoredEvent } from '../../shared/domain/event.ts';
import { deliveryIdOf, timeOfDeliveryId } from '../../shared/domain/ids.ts';
import type { Webhook } from '../../shared/domain/webhook.ts';
import { deliveryHeaders } from '../../shared/http/headers.ts';
import { timestampOf } from '../../shared/signing/sign.ts';
import type { CallDeps } from '../call.ts';
import type { RequestView } from '../open-api/schemas/delivery.ts';

/** A sender reads the webhook at most this long before it signs. Includes the difference of two clocks. */
const READ_BEFORE_SIGNING_MS = 5_000;

/** The request of a delivery, derived from stored data. */
export interface SentRequest {
  /** Absent when no attempt is recorded: then no request is known to have been sent. */
  readonly view?: RequestView;
  headersOf(attempt: Attempt): Readonly<Record<string, string>>;
}

/** Reads the event and the webhook of a delivery. `now` is in milliseconds since 1970. */
export async function readSentRequest(
  record: DeliveryRecord,
  { events, webhooks }: Pick<CallDeps, 'events' | 'webhooks'>,
  now: number,
): Promise<SentRequest> {
  const [first] = record.attempts;
  if (first === undefined) return { headersOf: () => ({}) };
  const { accountId, webhookId, eventId } = record;
  const isChallenge = record.kind === 'verification';
  const [event, webhook] = await Promise.all([
    isChallenge ? undefined : events.getEvent(accountId, eventId, now),
    webhooks.get(accountId, webhookId),
  ]);
  const body = event !== undefined && isEventOf(record, event) ? event.body : null;
  const custom = webhook?.customHeaders?.names.map((name) => [name, HEADER_VALUE_MASK] as const) ?? [];
  return {
    view: {
      method: 'POST',
      url: urlOf(record, webhook) ?? null,
      may_differ: mayDiffer(webhook, timestampIn(first)),
      body,
      body_missing: body !== null ? null : isChallenge ? 'challenge' : 'expired',
    },
    headersOf: (attempt) => {
      const hidden = { hex: HEADER_VALUE_MASK, standard: `v1,${HEADER_VALUE_MASK}` };
      const signed = { signedAt: timestampIn(attempt) * 1_000, ...hidden };
      return deliveryHeaders(record, signed, attempt.number, custom);
    },
  };
}

/** Seconds since 1970. */
function timestampIn({ timestamp, at }: Attempt): number {
  return timestamp ?? timestampOf(at);
}

/** An id can be published again after its event has expired, with other data, while the delivery is still recorded. */
function isEventOf(record: DeliveryRecord, { acceptedAt }: StoredEvent): boolean {
  if (record.resendOf === undefined) return deliveryIdOf({ ...record, acceptedAt }) === record.deliveryId;
  return acceptedAt <= (record.startedAt ?? timeOfDeliveryId(record.deliveryId));
}

function urlOf(record: DeliveryRecord, webhook: Webhook | undefined): string | undefined {
  if (record.kind !== 'verification') return webhook?.url;
  if (webhook?.verification?.id === record.eventId) return webhook.verification.url;
  return webhook?.verifiedBy === record.eventId ? webhook.url : undefined;
}

/** Whether the webhook may have had another URL or other headers when the first attempt was signed. */
function mayDiffer(webhook: Webhook | undefined, timestamp: number): boolean {
  return webhook === undefined || Date.parse(webhook.updatedAt) > timestamp * 1_000 - READ_BEFORE_SIGNING_MS;
}
