import { Badge } from '../../kit/badge.tsx';
import { Foreign, ForeignBlock } from '../../kit/foreign.tsx';
import { Facts } from '../../kit/layout.tsx';
import { Time } from '../../kit/time.tsx';
import { duration, sentence } from '../../texts/language.ts';
import { VERIFICATION } from '../../texts/verification.ts';
import type { Challenge } from './calls.ts';

type Attempt = Challenge['attempts'][number];

/** The newest attempt, and the earlier ones closed. */
export function Attempts({ attempts }: { attempts: readonly Attempt[] }) {
  const [newest, ...older] = attempts.toReversed();
  if (newest === undefined) return null;
  return (
    <>
      <AttemptView attempt={newest} />
      {older.length > 0 && (
        <details>
          <summary>{VERIFICATION.older}</summary>
          <div class="challenge-attempts">
            {older.map((attempt) => (
              <AttemptView key={attempt.number} attempt={attempt} />
            ))}
          </div>
        </details>
      )}
    </>
  );
}

function AttemptView({ attempt }: { attempt: Attempt }) {
  const { number, at, duration_ms: durationMs, error } = attempt;
  const isPassed = error === undefined;
  return (
    <article class="challenge-attempt">
      <div class="title-line">
        <h3>{VERIFICATION.attempt(number)}</h3>
        <Badge tone={isPassed ? 'ok' : 'bad'} icon={isPassed ? 'check' : 'cross'}>
          {isPassed ? VERIFICATION.passed : VERIFICATION.notPassed}
        </Badge>
        <span class="secondary">
          <Time at={at} /> · {duration(durationMs)}
        </span>
      </div>
      {!isPassed && (
        <Facts
          facts={[
            { label: VERIFICATION.answered, value: <Answer attempt={attempt} /> },
            { label: VERIFICATION.expected, value: VERIFICATION.expectedText },
          ]}
        />
      )}
    </article>
  );
}

function Answer({ attempt: { number, response, reason } }: { attempt: Attempt }) {
  if (response === undefined) {
    return (
      <>
        {VERIFICATION.noAnswer}: <Foreign text={sentence(reason ?? '')} />
      </>
    );
  }
  const { status, headers, body, body_truncated: isCut } = response;
  return (
    <>
      <p>
        {VERIFICATION.status(status)} {!body && VERIFICATION.noBody}
      </p>
      {headers.location && (
        <p>
          {VERIFICATION.location} <Foreign text={headers.location} />
        </p>
      )}
      {body && <ForeignBlock text={body} label={VERIFICATION.body(number)} />}
      {isCut && <p class="secondary">{VERIFICATION.cut}</p>}
    </>
  );
}
