import type { QueuesView, QueueView } from '../../../command/console/views.ts';
import { useQuery } from '../api/use-query.ts';
import { Badge } from '../kit/badge.tsx';
import { ScreenHead } from '../kit/layout.tsx';
import { Loading } from '../kit/loading.tsx';
import { type Column, Table } from '../kit/table.tsx';
import { useTitle } from '../shell/use-title.ts';
import { number } from '../texts/language.ts';
import { QUEUE, QUEUES } from '../texts/operator.ts';
import { call } from './client.ts';
import { QUEUES_PATH } from './paths.ts';
import { ProblemOf } from './problem.tsx';

const POLL_MS = 15_000;

const COLUMNS: readonly Column<QueueView>[] = [
  {
    id: 'queue',
    head: QUEUE.queue,
    isHead: true,
    cell: ({ name }) => <a href={`${QUEUES_PATH}/${name}`}>{QUEUES[name].name}</a>,
  },
  { id: 'messages', head: QUEUE.messages, isNumber: true, cell: (queue) => <Count queue={queue} /> },
  { id: 'in-flight', head: QUEUE.inFlight, isNumber: true, cell: ({ in_flight: n }) => number(n) },
  { id: 'kept', head: QUEUE.kept, isNumber: true, cell: ({ retention_days: days }) => QUEUE.days(days) },
  { id: 'meaning', head: QUEUE.meaning, cell: ({ name }) => QUEUES[name].meaning },
];

/** The numbers of all queues, renewed while the page is visible. */
export function useQueues() {
  return useQuery('queues', (signal) => call<QueuesView>('GET', 'queues', { signal }), { pollMs: POLL_MS });
}

export function Queues() {
  useTitle(QUEUE.title);
  const list = useQueues();
  return (
    <>
      <ScreenHead title={QUEUE.title} />
      <ProblemOf query={list} />
      {list.isLoading && <Loading rows={5} />}
      {list.data && (
        <Table caption={QUEUE.caption} columns={COLUMNS} rows={list.data.queues} keyOf={({ name }) => name} />
      )}
      <p class="secondary">{QUEUE.approximate}</p>
    </>
  );
}

/** Only *exhausted* receives messages without a fault on our side. */
function Count({ queue: { name, messages } }: { queue: QueueView }) {
  if (messages === 0 || name === 'exhausted') return <>{number(messages)}</>;
  return (
    <Badge tone="warn" icon="alert">
      {number(messages)}
    </Badge>
  );
}
