import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type AccountId, parseAccountId } from '../../lambdas/shared/domain/ids.ts';

/** The parts of a request that the guard checks. */
export interface GuardedRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Refusal {
  readonly status: number;
  readonly detail: string;
}

export type Guarded =
  /** `accountId`: the account that the operator chose. */
  { readonly ok: true; readonly accountId: AccountId | undefined } | ({ readonly ok: false } & Refusal);

export interface Guard {
  /**
   * To be called for every request. A page of another site can reach this server by a host name that resolves to
   * 127.0.0.1 (DNS rebinding): the browser then sends that host name in `Host`.
   */
  checkHost(request: GuardedRequest): Refusal | undefined;
  /**
   * To be called for every request except for the console's files, which contain no data and which a browser loads
   * without headers.
   */
  check(request: GuardedRequest): Guarded;
}

/** `Bearer <token>`, or `Bearer <token>.<account>`. */
const CREDENTIAL = /^Bearer ([A-Za-z0-9_-]+)(?:\.([A-Za-z0-9_-]+))?$/;

/** `host` is the only value of `Host` that is accepted, such as `127.0.0.1:8700`. */
export function createGuard({ host, token }: { readonly host: string; readonly token: string }): Guard {
  const origin = `http://${host}`;
  const checkHost = ({ headers }: GuardedRequest): Refusal | undefined =>
    headers.host === host
      ? undefined
      : {
          status: 421,
          detail: `this server answers at ${origin} only; open the address that the command printed`,
        };

  return {
    checkHost,
    check(request) {
      const { method, headers } = request;
      const refusal = checkHost(request) ?? checkOrigin(method, headers, origin);
      if (refusal !== undefined) return { ok: false, ...refusal };
      const [, given, account] = CREDENTIAL.exec(headers.authorization ?? '') ?? [];
      if (given === undefined || !isSameText(given, token)) {
        return {
          ok: false,
          status: 401,
          detail:
            'the command that served this page has ended; open the address that the running command printed',
        };
      }
      return { ok: true, accountId: parseAccountId(account) };
    },
  };
}

/** Browsers send `Origin` with every request that is not GET or HEAD, and a page cannot change it. */
function checkOrigin(method: string, headers: IncomingHttpHeaders, own: string): Refusal | undefined {
  const { origin, 'sec-fetch-site': site } = headers;
  const isRead = method === 'GET' || method === 'HEAD';
  if (origin === undefined ? isRead : origin === own) {
    if (site === undefined || site === 'same-origin' || site === 'none') return undefined;
  }
  return { status: 403, detail: 'only pages of this server may call it' };
}

/** Compares in a time that does not depend on where the texts differ. */
function isSameText(one: string, other: string): boolean {
  return timingSafeEqual(sha256(one), sha256(other));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
