import type { MiddlewareObj } from '@middy/core';
import { errorFields } from '../../shared/runtime/errors.ts';
import type { Log } from '../../shared/runtime/observability.ts';
import { problem, unavailable } from '../problem.ts';
import { type GatewayResult, render } from '../reply.ts';
import type { ApiEvent } from '../request.ts';

/** Errors of our own code. All others come from a service that it called. */
const OUR_MISTAKES = [TypeError, RangeError, ReferenceError, SyntaxError];

/** Every exception is a failure on our side. The details are logged; the response does not contain them. */
export function answerErrors(log: Log): MiddlewareObj<ApiEvent, GatewayResult> {
  return {
    onError: ({ error, event }) => {
      log.error('a call failed on our side', { call: event.route?.call, ...errorFields(error) });
      if (OUR_MISTAKES.some((mistake) => error instanceof mistake)) {
        return render(
          problem('internal-error', 'this is an error of this service; the operator finds it in the log'),
        );
      }
      return render(unavailable('a service that this API depends on did not respond'));
    },
  };
}
