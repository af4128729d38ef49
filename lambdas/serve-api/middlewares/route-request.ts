import type { MiddlewareObj } from '@middy/core';
import { findRoute } from '../find-route.ts';
import { problem } from '../problem.ts';
import { type GatewayResult, render } from '../reply.ts';
import type { ApiEvent } from '../request.ts';

/** Finds the call that is asked for, so that 404 and 405 look like every other answer. */
export function routeRequest(): MiddlewareObj<ApiEvent, GatewayResult> {
  return {
    before: ({ event }) => {
      const found = findRoute(event.routeKey, event.rawPath);
      switch (found.kind) {
        case 'route':
          event.route = found.route;
          return undefined;
        case 'wrong_method': {
          const { method } = event.requestContext.http;
          const allow = found.allowed.join(', ');
          return render(
            problem('method-not-allowed', `${method} is not for this path; it takes ${allow}`, {
              headers: { allow },
            }),
          );
        }
        case 'nothing':
          return render(problem('not-found', 'no call has this path; GET /v1/openapi.json lists them'));
      }
    },
  };
}
