import { CONSOLE_ENTRY, CONSOLE_PATH } from '../shared/domain/console-paths.ts';
import type { ApiEvent } from './api-event.ts';
import type { ApiResponse } from './response.ts';

/**
 * The answer to `GET /console/` in a deployment that serves the console: a redirect to its first screen. It is not documented
 * whether the gateway's route `/console/{path+}` matches an empty path, and a route key must not end with a slash. Where it
 * does not match, the request reaches this function by the route `$default`. Undefined for every other request.
 */
export function redirectToConsole(event: ApiEvent, servesConsole: boolean): ApiResponse | undefined {
  const { method } = event.requestContext.http;
  const isRead = method === 'GET' || method === 'HEAD';
  if (!servesConsole || !isRead || event.rawPath !== `${CONSOLE_PATH}/`) return undefined;
  return { status: 302, headers: { location: CONSOLE_ENTRY } };
}
