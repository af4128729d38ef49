import type { Attempt, DeliveryRecord } from '../../shared/domain/delivery.ts';
import { timeOfDeliveryId } from '../../shared/domain/ids.ts';
import { present } from '../../shared/store/items.ts';
import type {
  AttemptSummaryView,
  AttemptView,
  DeliverySummaryView,
  DeliveryView,
} from '../open-api/schemas/delivery.ts';
import { timeText } from '../schemas/time.ts';
import type { SentRequest } from './sent-request.ts';

/** A delivery as a list shows it: without the headers and bodies of responses. */
export function toDeliverySummary(record: DeliveryRecord): DeliverySummaryView {
  return { ...viewOf(record), attempts: record.attempts.map(toAttemptSummary) };
}

export function toDeliveryView(record: DeliveryRecord, { view, headersOf }: SentRequest): DeliveryView {
  return {
    ...viewOf(record),
    attempts: record.attempts.map((attempt) => toAttemptView(attempt, { ...headersOf(attempt) })),
    ...present({ request: view }),
  };
}

export function toAttemptSummary(attempt: Attempt): AttemptSummaryView {
  const { status, excerptCut = false } = attempt;
  return {
    ...attemptViewOf(attempt),
    ...(status === undefined ? {} : { response: { status, body_truncated: excerptCut } }),
  };
}

/** The state of a delivery. An event shows its deliveries with the same fields. */
export function stateViewOf(record: DeliveryRecord) {
  const { status, nextAttemptAt } = record;
  return {
    ...present({ reason: record.reason, resend_of: record.resendOf, resent_as: record.resentAs }),
    ...(nextAttemptAt === undefined || status !== 'retrying'
      ? {}
      : { next_attempt_at: timeText(nextAttemptAt) }),
    trigger: record.trigger,
    created: timeText(record.startedAt ?? timeOfDeliveryId(record.deliveryId)),
  };
}

function viewOf(record: DeliveryRecord): Omit<DeliveryView, 'attempts' | 'request'> {
  return {
    id: record.deliveryId,
    event_id: record.eventId,
    event_type: record.eventType,
    webhook_id: record.webhookId,
    status: record.status,
    accepted: timeText(timeOfDeliveryId(record.deliveryId)),
    ...stateViewOf(record),
  };
}

function toAttemptView(attempt: Attempt, headers: Record<string, string>): AttemptView {
  const { status, location, responseHeaders, excerpt, excerptCut = false } = attempt;
  const view = { ...attemptViewOf(attempt), request: { headers } };
  if (status === undefined) return view;
  return {
    ...view,
    response: {
      status,
      headers: { ...present({ location }), ...responseHeaders },
      body: excerpt ?? null,
      body_truncated: excerptCut,
    },
  };
}

function attemptViewOf({ number, at, durationMs, timing = {}, error, reason }: Attempt) {
  return {
    number,
    at: timeText(at),
    duration_ms: durationMs,
    timing: {
      dns_ms: timing.dnsMs ?? null,
      connect_ms: timing.connectMs ?? null,
      tls_ms: timing.tlsMs ?? null,
      first_byte_ms: timing.firstByteMs ?? null,
    },
    ...present({ error, reason }),
  };
}
