import type { MiddlewareObj } from '@middy/core';
import { findRoute } from '../find-route.ts';
import { problem } from '../problem.ts';
import { type GatewayResult, render } from '../reply.ts';
import type { ApiEvent } from '../request.ts';

/** Finds the call for a request, so that 404 and 405 are problem details like every other error. */
export function routeRequest(): MiddlewareObj<ApiEvent, GatewayResult> {
  return {
    before: ({ event }) => {
      const { method } = event.requestContext.http;
      const found = findRoute({
        routeKey: event.routeKey,
        method,
        path: event.rawPath,
        parameters: event.pathParameters ?? {},
      });
      switch (found.kind) {
        case 'route':
          event.route = found.route;
          event.webhookId = found.webhookId;
          return undefined;
        case 'wrong_method': {
          const allow = found.allowed.join(', ');
          return render(
            problem('method-not-allowed', `this path does not support ${method}; use ${allow}`, {
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
