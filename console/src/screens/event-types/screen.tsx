import type { components } from '../../api/schema.d.ts';
import { Button } from '../../kit/button.tsx';
import { QueryProblem } from '../../kit/error-panel.tsx';
import { EmptyState, ScreenHead, Section } from '../../kit/layout.tsx';
import { Loading } from '../../kit/loading.tsx';
import { type Column, Table } from '../../kit/table.tsx';
import { useEventTypes } from '../../parts/use-event-types.ts';
import { useAddress } from '../../shell/use-address.ts';
import { useFocusMain } from '../../shell/use-focus-main.ts';
import { useTitle } from '../../shell/use-title.ts';
import { EVENT_TYPES } from '../../texts/event-types.ts';
import { TypeDetails } from './type-details.tsx';

type EventType = components['schemas']['EventTypeList']['data'][number];

/** The catalogue, and with `?type=…` one type of it. */
export default function EventTypes() {
  const { query } = useAddress();
  const name = query.type;
  useFocusMain(name ?? '');
  const types = useEventTypes();
  const shown = types.data?.data.find((type) => type.name === name);
  useTitle(name ?? EVENT_TYPES.title);

  if (shown) return <TypeDetails key={name} type={shown} />;
  const isMissing = name !== undefined && types.data !== undefined;
  return (
    <>
      <ScreenHead title={isMissing ? EVENT_TYPES.missingTitle : EVENT_TYPES.title} />
      <QueryProblem query={types} />
      {types.isLoading && <Loading rows={8} />}
      {isMissing && (
        <EmptyState action={<Button href="/console/event-types">{EVENT_TYPES.all}</Button>}>
          {EVENT_TYPES.missing(name)}
        </EmptyState>
      )}
      {name === undefined && types.data && <Catalogue types={types.data.data} />}
    </>
  );
}

function Catalogue({ types }: { types: readonly EventType[] }) {
  const { query, withQuery } = useAddress();
  const isSystem = ({ name }: EventType): boolean => name.startsWith('webhook.');
  const own = types.filter((type) => !isSystem(type));
  const columns: readonly Column<EventType>[] = [
    {
      id: 'name',
      head: EVENT_TYPES.type,
      isHead: true,
      cell: ({ name }) => (
        <a href={withQuery({ type: name })}>
          <code>{name}</code>
        </a>
      ),
    },
    { id: 'description', head: EVENT_TYPES.description, cell: ({ description }) => description },
  ];
  const table = (caption: string, rows: readonly EventType[]) => (
    <Table caption={caption} columns={columns} rows={rows} keyOf={({ name }) => name} />
  );
  return (
    <>
      <p>{query.webhook === undefined ? EVENT_TYPES.intro : EVENT_TYPES.chooseTest}</p>
      <Section title={EVENT_TYPES.own}>
        {own.length === 0 ? <EmptyState>{EVENT_TYPES.ownEmpty}</EmptyState> : table(EVENT_TYPES.own, own)}
      </Section>
      <Section title={EVENT_TYPES.system}>
        <p class="secondary">{EVENT_TYPES.systemIntro}</p>
        {table(EVENT_TYPES.system, types.filter(isSystem))}
      </Section>
    </>
  );
}
