import { useState } from 'preact/hooks';
import { api, bodyOf } from '../../api/client.ts';
import { toProblem } from '../../api/problem.ts';
import { useQuery } from '../../api/use-query.ts';
import { StatusBadge } from '../../kit/badge.tsx';
import { QueryProblem } from '../../kit/error-panel.tsx';
import { Notice } from '../../kit/layout.tsx';
import { EVENT_TYPES } from '../../texts/event-types.ts';

const POLL_MS = 1_500;

/** A delivery is found when the result of its first attempt is recorded. */
function readResult(webhookId: string, deliveryId: string, signal: AbortSignal) {
  const params = { path: { webhook_id: webhookId, delivery_id: deliveryId } };
  const delivery = bodyOf(api.GET('/v1/webhooks/{webhook_id}/deliveries/{delivery_id}', { params, signal }));
  return delivery.catch((error: unknown) => {
    if (toProblem(error).status === 404) return undefined;
    throw error;
  });
}

/** The result of a test event, read again until it is final. */
export function TestResult({ webhookId, deliveryId }: { webhookId: string; deliveryId: string }) {
  const [isFinal, setFinal] = useState(false);
  const result = useQuery(`test ${deliveryId}`, (signal) => readResult(webhookId, deliveryId, signal), {
    pollMs: isFinal ? undefined : POLL_MS,
  });
  const status = result.data?.status;
  if (status !== undefined && status !== 'retrying' && !isFinal) setFinal(true);
  return (
    <>
      <Notice tone="info" role="status">
        {status === undefined ? (
          <p>{EVENT_TYPES.waiting}</p>
        ) : (
          <div class="actions">
            {EVENT_TYPES.result} <StatusBadge status={status} />
            <a href={`/console/webhooks/${webhookId}/deliveries/${deliveryId}`}>{EVENT_TYPES.showDelivery}</a>
          </div>
        )}
      </Notice>
      <QueryProblem query={result} />
    </>
  );
}
