import { ApiProblem, noAnswer } from '../api/problem.ts';
import { request } from '../api/request.ts';
import { isSession, type Session } from './session-view.ts';

/** Without the token of the current session. */
export async function exchange(body: { code: string } | { api_key: string }): Promise<Session> {
  const { data, error, response } = await request('POST', '/v1/sessions', undefined, { body }).catch(
    noAnswer,
  );
  if (!isSession(data)) throw new ApiProblem(Object(error), response);
  return data;
}

export async function revoke(token: string): Promise<void> {
  const { error, response } = await request('DELETE', '/v1/session', token).catch(noAnswer);
  if (!response.ok) throw new ApiProblem(Object(error), response);
}
