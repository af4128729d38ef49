import type { DisableAfter } from '../../shared/domain/health.ts';
import type { Webhook } from '../../shared/domain/webhook.ts';
import type { HourView, WebhookHealthView } from '../open-api/schemas/webhook-health.ts';
import { healthMarks } from '../webhooks/webhook-view.ts';
import type { NewestRecords } from './read-newest.ts';
import {
  type HourSummary,
  lastOutcome,
  type Outcome,
  summarizeHours,
  summarizeRecoverable,
  summarizeWindow,
  type WindowSummary,
} from './summarize.ts';

const HOUR_MS = 3_600_000;

/** `now` is in milliseconds since 1970. */
export function toHealthView(
  webhook: Webhook,
  { records, examinedSince, coversOutage }: NewestRecords,
  disableAfter: DisableAfter | undefined,
  now: number,
): WebhookHealthView {
  const success = lastOutcome(records, 'success');
  const failure = lastOutcome(records, 'failure');
  const window = (hours: number) => summarizeWindow(records, now - hours * HOUR_MS, examinedSince);
  const lastDay = window(24);
  const { since, ...waiting } = summarizeRecoverable(records);
  return {
    webhook_id: webhook.id,
    as_of: timeView(now),
    status: webhook.status,
    last_hour: windowView(window(1)),
    last_day: windowView(lastDay),
    hours: summarizeHours(records, lastDay.since, now).map(hourView),
    recoverable: { ...waiting, since: since === undefined ? null : timeView(since), complete: coversOutage },
    last_success: success === undefined ? null : outcomeView(success),
    last_failure:
      failure === undefined
        ? null
        : {
            ...outcomeView(failure),
            error: failure.attempt.error ?? null,
            reason: failure.attempt.reason ?? null,
          },
    disable_after: disableAfter === undefined ? null : { ...disableAfter },
    ...healthMarks(webhook),
    slow_since: webhook.slowSince ?? null,
  };
}

function windowView({ since, complete, delivered, exhausted, p50Ms, p99Ms }: WindowSummary) {
  const ended = delivered + exhausted;
  return {
    since: timeView(since),
    complete,
    delivered,
    exhausted,
    success_rate: ended === 0 ? null : delivered / ended,
    p50_ms: p50Ms ?? null,
    p99_ms: p99Ms ?? null,
  };
}

export function hourView({ start, failedAttempts, ...hour }: HourSummary): HourView {
  const { delivered, retrying, exhausted, held } = hour;
  return {
    start: timeView(start),
    ...{ delivered, retrying, exhausted, held },
    failed_attempts: { ...failedAttempts },
  };
}

function outcomeView({ deliveryId, attempt }: Outcome) {
  return { delivery_id: deliveryId, at: timeView(attempt.at), status: attempt.status ?? null };
}

function timeView(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
