import { api, bodyOf } from '../../api/client.ts';
import { type Query, useQuery } from '../../api/use-query.ts';
import { StatusBadge } from '../../kit/badge.tsx';
import { QueryProblem } from '../../kit/error-panel.tsx';
import { Section } from '../../kit/layout.tsx';
import { type Column, Table } from '../../kit/table.tsx';
import { Time } from '../../kit/time.tsx';
import { webhookAddress } from '../../parts/webhook.tsx';
import { number } from '../../texts/language.ts';
import { RECOVERIES } from '../../texts/recover.ts';
import type { Recovery } from './choice.ts';

/** While one of them runs. */
const POLL_MS = 10_000;

export function useRecoveries(webhookId: string): Query<readonly Recovery[]> {
  return useQuery(
    `recoveries ${webhookId}`,
    async (signal) => {
      const params = { path: { webhook_id: webhookId } };
      return (await bodyOf(api.GET('/v1/webhooks/{webhook_id}/recoveries', { params, signal }))).data;
    },
    {
      pollMs: (recoveries) => (recoveries?.some(({ status }) => status === 'running') ? POLL_MS : undefined),
    },
  );
}

export function recoveryAddress({ webhook_id: webhookId, id }: Recovery): string {
  return `${webhookAddress(webhookId)}/recover?recovery=${encodeURIComponent(id)}`;
}

interface RecoveriesSectionProps {
  readonly recoveries: Query<readonly Recovery[]>;
  readonly shownId: string | undefined;
}

const COLUMNS: readonly Column<Recovery>[] = [
  {
    id: 'started',
    head: RECOVERIES.columns.started,
    isHead: true,
    cell: (recovery) => (
      <a href={recoveryAddress(recovery)}>
        <Time at={recovery.created_at} style="clock" />
        <span class="hidden"> {recovery.id}</span>
      </a>
    ),
  },
  {
    id: 'status',
    head: RECOVERIES.columns.status,
    cell: ({ status }) => <StatusBadge status={status} />,
  },
  ...(['found', 'delivered', 'failed'] as const).map((id) => ({
    id,
    head: RECOVERIES.columns[id],
    isNumber: true,
    cell: (recovery: Recovery) => number(recovery[id]),
  })),
];

/** All recoveries except the one that is shown, whose state is newer. Renders nothing when there is no other. */
export function RecoveriesSection({ recoveries, shownId }: RecoveriesSectionProps) {
  const data = recoveries.data?.filter(({ id }) => id !== shownId) ?? [];
  if (data.length === 0) return <QueryProblem query={recoveries} />;
  return (
    <Section title={RECOVERIES.title}>
      <div class="list">
        <QueryProblem query={recoveries} />
        <Table caption={RECOVERIES.caption} columns={COLUMNS} rows={data} keyOf={({ id }) => id} />
      </div>
    </Section>
  );
}
