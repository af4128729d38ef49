import createClient from 'openapi-fetch';
import { ApiProblem } from '../api/problem.ts';
import type { paths } from '../api/schema.d.ts';
import type { Session } from './session-view.ts';

/** These two calls are not made with the token of the current session. */
const client = createClient<paths>({ baseUrl: location.origin, credentials: 'omit', cache: 'no-store' });

export async function exchange(body: { code: string } | { api_key: string }): Promise<Session> {
  const { data, error, response } = await client.POST('/v1/sessions', { body }).catch(noAnswer);
  if (data === undefined) throw new ApiProblem(Object(error), response);
  return data;
}

export async function revoke(token: string): Promise<void> {
  const headers = { Authorization: `Bearer ${token}` };
  const { error, response } = await client.DELETE('/v1/session', { headers }).catch(noAnswer);
  if (!response.ok) throw new ApiProblem(Object(error), response);
}

function noAnswer(): never {
  throw new ApiProblem({ type: navigator.onLine ? 'no-answer' : 'offline' });
}
