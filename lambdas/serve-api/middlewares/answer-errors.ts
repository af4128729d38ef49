import type { MiddlewareObj } from '@middy/core';
import { errorFields } from '../../shared/runtime/errors.ts';
import type { Log } from '../../shared/runtime/observability.ts';
import type { ApiEvent } from '../api-event.ts';
import { callIdsOf } from '../call-ids.ts';
import { problem, unavailable } from '../problem.ts';
import type { ApiResponse } from '../response.ts';

/** Errors of this code. All others come from a service that it called. */
const PROGRAMMING_ERRORS = [TypeError, RangeError, ReferenceError, SyntaxError];

/** Answers 500 or 503 for an exception, which is always a failure on our side. Only the log contains the details. */
export function answerErrors(log: Log): MiddlewareObj<ApiEvent, ApiResponse> {
  return {
    onError: ({ error, event }) => {
      log.error('a call failed on our side', {
        call: event.route?.call,
        request_id: event.requestContext.requestId,
        ...callIdsOf(event.caller?.accountId, event.routeParameters ?? {}),
        ...errorFields(error),
      });
      return PROGRAMMING_ERRORS.some((type) => error instanceof type)
        ? problem('internal-error', 'this is an error of this service; the operator finds it in the log')
        : unavailable('a service that this API depends on did not respond');
    },
  };
}
