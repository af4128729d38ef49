import { useMemo, useState } from 'preact/hooks';
import { StatusBadge } from '../../kit/badge.tsx';
import { ActionButton, Button } from '../../kit/button.tsx';
import { QueryProblem } from '../../kit/error-panel.tsx';
import { Foreign } from '../../kit/foreign.tsx';
import { Notice, ScreenHead } from '../../kit/layout.tsx';
import { Loading } from '../../kit/loading.tsx';
import { nameOf } from '../../parts/url-name.ts';
import { isMissing, WebhookMissing } from '../../parts/webhook.tsx';
import { isReadOnly } from '../../session/session.ts';
import { useRoute } from '../../shell/router.tsx';
import { useTitle } from '../../shell/use-title.ts';
import { clockTime } from '../../texts/language.ts';
import { WEBHOOK } from '../../texts/webhook.ts';
import { attentionOf } from './attention.ts';
import type { Webhook } from './calls.ts';
import { causeOf } from './cause.ts';
import { CauseNotice } from './cause-notice.tsx';
import { DisableDialog, EnableDialog, TestDialog } from './dialogs.tsx';
import { DayFigures } from './figures.tsx';
import { RecentDeliveries } from './recent-deliveries.tsx';
import { RecoveryNotice } from './recovery-notice.tsx';
import { Settings } from './settings.tsx';
import { useData } from './use-data.ts';
import { type Waiting, waitingOf } from './waiting.ts';

/** The last action, with a link to its result. */
interface Result {
  readonly message: string;
  readonly href?: string;
  readonly link?: string;
}

export default function WebhookScreen() {
  const { id = '' } = useRoute().params;
  const data = useData(id);
  const { webhook } = data;
  const shown = webhook.data;
  useTitle(shown === undefined ? WEBHOOK.title : nameOf(shown.data.url));

  return (
    <>
      {shown === undefined && <ScreenHead title={WEBHOOK.title} crumbs={CRUMBS} note={'\u00a0'} />}
      {isMissing(webhook) ? <WebhookMissing /> : <QueryProblem query={webhook} />}
      {webhook.isLoading && <Loading rows={8} />}
      {shown && <Shown key={id} webhook={shown.data} etag={shown.etag} data={data} />}
    </>
  );
}

const CRUMBS = [{ href: '/console/webhooks', text: WEBHOOK.webhooks }];

interface ShownProps {
  readonly webhook: Webhook;
  readonly etag: string | undefined;
  readonly data: ReturnType<typeof useData>;
}

function Shown({ webhook, etag, data }: ShownProps) {
  const { id, url, status, description } = webhook;
  const { health, deliveries, recoveries } = data;
  const [result, setResult] = useState<Result>();
  const clock = (at: string): string => clockTime(Date.parse(at), Date.now());
  const cause = causeOf(webhook, health.data, clock);
  const isRecovering = recoveries.data?.some((recovery) => recovery.status === 'running') ?? false;
  // The message after "Enable" and the notice of a running recovery already show this.
  const waiting =
    health.data && !isRecovering && result?.link !== WEBHOOK.enable.recover
      ? waitingOf(webhook, health.data.recoverable, clock)
      : undefined;

  function done(next: Result): void {
    setResult(next);
    data.reload();
  }

  // Not rendered again when the other answers arrive. `done` is not a dependency: each version of it has the same effect.
  const settings = useMemo(
    () => <Settings webhook={webhook} etag={etag} onDone={(message) => done({ message })} />,
    [webhook, etag],
  );

  return (
    <>
      <ScreenHead
        title={<Foreign text={nameOf(url)} />}
        crumbs={CRUMBS}
        aside={<StatusBadge status={attentionOf(webhook) ?? status} />}
        note={description === null ? <code>{id}</code> : <Foreign text={description} />}
        actions={<Actions webhook={webhook} onDone={done} />}
      />
      <div role="status" class="messages">
        {result && (
          <Notice tone="ok" actions={result.href && <Button href={result.href}>{result.link}</Button>}>
            <p>{result.message}</p>
          </Notice>
        )}
      </div>
      {cause && <CauseNotice webhook={webhook} cause={cause} onDone={(message) => done({ message })} />}
      {waiting && <WaitingNotice id={id} waiting={waiting} />}
      <RecoveryNotice recoveries={recoveries} />
      <QueryProblem query={health} />
      {health.isLoading && <Loading rows={9} />}
      {health.data && <DayFigures health={health.data} />}
      <RecentDeliveries webhook={webhook} list={deliveries} />
      {settings}
    </>
  );
}

/** Send test, and disable or enable. */
function Actions({ webhook, onDone }: { webhook: Webhook; onDone: (result: Result) => void }) {
  const { id, status } = webhook;
  const [dialog, open] = useState<'test' | 'disable' | 'enable'>();
  const close = (): void => open(undefined);
  const finish = (result: Result): void => {
    close();
    onDone(result);
  };
  return (
    <>
      <ActionButton
        disabledReason={status === 'active' ? undefined : WEBHOOK.test.notActive}
        onClick={() => open('test')}
      >
        {WEBHOOK.test.open}
      </ActionButton>
      {(status === 'active' || status === 'disabled') && (
        // One button for both, which keeps the focus.
        <ActionButton
          kind={status === 'disabled' ? 'filled' : 'plain'}
          onClick={() => open(status === 'disabled' ? 'enable' : 'disable')}
        >
          {status === 'disabled' ? WEBHOOK.enable.open : WEBHOOK.disable.open}
        </ActionButton>
      )}
      {dialog === 'test' && (
        <TestDialog
          webhook={webhook}
          onClose={close}
          onDone={(delivery) =>
            finish({
              message: WEBHOOK.test.sent,
              href: `/console/webhooks/${id}/deliveries/${delivery}`,
              link: WEBHOOK.test.see,
            })
          }
        />
      )}
      {dialog === 'disable' && (
        <DisableDialog
          webhook={webhook}
          onClose={close}
          onDone={() => finish({ message: WEBHOOK.disable.done })}
        />
      )}
      {dialog === 'enable' && (
        <EnableDialog
          webhook={webhook}
          onClose={close}
          onDone={(held) =>
            finish({
              message: WEBHOOK.enable.done,
              ...(held > 0 || webhook.disabled_by === 'service'
                ? { href: recoverAddress(id), link: WEBHOOK.enable.recover }
                : {}),
            })
          }
        />
      )}
    </>
  );
}

function WaitingNotice({ id, waiting: { title, text, canSend } }: { id: string; waiting: Waiting }) {
  return (
    <Notice
      tone="info"
      title={title}
      actions={canSend && !isReadOnly() && <Button href={recoverAddress(id)}>{WEBHOOK.waiting.send}</Button>}
    >
      <p>{text}</p>
    </Notice>
  );
}

/** It begins with the oldest event that waits. */
function recoverAddress(id: string): string {
  return `/console/webhooks/${id}/recover`;
}
