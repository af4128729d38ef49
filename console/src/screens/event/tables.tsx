import { useState } from 'preact/hooks';
import { StatusBadge } from '../../kit/badge.tsx';
import { Button } from '../../kit/button.tsx';
import { Foreign } from '../../kit/foreign.tsx';
import { Section } from '../../kit/layout.tsx';
import { type Column, Table } from '../../kit/table.tsx';
import { Time } from '../../kit/time.tsx';
import { deliveryAddress, LastResult, TriggerNote } from '../../parts/delivery-summary.tsx';
import { nameOf, type Webhook, webhookAddress } from '../../parts/webhook.tsx';
import { EVENT, NOT_MATCHED, SUBSCRIBES_TO } from '../../texts/event.ts';
import { number } from '../../texts/language.ts';
import type { EventDelivery, EventDetails } from './outcome.ts';

type Webhooks = ReadonlyMap<string, Webhook>;
type NotMatched = EventDetails['not_matched'][number];

/** Rows at first; an account can have 1,000 webhooks. */
const FIRST_ROWS = 20;

export function DeliveryTable({
  deliveries,
  webhooks,
}: {
  deliveries: readonly EventDelivery[];
  webhooks: Webhooks;
}) {
  const columns: readonly Column<EventDelivery>[] = [
    {
      id: 'webhook',
      head: EVENT.columns.webhook,
      isHead: true,
      cell: ({ webhook_id: id, resend_of: resendOf, trigger }) => (
        <>
          <WebhookLink id={id} webhooks={webhooks} />
          {resendOf !== undefined && trigger === undefined ? (
            <span class="secondary"> {EVENT.repeats}</span>
          ) : (
            <TriggerNote trigger={trigger} />
          )}
        </>
      ),
    },
    {
      id: 'status',
      head: EVENT.columns.status,
      cell: ({ status }) => <StatusBadge status={status === 'queued' ? 'waiting' : status} />,
    },
    {
      id: 'result',
      head: EVENT.columns.result,
      cell: (delivery) => <Result delivery={delivery} webhooks={webhooks} />,
    },
    {
      id: 'attempts',
      head: EVENT.columns.attempts,
      isNumber: true,
      cell: ({ attempts }) => number(attempts),
    },
    {
      id: 'time',
      head: EVENT.columns.time,
      isNumber: true,
      cell: ({ created, last_attempt: last }) => {
        const at = last?.at ?? created;
        return at === undefined ? '' : <Time at={at} />;
      },
    },
  ];
  return (
    <Table caption={EVENT.caption} columns={columns} rows={deliveries} keyOf={({ delivery_id: id }) => id} />
  );
}

/** A delivery that is queued has no page yet. */
function Result({ delivery, webhooks }: { delivery: EventDelivery; webhooks: Webhooks }) {
  const { status, reason, last_attempt: attempt, resent_as: resentAs } = delivery;
  const { webhook_id: webhookId, delivery_id: id } = delivery;
  if (status === 'queued') return <>{EVENT.noResult}</>;
  return (
    <span>
      <LastResult
        {...{ status, reason, attempt }}
        isResent={resentAs !== undefined}
        isActive={webhooks.get(webhookId)?.status === 'active'}
      />{' '}
      <a href={deliveryAddress(webhookId, id)}>
        {EVENT.showDelivery}
        <span class="hidden"> {id}</span>
      </a>
    </span>
  );
}

export function NotMatchedSection({
  entries,
  webhooks,
}: {
  entries: readonly NotMatched[];
  webhooks: Webhooks;
}) {
  const [isWhole, showAll] = useState(false);
  const shown = isWhole ? entries : entries.slice(0, FIRST_ROWS);
  const columns: readonly Column<NotMatched>[] = [
    {
      id: 'webhook',
      head: EVENT.columns.webhook,
      isHead: true,
      cell: ({ webhook_id: id }) => <WebhookLink id={id} webhooks={webhooks} />,
    },
    {
      id: 'why',
      head: EVENT.why,
      cell: ({ webhook_id: id, reason }) => <Why reason={reason} webhook={webhooks.get(id)} />,
    },
  ];
  return (
    <Section title={EVENT.notMatched}>
      <div class="list">
        <Table
          caption={EVENT.notMatchedCaption}
          columns={columns}
          rows={shown}
          keyOf={({ webhook_id: id }) => id}
        />
        {shown.length < entries.length && (
          <div class="actions">
            <Button onClick={() => showAll(true)}>{EVENT.showAll(entries.length - shown.length)}</Button>
          </div>
        )}
      </div>
    </Section>
  );
}

function Why({ reason, webhook }: { reason: string; webhook: Webhook | undefined }) {
  return (
    <span>
      {NOT_MATCHED[reason] ?? reason}
      {reason === 'type' && webhook !== undefined && (
        <>
          {' '}
          <Foreign text={SUBSCRIBES_TO(webhook.events)} />
        </>
      )}
    </span>
  );
}

function WebhookLink({ id, webhooks }: { id: string; webhooks: Webhooks }) {
  return (
    <a href={webhookAddress(id)}>
      <Foreign text={nameOf(id, webhooks.get(id))} />
    </a>
  );
}
