import type { MiddlewareObj } from '@middy/core';
import type { ApiEvent } from '../api-event.ts';
import { readOnly } from '../problem.ts';
import type { ApiResponse } from '../response.ts';
import { rightOf } from '../routes.ts';

/** Refuses every call that is not marked as a read to a session that may only read, before its input is examined. */
export function checkRight(): MiddlewareObj<ApiEvent, ApiResponse> {
  return {
    before: ({ event: { route, caller } }) =>
      route !== undefined && caller?.right === 'read' && rightOf(route) !== 'read' ? readOnly() : undefined,
  };
}
