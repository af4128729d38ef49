import { useEffect, useRef } from 'preact/hooks';
import { api, bodyOf } from '../../api/client.ts';
import { useAction } from '../../api/use-action.ts';
import { useQuery } from '../../api/use-query.ts';
import { StatusBadge } from '../../kit/badge.tsx';
import { ActionButton, Button } from '../../kit/button.tsx';
import { ErrorPanel, QueryProblem } from '../../kit/error-panel.tsx';
import { Foreign } from '../../kit/foreign.tsx';
import { EmptyState, Facts, Figures, Notice, Section } from '../../kit/layout.tsx';
import { Loading } from '../../kit/loading.tsx';
import { Time } from '../../kit/time.tsx';
import { isMissing, webhookAddress } from '../../parts/webhook.tsx';
import { useAddress } from '../../shell/use-address.ts';
import { STATUS_WORDS } from '../../texts/kit.ts';
import { number, sentence } from '../../texts/language.ts';
import { RECOVERY } from '../../texts/recover.ts';
import type { Recovery } from './choice.ts';
import { CountedAt } from './counted-at.tsx';
import { countIn, progressOf } from './progress.ts';

const POLL_MS = 3_000;

/** A recovery, read again while it runs. `takesFocus`: it was started here, and the clicked button is removed. */
export function RecoverySection({ id, takesFocus }: { id: string; takesFocus: boolean }) {
  const { withQuery } = useAddress();
  const query = useQuery(`recovery ${id}`, (signal) => readRecovery(id, signal), {
    pollMs: (recovery) => (recovery === undefined || recovery.status === 'running' ? POLL_MS : undefined),
  });
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (takesFocus) element.current?.focus();
  }, []);

  const again = <Button href={withQuery({ recovery: '', of: '' })}>{RECOVERY.another}</Button>;
  return (
    <div ref={element} tabIndex={-1}>
      <Section title={RECOVERY.progress}>
        <div class="list">
          {query.isLoading && <Loading rows={3} />}
          {isMissing(query) ? (
            <EmptyState action={again}>{RECOVERY.missing}</EmptyState>
          ) : (
            <QueryProblem query={query} />
          )}
          {query.data && (
            <Progress
              recovery={query.data}
              onStopped={() => {
                query.reload();
                // The clicked button is removed.
                element.current?.focus();
              }}
            />
          )}
          {query.data && query.data.status !== 'running' && <div class="actions">{again}</div>}
        </div>
      </Section>
    </div>
  );
}

function readRecovery(id: string, signal: AbortSignal): Promise<Recovery> {
  return bodyOf(api.GET('/v1/recoveries/{recovery_id}', { params: { path: { recovery_id: id } }, signal }));
}

function Progress({ recovery, onStopped }: { recovery: Recovery; onStopped: () => void }) {
  const { query } = useAddress();
  const { id, webhook_id: webhookId, status, failed, since } = recovery;
  const isRunning = status === 'running';
  const { queued, ended, total, waiting } = progressOf(recovery, countIn(query.of));
  const stop = useAction(() =>
    bodyOf(api.DELETE('/v1/recoveries/{recovery_id}', { params: { path: { recovery_id: id } } })),
  );
  return (
    <>
      <Notice
        tone={toneOf(recovery)}
        role="status"
        title={
          <span class="with-copy">
            <StatusBadge status={status} /> <Foreign text={stateText(recovery)} />
          </span>
        }
        actions={
          isRunning && (
            <ActionButton
              kind="danger"
              isBusy={stop.isRunning}
              onClick={() => void stop.run(undefined).then((stopped) => stopped && onStopped())}
            >
              {RECOVERY.stop}
            </ActionButton>
          )
        }
      >
        {isRunning && <p class="secondary">{RECOVERY.stopHint}</p>}
        {status === 'stopped' && <p>{RECOVERY.rest}</p>}
      </Notice>
      {stop.problem && <ErrorPanel problem={stop.problem} />}
      {isRunning && (
        <div class="bars">
          <Bar label={RECOVERY.bars.queued} value={queued} max={total} />
          <Bar label={RECOVERY.bars.ended} value={ended} max={total} />
        </div>
      )}
      {isRunning && <CountedAt recovery={recovery} />}
      <Figures figures={figuresOf(recovery, waiting)} />
      {failed > 0 && (
        <p>
          <a
            href={`${webhookAddress(webhookId)}/deliveries?status=exhausted&since=${encodeURIComponent(since)}`}
          >
            {RECOVERY.showFailed}
          </a>
        </p>
      )}
      <RecoveryFacts recovery={recovery} />
    </>
  );
}

function Bar({ label, value, max }: { label: string; value: number; max: number }) {
  return (
    <>
      <span class="secondary">{label}</span>
      <progress aria-label={label} max={Math.max(1, max)} value={value} />
      <span class="figure">{RECOVERY.of(value, max)}</span>
    </>
  );
}

function figuresOf({ found, enqueued, delivered, failed, expired, rate, status }: Recovery, waiting: number) {
  const { figures } = RECOVERY;
  return [
    { label: figures.found, value: number(found) },
    { label: figures.enqueued, value: number(enqueued) },
    { label: figures.delivered, value: number(delivered) },
    { label: figures.failed, value: number(failed) },
    ...(waiting === 0
      ? []
      : [{ label: status === 'stopped' ? figures.uncounted : figures.waiting, value: number(waiting) }]),
    ...(expired === 0 ? [] : [{ label: figures.expired, value: number(expired) }]),
    ...(status === 'running' ? [{ label: figures.rate, value: number(rate) }] : []),
  ];
}

function RecoveryFacts({ recovery }: { recovery: Recovery }) {
  const { id, since, until, statuses, created_at: created, ended_at: ended } = recovery;
  const facts = [
    { label: RECOVERY.id, value: <code>{id}</code> },
    {
      label: RECOVERY.time,
      value: (
        <>
          {Date.parse(since) === 0 ? RECOVERY.beginning : <Time at={since} style="clock" />} {RECOVERY.and}{' '}
          <Time at={until} style="clock" />
        </>
      ),
    },
    { label: RECOVERY.statuses, value: statuses.map((status) => STATUS_WORDS[status]).join(', ') },
    { label: RECOVERY.started, value: <Time at={created} /> },
    ...(ended === null ? [] : [{ label: RECOVERY.ended, value: <Time at={ended} /> }]),
  ];
  return <Facts facts={facts} />;
}

function toneOf({ status, failed, delivered, enqueued }: Recovery) {
  if (status === 'running') return 'info';
  return status === 'done' && failed === 0 && delivered === enqueued ? 'ok' : 'warn';
}

function stateText({ status, reason, found, delivered, enqueued }: Recovery): string {
  if (status === 'running') return found === 0 ? RECOVERY.starting : RECOVERY.running;
  if (status === 'done') {
    return enqueued > 0 && delivered === enqueued
      ? RECOVERY.doneAll(delivered)
      : RECOVERY.done(delivered, enqueued);
  }
  return reason === RECOVERY.byRequest ? RECOVERY.stoppedByRequest : sentence(reason ?? '');
}
