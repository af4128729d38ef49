import { createApi } from '../api/create-api.ts';
import { ApiProblem } from '../api/problem.ts';
import type { Session } from './session-view.ts';

/** These two calls are not made with the token of the current session. */
const apiWith = (token?: string) => createApi({ origin: location.origin, token: () => token });

export async function exchange(body: { code: string } | { api_key: string }): Promise<Session> {
  const { data, error, response } = await apiWith().POST('/v1/sessions', { body }).catch(noAnswer);
  if (data === undefined) throw new ApiProblem(Object(error), response);
  return data;
}

export async function revoke(token: string): Promise<void> {
  const { error, response } = await apiWith(token).DELETE('/v1/session').catch(noAnswer);
  if (!response.ok) throw new ApiProblem(Object(error), response);
}

function noAnswer(): never {
  throw new ApiProblem({ type: navigator.onLine ? 'no-answer' : 'offline' });
}
