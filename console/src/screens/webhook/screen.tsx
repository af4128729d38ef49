import { useState } from 'preact/hooks';
import { useQuery } from '../../api/use-query.ts';
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
import { clockTime, count } from '../../texts/language.ts';
import { WEBHOOK } from '../../texts/webhook.ts';
import { presetFor } from '../recover/choice.ts';
import { attentionOf } from './attention.ts';
import { readHealth, readWebhook, type Webhook } from './calls.ts';
import { causeOf } from './cause.ts';
import { CauseNotice } from './cause-notice.tsx';
import { DisableDialog, EnableDialog, TestDialog } from './dialogs.tsx';
import { DayFigures, heldOf } from './figures.tsx';
import { RecentDeliveries } from './recent-deliveries.tsx';
import { RecoveryNotice } from './recovery-notice.tsx';
import { Settings } from './settings.tsx';

const POLL_MS = 15_000;
/** While a challenge is not answered. */
const PENDING_POLL_MS = 3_000;
const HEALTH_POLL_MS = 30_000;

/** What was done last, with a link to what came of it. */
interface Result {
  readonly message: string;
  readonly href?: string;
  readonly link?: string;
}

export default function WebhookScreen() {
  const { id = '' } = useRoute().params;
  const webhook = useQuery(`webhook and version ${id}`, (signal) => readWebhook(id, signal), {
    pollMs: (answer) => (answer && attentionOf(answer.data) === 'pending' ? PENDING_POLL_MS : POLL_MS),
  });
  const shown = webhook.data?.data;
  useTitle(shown === undefined ? WEBHOOK.title : nameOf(shown.url));

  return (
    <>
      {shown === undefined && <ScreenHead title={WEBHOOK.title} crumbs={CRUMBS} note={'\u00a0'} />}
      {isMissing(webhook) ? <WebhookMissing /> : <QueryProblem query={webhook} />}
      {webhook.isLoading && <Loading rows={8} />}
      {shown && <Shown key={id} webhook={shown} etag={webhook.data?.etag} reload={webhook.reload} />}
    </>
  );
}

const CRUMBS = [{ href: '/console/webhooks', text: WEBHOOK.webhooks }];

interface ShownProps {
  readonly webhook: Webhook;
  readonly etag: string | undefined;
  readonly reload: () => void;
}

function Shown({ webhook, etag, reload }: ShownProps) {
  const { id, url, status, description } = webhook;
  const [result, setResult] = useState<Result>();
  const [sent, setSent] = useState(0);
  const health = useQuery(`health ${id}`, (signal) => readHealth(id, signal), {
    pollMs: HEALTH_POLL_MS,
  });
  const cause = causeOf(webhook, health.data, (at) => clockTime(Date.parse(at), Date.now()));
  const held = health.data === undefined ? 0 : heldOf(health.data);

  function done(next: Result): void {
    setResult(next);
    setSent(sent + 1);
    health.reload();
    reload();
  }

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
      {held > 0 && result?.link !== WEBHOOK.enable.recover && (
        <Held webhook={webhook} held={held} isAtLeast={health.data?.last_day.complete === false} />
      )}
      <RecoveryNotice id={id} />
      <QueryProblem query={health} />
      {health.isLoading && <Loading rows={9} />}
      {health.data && <DayFigures health={health.data} />}
      <RecentDeliveries id={id} canRecover={(health.data?.last_day.exhausted ?? 0) > 0} version={sent} />
      <Settings webhook={webhook} etag={etag} onDone={(message) => done({ message })} />
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
                ? { href: recoverOutage(webhook), link: WEBHOOK.enable.recover }
                : {}),
            })
          }
        />
      )}
    </>
  );
}

function Held({ webhook, held, isAtLeast }: { webhook: Webhook; held: number; isAtLeast: boolean }) {
  const isDisabled = webhook.status !== 'active';
  return (
    <Notice
      tone="info"
      title={WEBHOOK.held.title(count(held, 'event is', 'events are'), isAtLeast)}
      actions={
        !isDisabled && !isReadOnly() && <Button href={recoverHeld(webhook.id)}>{WEBHOOK.held.send}</Button>
      }
    >
      <p>{isDisabled ? WEBHOOK.held.whileDisabled : WEBHOOK.held.text}</p>
    </Notice>
  );
}

/** For a disabled webhook, which has the time of the outage. It is gone when the webhook is enabled. */
function recoverOutage(webhook: Webhook): string {
  return `/console/webhooks/${webhook.id}/recover?last=${presetFor(webhook, Date.now())}`;
}

function recoverHeld(id: string): string {
  return `/console/webhooks/${id}/recover?status=held`;
}
