import { api, bodyOf } from '../../api/client.ts';
import type { components } from '../../api/schema.d.ts';
import { useAction } from '../../api/use-action.ts';
import { useQuery } from '../../api/use-query.ts';
import { ActionButton } from '../../kit/button.tsx';
import { ErrorPanel } from '../../kit/error-panel.tsx';
import { Notice } from '../../kit/layout.tsx';
import { Time, useNow } from '../../kit/time.tsx';
import { WEBHOOK } from '../../texts/webhook.ts';

type Recovery = components['schemas']['Recovery'];

const RUNNING_POLL_MS = 5_000;
const IDLE_POLL_MS = 60_000;
/** An ended recovery is shown for this time, in milliseconds. */
const ENDED_SHOWN_MS = 3_600_000;

/** The recovery that runs, with its progress, or the one that ended in the last hour. */
export function RecoveryNotice({ id }: { id: string }) {
  const newest = useQuery(`recoveries ${id}`, (signal) => readNewest(id, signal), { pollMs: IDLE_POLL_MS });
  const isRunning = newest.data?.status === 'running';
  const now = useNow(IDLE_POLL_MS);
  if (newest.data === undefined || newest.data === null) return null;
  if (isRunning) return <Running first={newest.data} onEnd={newest.reload} />;
  const { ended_at: endedAt, status, delivered, failed } = newest.data;
  if (endedAt === null || now - Date.parse(endedAt) > ENDED_SHOWN_MS) return null;
  return (
    <Notice tone={failed > 0 ? 'warn' : 'ok'}>
      <p>
        {status === 'stopped' ? WEBHOOK.recovery.stopped : WEBHOOK.recovery.ended} <Time at={endedAt} />.{' '}
        {WEBHOOK.recovery.results(delivered, failed)}
      </p>
    </Notice>
  );
}

function Running({ first, onEnd }: { first: Recovery; onEnd: () => void }) {
  const path = { recovery_id: first.id };
  const query = useQuery(
    `recovery ${first.id}`,
    (signal) => bodyOf(api.GET('/v1/recoveries/{recovery_id}', { params: { path }, signal })),
    { pollMs: RUNNING_POLL_MS },
  );
  const stop = useAction(() => bodyOf(api.DELETE('/v1/recoveries/{recovery_id}', { params: { path } })));
  const { status, found, enqueued, expired, delivered, failed } = query.data ?? first;
  if (status !== 'running') onEnd();
  return (
    <>
      <Notice
        tone="info"
        title={WEBHOOK.recovery.title}
        actions={
          <ActionButton
            isBusy={stop.isRunning}
            onClick={() => void stop.run(undefined).then((ended) => ended && onEnd())}
          >
            {WEBHOOK.recovery.stop}
          </ActionButton>
        }
      >
        <progress max={Math.max(found, 1)} value={enqueued + expired} aria-label={WEBHOOK.recovery.title} />
        <p>
          {WEBHOOK.recovery.progress(enqueued, found)} {WEBHOOK.recovery.results(delivered, failed)}
          {expired > 0 && ` ${WEBHOOK.recovery.expired(expired)}`}
        </p>
      </Notice>
      {stop.problem && <ErrorPanel problem={stop.problem} />}
    </>
  );
}

/** Null: the webhook has none. */
async function readNewest(id: string, signal: AbortSignal): Promise<Recovery | null> {
  const path = { webhook_id: id };
  const { data } = await bodyOf(
    api.GET('/v1/webhooks/{webhook_id}/recoveries', { params: { path }, signal }),
  );
  return data.find(({ status }) => status === 'running') ?? data[0] ?? null;
}
