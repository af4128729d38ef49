import { api, bodyOf } from '../../api/client.ts';
import { useAction } from '../../api/use-action.ts';
import type { Query } from '../../api/use-query.ts';
import { ActionButton, Button } from '../../kit/button.tsx';
import { ErrorPanel } from '../../kit/error-panel.tsx';
import { Notice } from '../../kit/layout.tsx';
import { Time } from '../../kit/time.tsx';
import { RECOVERIES, RECOVERY } from '../../texts/recover.ts';
import { WEBHOOK } from '../../texts/webhook.ts';
import type { Recovery } from '../recover/choice.ts';
import { CountedAt } from '../recover/counted-at.tsx';
import { progressOf } from '../recover/progress.ts';
import { recoveryAddress } from '../recover/recoveries.tsx';

/** An ended recovery is shown for this time, in milliseconds. */
const ENDED_SHOWN_MS = 3_600_000;

/** The recovery that runs, with its progress, or the one that ended in the last hour. */
export function RecoveryNotice({ recoveries }: { recoveries: Query<readonly Recovery[]> }) {
  const { data = [] } = recoveries;
  const recovery = data.find(({ status }) => status === 'running') ?? data[0];
  if (recovery === undefined) return null;
  const { ended_at: endedAt, status, delivered, failed } = recovery;
  if (endedAt === null) return <Running recovery={recovery} onStopped={recoveries.reload} />;
  if (Date.now() - Date.parse(endedAt) > ENDED_SHOWN_MS) return null;
  return (
    <Notice tone={failed > 0 ? 'warn' : 'ok'} actions={<Details recovery={recovery} />}>
      <p>
        {status === 'stopped' ? WEBHOOK.recovery.stopped : WEBHOOK.recovery.ended} <Time at={endedAt} />.{' '}
        {WEBHOOK.recovery.results(delivered, failed)}
      </p>
    </Notice>
  );
}

function Running({ recovery, onStopped }: { recovery: Recovery; onStopped: () => void }) {
  const { id, delivered, failed } = recovery;
  const { queued, total } = progressOf(recovery, undefined);
  const stop = useAction(() =>
    bodyOf(api.DELETE('/v1/recoveries/{recovery_id}', { params: { path: { recovery_id: id } } })),
  );
  return (
    <>
      <Notice
        tone="info"
        title={RECOVERIES.runningTitle}
        actions={
          <>
            <Details recovery={recovery} />
            <ActionButton
              isBusy={stop.isRunning}
              onClick={() => void stop.run(undefined).then((stopped) => stopped && onStopped())}
            >
              {RECOVERY.stop}
            </ActionButton>
          </>
        }
      >
        <progress aria-label={RECOVERY.bars.queued} max={Math.max(1, total)} value={queued} />
        <p>
          {RECOVERY.bars.queued} {RECOVERY.of(queued, total)}. {WEBHOOK.recovery.results(delivered, failed)}
        </p>
        <CountedAt recovery={recovery} />
      </Notice>
      {stop.problem && <ErrorPanel problem={stop.problem} />}
    </>
  );
}

function Details({ recovery }: { recovery: Recovery }) {
  return <Button href={recoveryAddress(recovery)}>{RECOVERIES.show}</Button>;
}
