import { api, bodyOf } from '../../api/client.ts';
import type { components } from '../../api/schema.d.ts';
import { useQuery } from '../../api/use-query.ts';
import { StatusBadge } from '../../kit/badge.tsx';
import { ActionButton, Button } from '../../kit/button.tsx';
import { QueryProblem } from '../../kit/error-panel.tsx';
import { Foreign } from '../../kit/foreign.tsx';
import { EmptyState, Section } from '../../kit/layout.tsx';
import { Loading } from '../../kit/loading.tsx';
import { type Column, Table } from '../../kit/table.tsx';
import { Time } from '../../kit/time.tsx';
import { ERROR_CLASSES } from '../../texts/causes.ts';
import { number } from '../../texts/language.ts';
import { WEBHOOK } from '../../texts/webhook.ts';

type Delivery = components['schemas']['DeliveryList']['data'][number];

const SHOWN = 10;
const POLL_MS = 10_000;

const COLUMNS: readonly Column<Delivery>[] = [
  {
    id: 'event',
    head: WEBHOOK.deliveries.event,
    isHead: true,
    cell: ({ id, webhook_id, event_type }) => (
      <a href={`/console/webhooks/${webhook_id}/deliveries/${id}`}>
        <Foreign text={event_type} />
      </a>
    ),
  },
  { id: 'status', head: WEBHOOK.deliveries.status, cell: ({ status }) => <StatusBadge status={status} /> },
  { id: 'answer', head: WEBHOOK.deliveries.answer, cell: answerText },
  {
    id: 'attempts',
    head: WEBHOOK.deliveries.attempts,
    isNumber: true,
    cell: ({ attempts }) => number(attempts.length),
  },
  { id: 'when', head: WEBHOOK.deliveries.when, isNumber: true, cell: ({ created }) => <Time at={created} /> },
];

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
          <Table
            caption={WEBHOOK.deliveries.title}
            columns={COLUMNS}
            rows={list.data.data}
            keyOf={(row) => row.id}
          />
        ))}
    </Section>
  );
}

/** The status of the last answer, or why there was none. */
function answerText({ attempts }: Delivery): string {
  const last = attempts.at(-1);
  if (last === undefined) return WEBHOOK.deliveries.none;
  if (last.response !== undefined) return String(last.response.status);
  return last.error === undefined ? WEBHOOK.deliveries.none : ERROR_CLASSES[last.error];
}
