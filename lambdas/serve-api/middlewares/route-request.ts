import type { MiddlewareObj } from '@middy/core';
import type { ApiEvent } from '../api-event.ts';
import { problem } from '../problem.ts';
import type { ApiResponse } from '../response.ts';
import { findRoute } from './find-route.ts';

/** Finds the route of a request. Answers 404 and 405 with problem details, like every other error. */
export function routeRequest(): MiddlewareObj<ApiEvent, ApiResponse> {
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
          event.routeParameters = found.parameters;
          return undefined;
        case 'wrong_method': {
          const allow = found.allowed.join(', ');
          return problem('method-not-allowed', `this path does not support ${method}; use ${allow}`, {
            headers: { allow },
          });
        }
        case 'unknown_path':
          return problem('not-found', 'no call has this path; GET /v1/openapi.json lists them');
      }
    },
  };
}
