import type { ApiEvent } from './api-event.ts';
import type { ApiResponse } from './response.ts';
import { ROUTES } from './routes.ts';

// https://fetch.spec.whatwg.org/#http-cors-protocol. The function answers preflight requests itself: they reach it by
// the route `$default`, on every path, and its rules are the same in the local cloud.

/** The longest time that Chromium keeps the answer to a preflight request. */
const PREFLIGHT_MAX_AGE_SECONDS = 7_200;

/** Request headers that a script may send. */
const ALLOWED_HEADERS = ['authorization', 'content-type', 'idempotency-key', 'if-match', 'if-none-match'];

/** Response headers that a script may read, besides those that are always readable, such as `content-type`. */
export const EXPOSED_HEADERS = [
  ...['allow', 'deprecation', 'etag', 'idempotent-replayed', 'location', 'ratelimit', 'ratelimit-policy'],
  ...['retry-after', 'sunset', 'www-authenticate', 'x-request-id'],
];

/** The methods of all calls: the answer to a preflight request does not depend on its path. */
const METHODS = [...new Set(ROUTES.map(({ method }) => method))];

/**
 * The answer to a preflight request from an allowed origin, which has no API key. Undefined for every other request: it
 * is handled as usual.
 */
export function answerPreflight(event: ApiEvent, allowedOrigins: readonly string[]): ApiResponse | undefined {
  const isPreflight =
    event.requestContext.http.method === 'OPTIONS' &&
    event.headers['access-control-request-method'] !== undefined;
  if (!isPreflight || originOf(event, allowedOrigins) === undefined) return undefined;
  return {
    status: 204,
    headers: {
      'access-control-allow-methods': METHODS.join(', '),
      'access-control-allow-headers': ALLOWED_HEADERS.join(', '),
      'access-control-max-age': String(PREFLIGHT_MAX_AGE_SECONDS),
    },
  };
}

/**
 * The headers that let a page of an allowed origin read the answer. Cookies are never allowed: an API key is sent in a
 * header. Empty when no origin is allowed. Otherwise `vary` is always there, so that no cache gives one origin the answer
 * to another one.
 */
export function corsHeaders(event: ApiEvent, allowedOrigins: readonly string[]): Record<string, string> {
  if (allowedOrigins.length === 0) return {};
  const origin = originOf(event, allowedOrigins);
  if (origin === undefined) return { vary: 'Origin' };
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': EXPOSED_HEADERS.join(', '),
  };
}

function originOf({ headers }: ApiEvent, allowedOrigins: readonly string[]): string | undefined {
  return allowedOrigins.find((origin) => origin === headers.origin);
}
