import type { MiddlewareObj } from '@middy/core';
import { describeError } from '../../shared/runtime/errors.ts';
import type { Log } from '../../shared/runtime/observability.ts';
import { problem, unavailable } from '../problem.ts';
import { type GatewayResult, render } from '../reply.ts';
import type { ApiEvent } from '../request.ts';

/** What our own code throws when it is wrong; anything else comes from a service that it called. */
const OUR_MISTAKES = [TypeError, RangeError, ReferenceError, SyntaxError];

/** Whatever was thrown is our own side's failure: the log says what, the customer only that it happened. */
export function answerErrors(log: Log): MiddlewareObj<ApiEvent, GatewayResult> {
  return {
    onError: ({ error, event }) => {
      log.error('a call failed on our side', { call: event.route?.call, why: describeError(error) });
      if (OUR_MISTAKES.some((mistake) => error instanceof mistake)) {
        return render(
          problem('internal-error', 'this is a mistake of ours; the operator can see it in the log'),
        );
      }
      return render(unavailable('something that this service needs did not answer'));
    },
  };
}
