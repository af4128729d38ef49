import { useState } from 'preact/hooks';
import type { MessagesView, OperatorQueue } from '../../../command/console/views.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../kit/button.tsx';
import { EmptyState, Figures, ScreenHead, Section } from '../kit/layout.tsx';
import { useRoute } from '../shell/router.tsx';
import { useTitle } from '../shell/use-title.ts';
import { number } from '../texts/language.ts';
import { QUEUE, QUEUES } from '../texts/operator.ts';
import { call } from './client.ts';
import { MessageTable } from './message-table.tsx';
import { Move } from './move.tsx';
import { QUEUES_PATH } from './paths.ts';
import { Problem, ProblemOf } from './problem.tsx';
import { useQueues } from './queues.tsx';

const READ_LIMIT = 50;

export function Queue() {
  const { queue = '' } = useRoute().params;
  return isQueue(queue) ? <KnownQueue key={queue} queue={queue} /> : <UnknownQueue name={queue} />;
}

function isQueue(name: string): name is OperatorQueue {
  return Object.hasOwn(QUEUES, name);
}

function KnownQueue({ queue }: { queue: OperatorQueue }) {
  useTitle(QUEUES[queue].name);
  const counts = useQueues();
  const shown = counts.data?.queues.find(({ name }) => name === queue);
  return (
    <>
      <ScreenHead title={QUEUES[queue].name} crumbs={[{ href: QUEUES_PATH, text: QUEUE.title }]} />
      <p>{QUEUES[queue].meaning}</p>
      <ProblemOf query={counts} />
      <Figures
        figures={[
          { label: QUEUE.messages, value: shown ? number(shown.messages) : '–' },
          { label: QUEUE.inFlight, value: shown ? number(shown.in_flight) : '–' },
        ]}
      />
      <Messages queue={queue} />
      <Move queue={queue} onMoved={counts.reload} />
    </>
  );
}

/** Messages are read only on request: reading hides them from other readers. */
function Messages({ queue }: { queue: OperatorQueue }) {
  const [page, setPage] = useState<MessagesView>();
  const read = useAction(async (limit: number) =>
    setPage(await call<MessagesView>('POST', `queues/${queue}/messages`, { body: { limit } })),
  );
  return (
    <Section
      title={QUEUE.readTitle}
      actions={
        <Button isBusy={read.isRunning} onClick={() => void read.run(READ_LIMIT)}>
          {QUEUE.read(READ_LIMIT)}
        </Button>
      }
    >
      <div class="stack">
        <p class="secondary">{QUEUE.readEffect}</p>
        {read.problem && <Problem problem={read.problem} />}
        {page && (
          <p role="status">
            {page.messages.length === 0
              ? QUEUE.readNone
              : QUEUE.readSome(page.messages.length, page.may_have_more)}
          </p>
        )}
        {page && page.messages.length > 0 && <MessageTable messages={page.messages} />}
      </div>
    </Section>
  );
}

function UnknownQueue({ name }: { name: string }) {
  useTitle(QUEUE.title);
  return (
    <>
      <ScreenHead title={QUEUE.title} />
      <EmptyState action={<Button href={QUEUES_PATH}>{QUEUE.toQueues}</Button>}>
        {QUEUE.unknown(name)}
      </EmptyState>
    </>
  );
}
