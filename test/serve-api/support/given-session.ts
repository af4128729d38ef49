import type { LinkRequest } from '../../../lambdas/create-portal-link/read-request.ts';
import { parseSessionId, type SessionId } from '../../../lambdas/shared/domain/ids.ts';
import type { CallOptions } from './gateway-event.ts';
import type { Api } from './start-api.ts';

/** Input of the portal function, besides the account. */
export interface LinkOptions {
  readonly read_only?: boolean;
  readonly ttl?: number;
  readonly actor?: string;
  readonly return_url?: string;
  readonly confirm?: boolean;
}

/** The code of a new link of the portal function. */
export async function givenLink(
  api: Api,
  account: LinkRequest['accountId'],
  options: LinkOptions = {},
): Promise<{ readonly code: string; readonly url: string; readonly sessionId: SessionId }> {
  const answer = await api.portal({ account, actor: 'ann@example.com', ...options }, 'request-of-backend');
  if ('error' in answer) throw new Error(answer.error);
  const code = new URLSearchParams(new URL(answer.url).hash.slice(1)).get('code') ?? '';
  const sessionId = parseSessionId(answer.session_id);
  if (sessionId === undefined) throw new Error(`not the id of a session: ${answer.session_id}`);
  return { code, url: answer.url, sessionId };
}

export function exchange(api: Api, json: object) {
  return api.call('POST', '/v1/sessions', { json });
}

/** A session that has begun, and calls with its token. */
export async function givenSession(api: Api, account: LinkRequest['accountId'], options: LinkOptions = {}) {
  const { code, sessionId } = await givenLink(api, account, options);
  const { body } = await exchange(api, { code });
  const token = String(Object(body).token);
  return { ...callerOf(api, token), sessionId };
}

export function callerOf(api: Api, token: string) {
  return {
    token,
    call: (method: string, path: string, options: CallOptions = {}) =>
      api.call(method, path, {
        ...options,
        headers: { authorization: `Bearer ${token}`, ...options.headers },
      }),
  };
}
