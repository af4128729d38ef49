import { useState } from 'preact/hooks';
import type { MessageView } from '../../../command/console/views.ts';
import { Button } from '../kit/button.tsx';
import { CopyButton } from '../kit/copy-button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Foreign, ForeignBlock } from '../kit/foreign.tsx';
import { type Column, Table } from '../kit/table.tsx';
import { Time } from '../kit/time.tsx';
import { KIT } from '../texts/kit.ts';
import { QUEUE } from '../texts/operator.ts';
import { accountPath } from './paths.ts';

const COLUMNS: readonly Column<MessageView>[] = [
  {
    id: 'reason',
    head: QUEUE.reason,
    isHead: true,
    cell: ({ reason }) => <Foreign text={reason} />,
  },
  { id: 'about', head: QUEUE.about, cell: (message) => <About message={message} /> },
  { id: 'sent', head: QUEUE.sent, cell: ({ sent_at: at }) => <Time at={at} /> },
  { id: 'received', head: QUEUE.received, cell: ({ receive_count: n }) => QUEUE.times(n) },
];

const BODY: Column<MessageView> = {
  id: 'body',
  head: QUEUE.body,
  cell: (message) => message.body !== null && <Body message={message} body={message.body} />,
};

export function MessageTable({ messages }: { messages: readonly MessageView[] }) {
  const columns = messages.some(({ body }) => body !== null) ? [...COLUMNS, BODY] : COLUMNS;
  return <Table caption={QUEUE.readCaption} columns={columns} rows={messages} keyOf={({ id }) => id} />;
}

function Body({ message, body }: { message: MessageView; body: string }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setIsOpen(true)} label={QUEUE.showBodyOf(message.event_id ?? message.id)}>
        {QUEUE.showBody}
      </Button>
      {isOpen && (
        <Dialog title={QUEUE.body} onClose={() => setIsOpen(false)}>
          <ForeignBlock text={body} label={QUEUE.body} />
          {message.is_cut && <p class="secondary">{QUEUE.bodyCut}</p>}
          <div class="actions">
            <CopyButton text={body} />
            <Button onClick={() => setIsOpen(false)}>{KIT.close}</Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

/** Publishers choose the ids of *undispatched* events: only valid ones are links. */
function About({ message }: { message: MessageView }) {
  const { account_id: account, event_type: type } = message;
  const parts = [message.event_id, message.webhook_id, message.delivery_id].filter((id) => id !== null);
  if (account === null && type === null && parts.length === 0) return <>{QUEUE.noIds}</>;
  const screen = screenOf(message);
  return (
    <div>
      {type !== null && (
        <p>
          <Foreign text={type} />
        </p>
      )}
      {account !== null && (
        <p>
          {isId(account) ? (
            <a href={accountPath(account, screen)}>
              <Foreign text={account} />
            </a>
          ) : (
            <Foreign text={account} />
          )}
        </p>
      )}
      {parts.map((id) => (
        <p key={id} class="secondary">
          <Foreign text={id} />
        </p>
      ))}
    </div>
  );
}

/** The screen of the delivery, or of the account. */
function screenOf({ webhook_id: webhook, delivery_id: delivery }: MessageView): string | undefined {
  if (webhook === null || delivery === null || !isId(webhook) || !isId(delivery)) return undefined;
  return `/console/webhooks/${webhook}/deliveries/${delivery}`;
}

function isId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text);
}
