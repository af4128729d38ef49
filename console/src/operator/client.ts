import { ApiProblem } from '../api/problem.ts';
import { currentToken, endSession } from '../session/session.ts';

/** Calls the operators' API on the server of the command. Throws `ApiProblem` for every answer that is no success. */
export async function call<T>(
  method: 'GET' | 'POST',
  path: string,
  { body, signal }: { body?: unknown; signal?: AbortSignal } = {},
): Promise<T> {
  const token = currentToken();
  const response = await fetch(`/operator/${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
    credentials: 'omit',
    cache: 'no-store',
  }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiProblem({ type: 'no-answer' });
  });
  const answer: unknown = await response.json().catch(() => ({}));
  if (response.ok) return answer as T;
  if (response.status === 401 && token === currentToken()) endSession('ended');
  throw new ApiProblem(Object(answer), response);
}
