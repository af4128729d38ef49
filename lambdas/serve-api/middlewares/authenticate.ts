import type { MiddlewareObj } from '@middy/core';
import type { Log } from '../../shared/runtime/observability.ts';
import type { ApiKeys } from '../ports.ts';
import { problem } from '../problem.ts';
import { type GatewayResult, render } from '../reply.ts';
import type { ApiEvent } from '../request.ts';

const BEARER = /^Bearer +(whk_[A-Za-z0-9_-]{1,64}) *$/i;

/**
 * Tells who asks, from the API key alone: read by its hash at every request, so that a revoked one stops at
 * once. A wrong, a revoked and a malformed key get the same words; none of them is ever logged. That somebody
 * still uses a revoked one is, by the key's id: it may be the one who stole it.
 */
export function authenticate(apiKeys: ApiKeys, log: Log): MiddlewareObj<ApiEvent, GatewayResult> {
  return {
    before: async ({ event }) => {
      if (event.route?.needsKey === false) return undefined;
      const header = event.headers.authorization;
      if (header === undefined) {
        return refuse('send the header "Authorization: Bearer <api key>"', 'Bearer realm="webhook-fanout"');
      }
      const key = BEARER.exec(header)?.[1];
      const found = key === undefined ? undefined : await apiKeys.find(key);
      if (found?.revoked) {
        log.warn('a revoked API key was used', { key_id: found.id, account_id: found.accountId });
      }
      if (found === undefined || found.revoked) {
        return refuse(
          'the header "Authorization" holds no API key that is known and not revoked; send "Bearer <api key>"',
          'Bearer realm="webhook-fanout", error="invalid_token"',
        );
      }
      event.accountId = found.accountId;
      event.keyId = found.id;
      return undefined;
    },
  };
}

function refuse(detail: string, challenge: string): GatewayResult {
  return render(problem('unauthorized', detail, { headers: { 'www-authenticate': challenge } }));
}
