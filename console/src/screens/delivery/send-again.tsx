import { api, bodyOf } from '../../api/client.ts';
import { type Action, useAction } from '../../api/use-action.ts';
import { useQuery } from '../../api/use-query.ts';
import { StatusBadge } from '../../kit/badge.tsx';
import { ActionButton, Button } from '../../kit/button.tsx';
import { ErrorPanel, QueryProblem } from '../../kit/error-panel.tsx';
import { Notice } from '../../kit/layout.tsx';
import type { ExplainedAttempt } from '../../parts/attempt-text.ts';
import { deliveryAddress, LastResult } from '../../parts/delivery-summary.tsx';
import { type Webhook, webhookAddress, whyNothingIsSent } from '../../parts/webhook.tsx';
import { SEND_AGAIN } from '../../texts/delivery.ts';
import type { Delivery } from './cause.ts';
import { pollMsOf } from './poll.ts';
import { readDelivery } from './use-delivery.ts';

/** While the new delivery has no result. */
const WATCH_MS = 1_000;

interface Sent {
  readonly delivery_id: string;
  readonly event_id: string;
}

export type SendAgain = Action<undefined, Sent>;

export function useSendAgain(webhookId: string, deliveryId: string): SendAgain {
  return useAction((_: undefined, key) => {
    const path = { webhook_id: webhookId, delivery_id: deliveryId };
    const params = { path, header: { 'Idempotency-Key': key } };
    return bodyOf(api.POST('/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/resend', { params }));
  });
}

interface SendAgainButtonProps {
  readonly delivery: Delivery;
  readonly webhook: Webhook | undefined;
  readonly isDeleted: boolean;
  readonly isBusy: boolean;
  readonly onClick: () => void;
}

export function SendAgainButton({ delivery, webhook, isDeleted, isBusy, onClick }: SendAgainButtonProps) {
  const reason = isDeleted ? SEND_AGAIN.deleted : whyNot(delivery, webhook);
  return (
    <ActionButton kind="filled" isBusy={isBusy} disabledReason={reason} onClick={onClick}>
      {SEND_AGAIN.button}
    </ActionButton>
  );
}

function whyNot({ trigger, request }: Delivery, webhook: Webhook | undefined): string | undefined {
  if (trigger === 'verification') return SEND_AGAIN.challenge;
  if (request?.body_missing === 'expired') return SEND_AGAIN.expired;
  return webhook && whyNothingIsSent(webhook);
}

/** Why it was not sent again. A webhook whose state does not allow it is shown. */
export function SendAgainProblem({ action, webhookId }: { action: SendAgain; webhookId: string }) {
  const { problem } = action;
  if (problem === undefined) return null;
  return (
    <>
      <ErrorPanel problem={problem} />
      {problem.status === 409 && (
        <p>
          <a href={webhookAddress(webhookId)}>{SEND_AGAIN.showWebhook}</a>
        </p>
      )}
    </>
  );
}

/** What is known of the new delivery; undefined: no result is recorded yet. */
interface Outcome {
  readonly status: string;
  readonly reason?: string | undefined;
  readonly attempt?: ExplainedAttempt | undefined;
  readonly pollMs: number | undefined;
}

/** The new delivery and its result. */
export function NewDelivery({ webhookId, sent }: { webhookId: string; sent: Sent }) {
  const found = useQuery(
    `new delivery ${sent.delivery_id}`,
    (signal) => readOutcome(webhookId, sent, signal),
    {
      pollMs: (outcome) => (outcome === undefined ? WATCH_MS : outcome.pollMs),
    },
  );
  const outcome = found.data;
  return (
    <>
      <Notice
        tone={outcome === undefined ? 'info' : outcome.status === 'delivered' ? 'ok' : 'warn'}
        role="status"
        title={outcome === undefined ? SEND_AGAIN.queuedTitle : SEND_AGAIN.resultTitle}
        actions={<Button href={deliveryAddress(webhookId, sent.delivery_id)}>{SEND_AGAIN.show}</Button>}
      >
        {outcome === undefined ? (
          <p>{SEND_AGAIN.queued}</p>
        ) : (
          <p>
            <StatusBadge status={outcome.status} />{' '}
            <LastResult
              status={outcome.status}
              reason={outcome.reason}
              attempt={outcome.attempt}
              isResent={false}
              isActive={false}
            />
          </p>
        )}
      </Notice>
      <QueryProblem query={found} />
    </>
  );
}

/**
 * A delivery has no record before its first result; until then its event lists it as queued. When the delivery was sent again
 * once more, the event no longer lists it.
 */
async function readOutcome(webhookId: string, sent: Sent, signal: AbortSignal): Promise<Outcome | undefined> {
  const params = { path: { event_id: sent.event_id } };
  const event = await bodyOf(api.GET('/v1/events/{event_id}', { params, signal }));
  const listed = event.deliveries.find(({ delivery_id: id }) => id === sent.delivery_id);
  if (listed?.status === 'queued') return undefined;
  if (listed !== undefined) {
    const { status, reason, last_attempt: attempt, next_attempt_at: next } = listed;
    return { status, reason, attempt, pollMs: pollMsOf({ status, next_attempt_at: next }, Date.now()) };
  }
  const delivery = await readDelivery(webhookId, sent.delivery_id, signal);
  const { status, reason, attempts } = delivery;
  return { status, reason, attempt: attempts.at(-1), pollMs: pollMsOf(delivery, Date.now()) };
}
