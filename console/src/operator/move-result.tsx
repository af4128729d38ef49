import type { CountView, MoveView } from '../../../command/console/views.ts';
import { Foreign } from '../kit/foreign.tsx';
import { Notice } from '../kit/layout.tsx';
import { type Column, Table } from '../kit/table.tsx';
import { number } from '../texts/language.ts';
import { QUEUE } from '../texts/operator.ts';

const COLUMNS: readonly Column<CountView>[] = [
  { id: 'text', head: QUEUE.group, isHead: true, cell: ({ text }) => <Foreign text={text} /> },
  { id: 'count', head: QUEUE.messages, isNumber: true, cell: ({ count }) => number(count) },
];

/** What was counted or moved. `done` says where messages were moved. */
export function MoveResult({ result, done }: { result: MoveView; done: string }) {
  const { confirmed, selected, not_selected: others, duplicates, failed, groups, failures } = result;
  return (
    <>
      <Notice tone={failed > 0 ? 'warn' : confirmed ? 'ok' : 'info'} role="status">
        <p class="strong">{confirmed ? QUEUE.moved(selected, done) : QUEUE.counted(selected)}</p>
        {others > 0 && <p>{QUEUE.notSelected(others)}</p>}
        {duplicates > 0 && <p>{QUEUE.duplicates(duplicates)}</p>}
        {failed > 0 && <p>{QUEUE.failed(failed)}</p>}
        {failures.map(({ text, count }) => (
          <p key={text}>
            {number(count)} · <Foreign text={text} />
          </p>
        ))}
        {result.may_have_more && <p>{QUEUE.mayHaveMore}</p>}
      </Notice>
      {groups.length > 0 && (
        <Table caption={QUEUE.groups} columns={COLUMNS} rows={groups} keyOf={({ text }) => text} />
      )}
    </>
  );
}
