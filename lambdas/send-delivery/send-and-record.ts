import type { Attempt, DeliveryMessage } from '../shared/domain/delivery.ts';
import { deliveryIdsOf } from '../shared/domain/delivery-ids.ts';
import { ATTEMPT_DEADLINE_MS } from '../shared/domain/retry-schedule.ts';
import { type Traceparent, traceparentOfAttempt } from '../shared/domain/traceparent.ts';
import {
  HEADERS_UNREADABLE,
  type SealedHeaders,
  type SuccessStatus,
  type Webhook,
} from '../shared/domain/webhook.ts';
import { type OpenedHeaders, openHeaders } from '../shared/secrets/custom-headers.ts';
import { type AttemptRequest, makeAttempt } from './attempt.ts';
import type { BatchScope } from './batch-scope.ts';
import { claimMs } from './decide.ts';
import { ACKNOWLEDGE, type Disposition, postpone, postponeUntil } from './disposition.ts';
import type { SendDeps } from './ports.ts';
import type { ReceivedDelivery } from './receive.ts';
import { headerOf } from './record.ts';
import { recordFailure, recordSuccess } from './record-result.ts';
import { clearSlow, markSlow } from './slow-lane.ts';

/** Reserved for the record and the follow-up of an attempt that took the whole attempt deadline. */
const RECORDING_RESERVE_MS = 2_000;
const NO_TIME_LEFT = 'the function has no time left for an attempt';

/** The inputs of an attempt. The webhook is not read for a fresh message. */
export interface Basis extends Pick<AttemptRequest, 'url' | 'signed'> {
  /** The webhook's own rule of success. Undefined: the stack's. */
  readonly success: SuccessStatus | undefined;
  readonly customHeaders: SealedHeaders | undefined;
  /** Whether the delivery had no record just before the attempt. */
  readonly isUnrecorded: boolean;
  readonly webhook?: Webhook;
  /** The last attempt that is recorded. */
  readonly earlier?: Attempt;
}

/**
 * Sends once, records the attempt, then enqueues the follow-up. In this order, so that a redelivery after a crash at
 * any point finds the steps that are still to be done.
 */
export async function sendAndRecord(
  deps: SendDeps,
  batch: BatchScope,
  delivery: ReceivedDelivery,
  { url, signed, success = deps.success, customHeaders, isUnrecorded, webhook, earlier }: Basis,
): Promise<Disposition> {
  const { message } = delivery;
  const opened = await openHeadersOf(deps, message, customHeaders);
  if (!opened.ok) {
    await batch.recorder.end(headerOf(message), 'held', HEADERS_UNREADABLE);
    return ACKNOWLEDGE;
  }
  const { headers } = opened;
  const isTooLate = (): boolean =>
    deps.clock.now() + ATTEMPT_DEADLINE_MS + RECORDING_RESERVE_MS > batch.deadlineAt;
  if (isTooLate()) return postpone(NO_TIME_LEFT);
  const token = deps.newToken();
  if (message.attempt === 1 && message.resendOf !== undefined) {
    const claimedAt = deps.clock.now();
    const claimDurationMs = claimMs(deps.visibilityTimeoutSeconds);
    const claim = { token, at: claimedAt };
    const claimed = await deps.ports.records.claim(headerOf(message), claim, claimedAt - claimDurationMs + 1);
    if (claimed === 'lost')
      return postponeUntil(claimedAt + claimDurationMs, 'another copy makes this attempt');
    if (isTooLate()) return postpone(NO_TIME_LEFT);
  }
  // The time is read after the claim, which can take seconds: the delay of the next attempt counts from this attempt.
  const at = deps.clock.now();
  let marking: Promise<void> | undefined;
  try {
    const made = await deps.slowEndpoints.watch(
      message.webhookId,
      () => {
        const traceparent = deps.forwardTraceparent ? traceparentOf(message) : undefined;
        const request = { message, url, signed, customHeaders: headers, traceparent, token, at };
        return makeAttempt(request, success, deps.ports.http.post);
      },
      () => {
        if (webhook?.slowSince === undefined) marking = markSlow(deps, message);
      },
    );
    if (made.status !== undefined) deps.respondingHosts.add(url);
    const disposition =
      made.error === undefined
        ? await recordSuccess(deps, batch, message, made, { url, webhook, isUnrecorded })
        : await recordFailure(deps, batch, message, made, { url, webhook }, earlier);
    if (deps.lane === 'slow') await clearSlow(deps, message, made, webhook);
    return disposition;
  } finally {
    // Awaited after a failure, too: no call may be open when the function returns.
    await marking;
  }
}

function traceparentOf({
  traceparent,
  deliveryId,
  attempt: number,
}: DeliveryMessage): Traceparent | undefined {
  return traceparent && traceparentOfAttempt(traceparent, deliveryId, number);
}

async function openHeadersOf(
  { ports, log }: SendDeps,
  message: DeliveryMessage,
  customHeaders: SealedHeaders | undefined,
): Promise<OpenedHeaders> {
  const opened = await openHeaders(customHeaders, message, ports.openSecret);
  if (!opened.ok) {
    log.error('custom headers do not open', { ...deliveryIdsOf(message), why: opened.reason });
  }
  return opened;
}
