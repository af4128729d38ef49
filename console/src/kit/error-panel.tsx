import type { ApiProblem } from '../api/problem.ts';
import type { Query } from '../api/use-query.ts';
import { readOnlyReason } from '../shell/operators.ts';
import { sentence } from '../texts/language.ts';
import { PROBLEM } from '../texts/problem.ts';
import { SHELL } from '../texts/shell.ts';
import { Button } from './button.tsx';
import { Foreign } from './foreign.tsx';
import { Notice } from './layout.tsx';
import { Countdown } from './time.tsx';

interface ErrorPanelProps {
  readonly problem: ApiProblem;
  /** When the request is repeated by itself, in milliseconds since 1970. */
  readonly retryAt?: number | undefined;
  readonly onRetry?: (() => void) | undefined;
}

/** What happened, what to do, and the id by which the operator finds the request. */
export function ErrorPanel({ problem, retryAt, onRetry }: ErrorPanelProps) {
  const { title, text } = explain(problem);
  const isOffline = problem.kind === 'offline';
  return (
    <Notice
      tone={isOffline ? 'warn' : 'bad'}
      role="alert"
      title={title}
      actions={
        onRetry && retryAt === undefined && !isOffline && <Button onClick={onRetry}>{PROBLEM.retry}</Button>
      }
    >
      {problem.errors.length > 0 ? (
        <InputErrors errors={problem.errors} />
      ) : (
        text && (
          <p>
            <Foreign text={text} />
          </p>
        )
      )}
      {retryAt !== undefined && (
        <p>
          {PROBLEM.retriesIn} <Countdown until={retryAt} />
        </p>
      )}
      {problem.requestId && (
        <p class="secondary">
          {PROBLEM.requestId} <code>{problem.requestId}</code>
        </p>
      )}
    </Notice>
  );
}

function InputErrors({ errors }: Pick<ApiProblem, 'errors'>) {
  return (
    <ul>
      {errors.map(({ path, message }) => (
        <li key={path + message}>
          <Foreign text={path === '' ? message : `${path}: ${message}`} />
        </li>
      ))}
    </ul>
  );
}

/** The panel of a query that failed, or nothing. */
export function QueryProblem({ query }: { query: Query<unknown> }) {
  if (query.problem === undefined) return null;
  return <ErrorPanel problem={query.problem} retryAt={query.retryAt} onRetry={query.reload} />;
}

/** Also for a status that has a text of its own in some screen: 404, 409, 412. */
function explain({ status, kind, title, detail }: ApiProblem): { title: string; text: string } {
  if (kind === 'offline') return { title: PROBLEM.offlineTitle, text: PROBLEM.offline };
  if (kind === 'no-answer') return { title: PROBLEM.noAnswerTitle, text: PROBLEM.noAnswer };
  if (status === 0) return { title: SHELL.crashedTitle, text: detail };
  if (status === 429) return { title: PROBLEM.tooManyTitle, text: sentence(detail) };
  if (status === 503) return { title: PROBLEM.unavailableTitle, text: PROBLEM.failed };
  if (status >= 500) return { title: PROBLEM.failedTitle, text: PROBLEM.failed };
  if (kind === 'invalid-request') return { title: PROBLEM.inputTitle, text: sentence(detail) };
  if (kind === 'read-only') return { title, text: readOnlyReason() };
  return { title: title || PROBLEM.failedTitle, text: sentence(detail) };
}
