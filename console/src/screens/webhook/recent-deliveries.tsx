import { api, bodyOf } from '../../api/client.ts';
import { useQuery } from '../../api/use-query.ts';
import { ActionButton, Button } from '../../kit/button.tsx';
import { QueryProblem } from '../../kit/error-panel.tsx';
import { EmptyState, Section } from '../../kit/layout.tsx';
import { Loading } from '../../kit/loading.tsx';
import { WEBHOOK } from '../../texts/webhook.ts';
import { DeliveryTable } from '../deliveries/delivery-table.tsx';

const SHOWN = 10;
const POLL_MS = 10_000;

/** `canRecover`: whether something failed that can be sent again. `version` changes when something was sent. */
export function RecentDeliveries({
  id,
  canRecover,
  version,
}: {
  id: string;
  canRecover: boolean;
  version: number;
}) {
  const list = useQuery(
    `newest deliveries ${id} ${version}`,
    (signal) =>
      bodyOf(
        api.GET('/v1/webhooks/{webhook_id}/deliveries', {
          params: { path: { webhook_id: id }, query: { limit: SHOWN } },
          signal,
        }),
      ),
    { pollMs: POLL_MS },
  );
  return (
    <Section
      title={WEBHOOK.deliveries.title}
      actions={
        <>
          {canRecover && (
            <ActionButton href={`/console/webhooks/${id}/recover`}>{WEBHOOK.deliveries.recover}</ActionButton>
          )}
          <Button href={`/console/webhooks/${id}/deliveries`}>{WEBHOOK.deliveries.all}</Button>
        </>
      }
    >
      <QueryProblem query={list} />
      {list.isLoading && <Loading rows={5} />}
      {list.data &&
        (list.data.data.length === 0 ? (
          <EmptyState>{WEBHOOK.deliveries.empty}</EmptyState>
        ) : (
          <DeliveryTable deliveries={list.data.data} />
        ))}
    </Section>
  );
}
