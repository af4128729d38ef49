import type { ApiEvent } from './api-event.ts';
import { corsHeaders } from './cors.ts';
import { PROBLEM_TYPE } from './problem.ts';
import type { ApiResponse } from './response.ts';

/**
 * Adds what every answer has: the id of the request, which a problem document repeats in `request_id`, and the CORS
 * headers. The gateway's access log has the same id.
 */
export function completeResponse(
  response: ApiResponse,
  event: ApiEvent,
  corsOrigins: readonly string[],
): ApiResponse {
  const { requestId } = event.requestContext;
  const { headers = {}, body } = response;
  const isProblem = headers['content-type'] === PROBLEM_TYPE && typeof body === 'object';
  return {
    ...response,
    headers: { ...headers, 'x-request-id': requestId, ...corsHeaders(event, corsOrigins) },
    ...(isProblem ? { body: { ...body, request_id: requestId } } : {}),
  };
}
