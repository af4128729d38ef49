import { api, bodyOf } from '../../api/client.ts';
import { ApiProblem } from '../../api/problem.ts';
import { type Action, useAction } from '../../api/use-action.ts';
import { useQuery } from '../../api/use-query.ts';
import { StatusBadge } from '../../kit/badge.tsx';
import { ActionButton, Button } from '../../kit/button.tsx';
import { ErrorPanel, QueryProblem } from '../../kit/error-panel.tsx';
import { Notice } from '../../kit/layout.tsx';
import { deliveryAddress, LastResult } from '../../parts/delivery-summary.tsx';
import { type Webhook, webhookAddress, whyNothingIsSent } from '../../parts/webhook.tsx';
import { SEND_AGAIN } from '../../texts/delivery.ts';
import type { Delivery } from './cause.ts';
import { pollMsOf } from './poll.ts';
import { readDelivery } from './use-delivery.ts';

/** While the new delivery has no result. */
const WATCH_MS = 1_000;

export type SendAgain = Action<undefined, { delivery_id: string }>;

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

/** What becomes of the new delivery. It has no record before its first result. */
export function NewDelivery({ webhookId, deliveryId }: { webhookId: string; deliveryId: string }) {
  const found = useQuery(
    `new delivery ${deliveryId}`,
    (signal) => readDelivery(webhookId, deliveryId, signal).catch(undefinedIfMissing),
    { pollMs: (delivery) => (delivery ? pollMsOf(delivery, Date.now()) : WATCH_MS) },
  );
  const delivery = found.data;
  return (
    <>
      <Notice
        tone={delivery === undefined ? 'info' : delivery.status === 'delivered' ? 'ok' : 'warn'}
        role="status"
        title={delivery === undefined ? SEND_AGAIN.queuedTitle : SEND_AGAIN.resultTitle}
        actions={<Button href={deliveryAddress(webhookId, deliveryId)}>{SEND_AGAIN.show}</Button>}
      >
        {delivery === undefined ? (
          <p>{SEND_AGAIN.queued}</p>
        ) : (
          <p>
            <StatusBadge status={delivery.status} />{' '}
            <LastResult
              status={delivery.status}
              reason={delivery.reason}
              attempt={delivery.attempts.at(-1)}
              isResent={false}
            />
          </p>
        )}
      </Notice>
      <QueryProblem query={found} />
    </>
  );
}

function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof ApiProblem && error.status === 404) return undefined;
  throw error;
}
