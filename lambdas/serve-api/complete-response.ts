import type { ApiEvent } from './api-event.ts';
import { corsHeaders } from './cors.ts';
import { PROBLEM_TYPE } from './problem.ts';
import type { ApiResponse } from './response.ts';

/**
 * Adds the id of the request and the CORS headers, which every response has. A problem document repeats the id in
 * `request_id`. The gateway's access log has the same id.
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
