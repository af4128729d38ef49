import type { AlarmsView, AlarmView } from '../../../command/console/views.ts';
import { useQuery } from '../api/use-query.ts';
import { Badge } from '../kit/badge.tsx';
import { Foreign } from '../kit/foreign.tsx';
import type { IconName } from '../kit/icon.tsx';
import { EmptyState, ScreenHead } from '../kit/layout.tsx';
import { Loading } from '../kit/loading.tsx';
import type { Tone } from '../kit/status.ts';
import { type Column, Table } from '../kit/table.tsx';
import { Time } from '../kit/time.tsx';
import { useTitle } from '../shell/use-title.ts';
import { ALARMS } from '../texts/operator.ts';
import { call } from './client.ts';
import { ProblemOf } from './problem.tsx';

/** Alarms are evaluated once a minute. */
const POLL_MS = 60_000;

/** In the order in which they are shown. */
const STATES: Readonly<Record<AlarmView['state'], { tone: Tone; icon: IconName }>> = {
  ALARM: { tone: 'bad', icon: 'alert' },
  INSUFFICIENT_DATA: { tone: 'quiet', icon: 'dots' },
  OK: { tone: 'ok', icon: 'check' },
};
const ORDER = Object.keys(STATES);

const COLUMNS: readonly Column<AlarmView>[] = [
  {
    id: 'alarm',
    head: ALARMS.alarm,
    isHead: true,
    cell: ({ name, description }) => (
      <>
        <Foreign text={name} />
        {description !== '' && (
          <p class="secondary">
            <Foreign text={description} />
          </p>
        )}
      </>
    ),
  },
  {
    id: 'state',
    head: ALARMS.state,
    cell: ({ state }) => <Badge {...STATES[state]}>{ALARMS.states[state]}</Badge>,
  },
  { id: 'since', head: ALARMS.since, cell: ({ since }) => since !== null && <Time at={since} /> },
  { id: 'reason', head: ALARMS.reason, cell: ({ reason }) => <Foreign text={reason} /> },
];

export function Alarms() {
  useTitle(ALARMS.title);
  const list = useQuery('alarms', (signal) => call<AlarmsView>('GET', 'alarms', { signal }), {
    pollMs: POLL_MS,
  });
  return (
    <>
      <ScreenHead title={ALARMS.title} />
      <ProblemOf query={list} />
      {list.isLoading && <Loading rows={8} />}
      {list.data && <AlarmList view={list.data} />}
    </>
  );
}

function AlarmList({ view: { alarms } }: { view: AlarmsView }) {
  if (alarms.length === 0) return <EmptyState>{ALARMS.empty}</EmptyState>;
  const firing = alarms.filter(({ state }) => state === 'ALARM').length;
  const rows = alarms.toSorted(
    (one, other) =>
      ORDER.indexOf(one.state) - ORDER.indexOf(other.state) || one.name.localeCompare(other.name),
  );
  return (
    <>
      <p>{ALARMS.firing(firing, alarms.length)}</p>
      <Table caption={ALARMS.caption} columns={COLUMNS} rows={rows} keyOf={({ name }) => name} />
    </>
  );
}
