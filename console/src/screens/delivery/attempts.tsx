import { Badge } from '../../kit/badge.tsx';
import { CodeBlock } from '../../kit/code-block.tsx';
import { Foreign } from '../../kit/foreign.tsx';
import { Section } from '../../kit/layout.tsx';
import { Time } from '../../kit/time.tsx';
import { Waterfall } from '../../kit/waterfall.tsx';
import { detailText, failureText, resultText } from '../../parts/attempt-text.ts';
import { ATTEMPTS } from '../../texts/delivery.ts';
import { capital, duration } from '../../texts/language.ts';
import type { Attempt } from './cause.ts';
import { HeaderList } from './header-list.tsx';

const UTF8 = new TextEncoder();

/** The newest first, and its answer open. All bars have one scale. */
export function Attempts({ attempts }: { attempts: readonly Attempt[] }) {
  const scaleMs = Math.max(...attempts.map(({ duration_ms: ms }) => ms));
  return (
    <Section title={ATTEMPTS.title}>
      {attempts.length === 0 ? (
        <p class="secondary">{ATTEMPTS.none}</p>
      ) : (
        <ol class="attempts" reversed>
          {attempts.toReversed().map((attempt, index) => (
            <li key={attempt.number}>
              <AttemptItem attempt={attempt} scaleMs={scaleMs} isNewest={index === 0} />
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

interface AttemptItemProps {
  readonly attempt: Attempt;
  readonly scaleMs: number;
  readonly isNewest: boolean;
}

function AttemptItem({ attempt, scaleMs, isNewest }: AttemptItemProps) {
  const { number, at, duration_ms: ms, timing, error } = attempt;
  const detail = detailText(attempt);
  const isFailed = error !== undefined;
  return (
    <article aria-label={ATTEMPTS.number(number)} class="attempt">
      <div class="attempt-head">
        <h3>{ATTEMPTS.number(number)}</h3>
        <Badge tone={isFailed ? 'bad' : 'ok'} icon={isFailed ? 'cross' : 'check'}>
          {isFailed ? ATTEMPTS.failed : ATTEMPTS.succeeded}
        </Badge>
        <span>
          <Foreign text={isFailed ? capital(failureText(attempt)) : resultText(attempt)} />
        </span>
        <span class="secondary">
          {isFailed && <span class="figure">{duration(ms)} · </span>}
          <Time at={at} style="seconds" />
        </span>
      </div>
      <Waterfall durationMs={ms} timing={timing} scaleMs={scaleMs} />
      {detail && (
        <p class="secondary">
          <Foreign text={detail} />
        </p>
      )}
      <Answer attempt={attempt} isNewest={isNewest} />
    </article>
  );
}

function Answer({ attempt, isNewest }: Pick<AttemptItemProps, 'attempt' | 'isNewest'>) {
  const { response, number, error } = attempt;
  if (response === undefined) return <p class="secondary">{ATTEMPTS.noAnswer}</p>;
  const { status, headers, body, body_truncated: isCut } = response;
  if (error === undefined) return <p class="secondary">{ATTEMPTS.notRecorded}</p>;
  return (
    <details open={isNewest}>
      <summary>
        {ATTEMPTS.answer} {status}
        {headers['content-type'] && (
          <>
            {' '}
            <Foreign text={headers['content-type']} />
          </>
        )}
      </summary>
      <div class="attempt-answer">
        {isCut && (
          <Badge tone="warn" icon="alert">
            {ATTEMPTS.cut(UTF8.encode(body ?? '').length)}
          </Badge>
        )}
        {body ? (
          <CodeBlock code={body} label={ATTEMPTS.answerOf(number)} />
        ) : (
          <p class="secondary">{ATTEMPTS.noBody}</p>
        )}
        <HeaderList headers={headers} label={ATTEMPTS.headers} />
      </div>
    </details>
  );
}
