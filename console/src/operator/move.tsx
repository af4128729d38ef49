import { useState } from 'preact/hooks';
import type { MoveInput, MoveView, OperatorQueue } from '../../../command/console/views.ts';
import { useAction } from '../api/use-action.ts';
import { ActionButton, Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Field } from '../kit/field.tsx';
import { Section } from '../kit/layout.tsx';
import { KIT } from '../texts/kit.ts';
import { QUEUE, QUEUES } from '../texts/operator.ts';
import { call } from './client.ts';
import { MoveResult } from './move-result.tsx';
import { Problem } from './problem.tsx';

const DEFAULT_LIMIT = 1_000;
const MAX_LIMIT = 10_000;

type Selection = Omit<MoveInput, 'confirm' | 'limit'>;

const FIELDS: Readonly<Record<OperatorQueue, readonly (readonly [keyof Selection, string])[]>> = {
  undispatched: [
    ['reason', QUEUE.moveReason],
    ['event_type', QUEUE.moveType],
    ['account_id', QUEUE.moveAccount],
  ],
  poison: [
    ['account_id', QUEUE.moveAccount],
    ['webhook_id', QUEUE.moveWebhook],
  ],
  exhausted: [
    ['account_id', QUEUE.moveAccount],
    ['webhook_id', QUEUE.moveWebhook],
  ],
  unreadable: [],
};

/** Redrive or redispatch: first counted, then confirmed. Nothing for a queue whose messages cannot be moved. */
export function Move({ queue, onMoved }: { queue: OperatorQueue; onMoved: () => void }) {
  const { move } = QUEUES[queue];
  const [selection, setSelection] = useState<Selection>({});
  const [limit, setLimit] = useState(DEFAULT_LIMIT);
  const [result, setResult] = useState<MoveView>();
  const [isAsking, setIsAsking] = useState(false);
  const run = useAction(async (confirm: boolean) => {
    const body: MoveInput = { confirm, limit, ...selection };
    setResult(await call<MoveView>('POST', `queues/${queue}/moves`, { body }));
    if (confirm) onMoved();
  });
  if (move === undefined) return null;

  /** Removes the count, which belongs to the former selection. */
  function change(name: keyof Selection, value: string): void {
    setResult(undefined);
    setSelection(({ [name]: _, ...others }) => (value === '' ? others : { ...others, [name]: value }));
  }
  const counted = result !== undefined && !result.confirmed ? result.selected : 0;
  return (
    <Section title={move.title}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void run.run(false);
        }}
      >
        <p class="secondary">{move.effect}</p>
        {FIELDS[queue].map(([name, label]) => (
          <Field key={name} label={label} isOptional>
            {(parts) => (
              <input
                {...parts}
                autocomplete="off"
                spellcheck={false}
                maxLength={200}
                value={selection[name] ?? ''}
                onInput={(event) => change(name, event.currentTarget.value.trim())}
              />
            )}
          </Field>
        ))}
        <Field label={QUEUE.moveLimit} hint={QUEUE.moveLimitHint}>
          {(parts) => (
            <input
              {...parts}
              type="number"
              required
              min={1}
              max={MAX_LIMIT}
              step={1}
              value={limit}
              onInput={(event) => {
                setResult(undefined);
                setLimit(event.currentTarget.valueAsNumber);
              }}
            />
          )}
        </Field>
        <Button type="submit" isBusy={run.isRunning}>
          {QUEUE.count}
        </Button>
        {run.problem && <Problem problem={run.problem} />}
        {result && <MoveResult result={result} done={move.done} />}
        {counted > 0 && (
          <ActionButton kind="filled" isBusy={run.isRunning} onClick={() => setIsAsking(true)}>
            {QUEUE.move(move.title, counted)}
          </ActionButton>
        )}
      </form>
      {isAsking && (
        <Dialog title={QUEUE.moveTitle(move.title, counted)} onClose={() => setIsAsking(false)}>
          <p>{move.effect}</p>
          <p>{QUEUE.moveNote}</p>
          <div class="actions">
            <Button
              kind="filled"
              onClick={() => {
                setIsAsking(false);
                void run.run(true);
              }}
            >
              {move.title}
            </Button>
            <Button onClick={() => setIsAsking(false)}>{KIT.cancel}</Button>
          </div>
        </Dialog>
      )}
    </Section>
  );
}
