import type { ApiProblem } from '../api/problem.ts';
import type { Query } from '../api/use-query.ts';
import { Button } from '../kit/button.tsx';
import { Foreign } from '../kit/foreign.tsx';
import { Notice } from '../kit/layout.tsx';
import { OPERATOR } from '../texts/operator.ts';

/** What AWS or the command answered, in its own words: the operator can correct it. */
export function Problem({ problem, onRetry }: { problem: ApiProblem; onRetry?: () => void }) {
  const { kind, title, detail } = problem;
  const hasNoAnswer = kind === 'no-answer' || kind === 'offline';
  return (
    <Notice
      tone="bad"
      role="alert"
      title={hasNoAnswer ? OPERATOR.noAnswerTitle : title || OPERATOR.refusedTitle}
      actions={onRetry && <Button onClick={onRetry}>{OPERATOR.retry}</Button>}
    >
      <p>
        <Foreign text={hasNoAnswer ? OPERATOR.noAnswer : detail} />
      </p>
    </Notice>
  );
}

/** The problem of a query that failed, or nothing. */
export function ProblemOf({ query }: { query: Query<unknown> }) {
  return query.problem === undefined ? null : <Problem problem={query.problem} onRetry={query.reload} />;
}
