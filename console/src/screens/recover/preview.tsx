import { api, bodyOf } from '../../api/client.ts';
import { useAction } from '../../api/use-action.ts';
import { useQuery } from '../../api/use-query.ts';
import { ActionButton, Button } from '../../kit/button.tsx';
import { ErrorPanel, QueryProblem } from '../../kit/error-panel.tsx';
import { EmptyState, Notice, Section } from '../../kit/layout.tsx';
import { Loading } from '../../kit/loading.tsx';
import { Time } from '../../kit/time.tsx';
import { type Preset, parsePeriod } from '../../parts/period.ts';
import { isReadOnly } from '../../session/session.ts';
import { useAddress } from '../../shell/use-address.ts';
import { RECOVER } from '../../texts/recover.ts';
import { type Choice, choiceOf, type Recovery, statusesOf } from './choice.ts';

interface PreviewProps {
  readonly webhookId: string;
  readonly preset: Preset;
  /** Why nothing can be sent. It can be counted nevertheless. */
  readonly disabledReason: string | undefined;
  readonly onStart: (recovery: Recovery, counted: number) => void;
}

interface Count {
  readonly choice: Choice;
  readonly count: number;
  readonly isAtLeast: boolean;
}

/** The dry run of what the address chooses, and the button that sends exactly that. */
export function Preview(props: PreviewProps) {
  const { query } = useAddress();
  const choice = choiceOf(query, props.preset, Date.now());
  return (
    <Section title={RECOVER.preview}>
      {isReadOnly() ? (
        <p>{RECOVER.readOnly}</p>
      ) : typeof choice === 'string' ? (
        <p role="status">{choice === 'no-status' ? RECOVER.noStatus : RECOVER.order}</p>
      ) : (
        <Counted {...props} />
      )}
    </Section>
  );
}

function Counted({ webhookId, preset, disabledReason, onStart }: PreviewProps) {
  const { query, withQuery } = useAddress();
  const { last, since, until } = query;
  const key = JSON.stringify([webhookId, statusesOf(query), last ?? preset, since, until]);
  const counted = useQuery(`count ${key}`, (signal) => countNow(signal));
  const start = useAction(({ choice }: Count, idempotencyKey) => {
    const params = { path: { webhook_id: webhookId }, header: { 'Idempotency-Key': idempotencyKey } };
    return bodyOf(api.POST('/v1/webhooks/{webhook_id}/recover', { params, body: choice }));
  });

  async function countNow(signal: AbortSignal): Promise<Count | undefined> {
    const choice = choiceOf(query, preset, Date.now());
    if (typeof choice === 'string') return undefined;
    const params = { path: { webhook_id: webhookId } };
    const body = { ...choice, dry_run: true };
    const answer = await bodyOf(api.POST('/v1/webhooks/{webhook_id}/recover', { params, body, signal }));
    if (!('count' in answer)) return undefined;
    return { choice, count: answer.count, isAtLeast: answer.at_least === true };
  }

  async function send(what: Count): Promise<void> {
    const recovery = await start.run(what);
    if (recovery !== undefined && 'id' in recovery) onStart(recovery, what.count);
  }

  const { data } = counted;
  return (
    <div class="list">
      <p class="hidden" role="status">
        {data
          ? data.count === 0
            ? RECOVER.none
            : RECOVER.counted(data.count, data.isAtLeast, kindOf(data.choice))
          : RECOVER.counting}
      </p>
      <QueryProblem query={counted} />
      {counted.isLoading && <Loading rows={2} />}
      {data?.count === 0 && (
        <EmptyState
          action={
            parsePeriod(query, preset).kind !== 'all' && (
              <Button href={withQuery({ last: 'all', since: '', until: '' })}>{RECOVER.longer}</Button>
            )
          }
        >
          {RECOVER.none}
        </EmptyState>
      )}
      {data !== undefined && data.count > 0 && (
        <>
          <Notice tone="info" title={RECOVER.counted(data.count, data.isAtLeast, kindOf(data.choice))}>
            <p>{RECOVER.seen[kindOf(data.choice)]}</p>
            {data.isAtLeast && <p>{RECOVER.atLeast}</p>}
            <p class="secondary">
              {RECOVER.countedAt} <Time at={data.choice.until} style="clock" />
            </p>
          </Notice>
          {start.problem && <ErrorPanel problem={start.problem} />}
          <div class="actions">
            <ActionButton
              kind="filled"
              isBusy={start.isRunning}
              disabledReason={disabledReason}
              onClick={() => void send(data)}
            >
              {RECOVER.start(data.count, data.isAtLeast, kindOf(data.choice))}
            </ActionButton>
            <Button onClick={counted.reload}>{RECOVER.countAgain}</Button>
          </div>
        </>
      )}
    </div>
  );
}

function kindOf({ status: [first, second] }: Choice): 'held' | 'exhausted' | 'both' {
  return second === undefined && first !== undefined ? first : 'both';
}
