import { StatusBadge } from '../../kit/badge.tsx';
import { Foreign } from '../../kit/foreign.tsx';
import { type Column, Table } from '../../kit/table.tsx';
import { Time } from '../../kit/time.tsx';
import { deliveryAddress, LastResult, TriggerNote } from '../../parts/delivery-summary.tsx';
import { DELIVERIES } from '../../texts/deliveries.ts';
import { number } from '../../texts/language.ts';
import type { DeliverySummary } from './use-page.ts';

const COLUMNS: readonly Column<DeliverySummary>[] = [
  {
    id: 'type',
    head: DELIVERIES.columns.type,
    isHead: true,
    cell: ({ webhook_id: webhookId, id, event_type: type, trigger }) => (
      <>
        <a href={deliveryAddress(webhookId, id)}>
          <Foreign text={type} />
          <span class="hidden"> {id}</span>
        </a>
        <TriggerNote trigger={trigger} />
      </>
    ),
  },
  {
    id: 'status',
    head: DELIVERIES.columns.status,
    cell: ({ status }) => <StatusBadge status={status} />,
  },
  {
    id: 'result',
    head: DELIVERIES.columns.result,
    cell: ({ status, reason, attempts, resent_as: resentAs }) => (
      <LastResult
        status={status}
        reason={reason}
        attempt={attempts.at(-1)}
        isResent={resentAs !== undefined}
      />
    ),
  },
  {
    id: 'attempts',
    head: DELIVERIES.columns.attempts,
    isNumber: true,
    cell: ({ attempts }) => number(attempts.length),
  },
  {
    id: 'created',
    head: DELIVERIES.columns.created,
    isNumber: true,
    cell: ({ created }) => <Time at={created} />,
  },
];

export function DeliveryTable({ deliveries }: { deliveries: readonly DeliverySummary[] }) {
  return <Table caption={DELIVERIES.caption} columns={COLUMNS} rows={deliveries} keyOf={({ id }) => id} />;
}
