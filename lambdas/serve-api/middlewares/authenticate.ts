import type { MiddlewareObj } from '@middy/core';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Log } from '../../shared/runtime/observability.ts';
import type { ApiEvent } from '../api-event.ts';
import type { ApiKeys } from '../ports.ts';
import { problem } from '../problem.ts';
import type { ApiResponse } from '../response.ts';

const BEARER = /^Bearer +(whk_[A-Za-z0-9_-]{1,64}) *$/i;

/**
 * Identifies the account by the API key. The key is read by its hash for every request, so that a revoked key is
 * refused at once. Unknown, revoked, expired and malformed keys get the same response, and no key is logged. The use of a revoked
 * key is logged with the key's id, since the key may be stolen.
 */
export function authenticate(apiKeys: ApiKeys, clock: Clock, log: Log): MiddlewareObj<ApiEvent, ApiResponse> {
  return {
    before: async ({ event }) => {
      if (event.route?.needsKey === false) return undefined;
      const header = event.headers.authorization;
      if (header === undefined) {
        return refuse('send the header "Authorization: Bearer <api key>"', 'Bearer realm="webhook-fanout"');
      }
      const key = BEARER.exec(header)?.[1];
      const found = key === undefined ? undefined : await apiKeys.find(key, clock.now());
      if (found?.revoked) {
        log.warn('a revoked API key was used', { key_id: found.id, account_id: found.accountId });
      }
      if (found === undefined || found.revoked) {
        return refuse(
          'the header "Authorization" contains no valid API key; send "Bearer <api key>"',
          'Bearer realm="webhook-fanout", error="invalid_token"',
        );
      }
      event.accountId = found.accountId;
      event.apiKey = found;
      return undefined;
    },
  };
}

function refuse(detail: string, challenge: string): ApiResponse {
  return problem('unauthorized', detail, { headers: { 'www-authenticate': challenge } });
}
