import { StatusBadge } from '../../kit/badge.tsx';
import { Foreign } from '../../kit/foreign.tsx';
import { type Column, Table } from '../../kit/table.tsx';
import { Time } from '../../kit/time.tsx';
import { deliveryAddress, LastResult, TriggerNote } from '../../parts/delivery-summary.tsx';
import { DELIVERIES } from '../../texts/deliveries.ts';
import { number } from '../../texts/language.ts';
import { beganLater } from './began-later.ts';
import type { DeliverySummary } from './use-page.ts';

const columnsFor = (isActive: boolean): readonly Column<DeliverySummary>[] => [
  {
    id: 'type',
    head: DELIVERIES.columns.type,
    isHead: true,
    cell: ({ webhook_id: webhookId, id, event_type: type, trigger, accepted, created }) => (
      <>
        <a href={deliveryAddress(webhookId, id)}>
          <Foreign text={type} />
          <span class="hidden"> {id}</span>
        </a>
        <TriggerNote
          trigger={trigger}
          began={beganLater({ trigger, accepted, created }) ? created : undefined}
        />
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
        isActive={isActive}
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
    id: 'accepted',
    head: DELIVERIES.columns.accepted,
    isNumber: true,
    cell: ({ accepted }) => <Time at={accepted} />,
  },
];

interface DeliveryTableProps {
  readonly deliveries: readonly DeliverySummary[];
  /** Whether the webhook receives deliveries now. */
  readonly isActive: boolean;
}

/** In the order of the API: what a recovery sends again is beside the delivery that it repeats. */
export function DeliveryTable({ deliveries, isActive }: DeliveryTableProps) {
  return (
    <>
      {deliveries.some(beganLater) && <p class="secondary">{DELIVERIES.order}</p>}
      <Table
        caption={DELIVERIES.caption}
        columns={columnsFor(isActive)}
        rows={deliveries}
        keyOf={({ id }) => id}
      />
    </>
  );
}
