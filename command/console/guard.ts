import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type AccountId, parseAccountId } from '../../lambdas/shared/domain/ids.ts';

/** What the guard examines of a request. */
export interface GuardedRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Refusal {
  readonly status: number;
  readonly detail: string;
}

export type Guarded =
  /** `accountId`: the account that the person chose. */
  { readonly ok: true; readonly accountId: AccountId | undefined } | ({ readonly ok: false } & Refusal);

export interface Guard {
  /**
   * For every request. A page of another site can reach this server by a name that it directs to 127.0.0.1 (DNS rebinding):
   * the browser then names the other site in `Host`.
   */
  checkHost(request: GuardedRequest): Refusal | undefined;
  /** For every request but those of the console's files, which contain no data and which a browser loads without headers. */
  check(request: GuardedRequest): Guarded;
}

/** `Bearer <token>`, and after a dot the account. */
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
            'the command that served this page has ended; open the address that it printed when it began',
        };
      }
      return { ok: true, accountId: parseAccountId(account) };
    },
  };
}

/** Browsers send `Origin` with every request that is not GET or HEAD, and cannot be made to send another. */
function checkOrigin(method: string, headers: IncomingHttpHeaders, own: string): Refusal | undefined {
  const { origin, 'sec-fetch-site': site } = headers;
  const isRead = method === 'GET' || method === 'HEAD';
  if (origin === undefined ? isRead : origin === own) {
    if (site === undefined || site === 'same-origin' || site === 'none') return undefined;
  }
  return { status: 403, detail: 'only pages of this server may call it' };
}

/** In a time that does not depend on where they differ. */
function isSameText(one: string, other: string): boolean {
  return timingSafeEqual(sha256(one), sha256(other));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
