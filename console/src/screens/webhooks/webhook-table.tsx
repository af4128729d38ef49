import { api, bodyOf } from '../../api/client.ts';
import type { components } from '../../api/schema.d.ts';
import { useQuery } from '../../api/use-query.ts';
import { StatusBadge } from '../../kit/badge.tsx';
import { QueryProblem } from '../../kit/error-panel.tsx';
import { Foreign } from '../../kit/foreign.tsx';
import { Sparkline } from '../../kit/sparkline.tsx';
import { type Column, Table } from '../../kit/table.tsx';
import { Time } from '../../kit/time.tsx';
import { number, percent } from '../../texts/language.ts';
import { WEBHOOKS } from '../../texts/webhooks.ts';
import { type DayFigures, figuresOf } from './activity.ts';

export type ListedWebhook = components['schemas']['WebhookList']['data'][number];
type Activity = components['schemas']['Activity']['data'][number];

interface Row {
  readonly webhook: ListedWebhook;
  /** Undefined while it is loaded. */
  readonly activity: Activity | undefined;
  readonly figures: DayFigures | undefined;
}

const COLUMNS: readonly Column<Row>[] = [
  {
    id: 'webhook',
    head: WEBHOOKS.webhook,
    isHead: true,
    cell: ({ webhook: { id, url, description } }) => (
      <>
        <a href={`/console/webhooks/${id}`}>
          <Foreign text={url} />
        </a>
        {description && (
          <p class="secondary">
            <Foreign text={description} />
          </p>
        )}
      </>
    ),
  },
  { id: 'status', head: WEBHOOKS.status, cell: ({ webhook }) => <Status webhook={webhook} /> },
  {
    id: 'day',
    head: WEBHOOKS.day,
    cell: ({ activity }) => <Sparkline hours={activity?.hours.map(toSparkHour) ?? []} />,
  },
  {
    id: 'success',
    head: WEBHOOKS.successRate,
    isNumber: true,
    cell: ({ figures }) =>
      figures && (figures.successRate === undefined ? <None /> : percent(figures.successRate)),
  },
  {
    id: 'held',
    head: WEBHOOKS.held,
    isNumber: true,
    cell: ({ figures }) => figures && heldText(figures),
  },
];

export function WebhookTable({ webhooks, pollMs }: { webhooks: readonly ListedWebhook[]; pollMs: number }) {
  const ids = webhooks.map(({ id }) => id).join(',');
  const activity = useQuery(
    `activity ${ids}`,
    (signal) => bodyOf(api.GET('/v1/activity', { params: { query: { webhook_id: ids } }, signal })),
    { pollMs },
  );
  const byId = new Map(activity.data?.data.map((entry) => [entry.webhook_id, entry]));
  const rows = webhooks.map((webhook): Row => {
    const found = byId.get(webhook.id);
    return { webhook, activity: found, figures: found && figuresOf(found) };
  });
  return (
    <>
      <QueryProblem query={activity} />
      <Table caption={WEBHOOKS.caption} columns={COLUMNS} rows={rows} keyOf={({ webhook }) => webhook.id} />
    </>
  );
}

function Status({ webhook }: { webhook: ListedWebhook }) {
  const { attention, status } = webhook;
  const since = sinceOf(webhook);
  const isNewUrl = status === 'active' && (attention === 'pending' || attention === 'verification_failed');
  return (
    <>
      <StatusBadge status={attention ?? status}>
        {isNewUrl ? WEBHOOKS.newUrl[attention] : undefined}
      </StatusBadge>
      {since !== null && (
        <p class="secondary">
          {WEBHOOKS.since} <Time at={since} style="clock" />
        </p>
      )}
    </>
  );
}

function sinceOf({ attention, failing_since, disabled_at, slow_since }: ListedWebhook): string | null {
  if (attention === 'failing') return failing_since;
  if (attention === 'disabled_by_service') return disabled_at;
  return attention === 'slow' ? slow_since : null;
}

function heldText({ held, isPartial }: DayFigures): string {
  return isPartial && held > 0 ? WEBHOOKS.atLeast(held) : number(held);
}

function toSparkHour({ delivered, exhausted }: Activity['hours'][number]) {
  return { delivered, failed: exhausted };
}

function None() {
  return (
    <>
      <span aria-hidden="true">–</span>
      <span class="hidden">{WEBHOOKS.none}</span>
    </>
  );
}
