import type { MiddlewareObj } from '@middy/core';
import type { ApiEvent } from '../api-event.ts';
import { unauthorized } from '../problem.ts';
import type { ApiResponse } from '../response.ts';
import { type IdentifyDeps, identify } from '../sessions/identify.ts';

const BEARER = /^Bearer +(wh[ks]_[A-Za-z0-9._-]{1,128}) *$/i;

/**
 * Identifies the account by the API key, or by the token of a session. Unknown, revoked, expired and malformed
 * credentials get the same response, and none is logged.
 */
export function authenticate(deps: IdentifyDeps): MiddlewareObj<ApiEvent, ApiResponse> {
  return {
    before: async ({ event }) => {
      if (event.route?.needsKey === false) return undefined;
      const header = event.headers.authorization;
      if (header === undefined) return unauthorized('send the header "Authorization: Bearer <api key>"');
      const credential = BEARER.exec(header)?.[1];
      const caller = credential === undefined ? undefined : await identify(credential, deps);
      if (caller === undefined) {
        return unauthorized(
          'the header "Authorization" contains no valid API key or session token; send "Bearer <api key>"',
          'invalid_token',
        );
      }
      event.caller = caller;
      return undefined;
    },
  };
}
