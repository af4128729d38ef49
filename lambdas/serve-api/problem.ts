import type { RateLimit } from '../shared/store/rate-limits.ts';
import type { ApiResponse } from './response.ts';

/** RFC 9457. */
export const PROBLEM_TYPE = 'application/problem+json';

/** Value of `Retry-After` for a request that failed on our side. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Every kind of error response. Its `type` is `urn:webhook-fanout:problem:<name>`, stable for programs. `example` is a
 * possible `detail`, for the OpenAPI document.
 */
export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is not valid', example: 'events: is required' },
  'webhook-limit-reached': {
    status: 400,
    title: 'A limit of the account is reached',
    example: 'an account has at most 1000 webhooks; delete one that is not used',
  },
  'listener-limit-reached': {
    status: 400,
    title: 'The account has too many listeners',
    example:
      'an account has at most 5 listeners; delete one, or wait until one expires 2 minutes after its last poll',
  },
  unauthorized: {
    status: 401,
    title: 'A valid API key or session is needed',
    example: 'send the header "Authorization: Bearer <api key>"',
  },
  'read-only': {
    status: 403,
    title: 'The session may only read',
    example: 'this session may only read; ask for a link that allows changes',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    example: 'this account has no webhook with that id; GET /v1/webhooks lists those it has',
  },
  'code-unknown': {
    status: 404,
    title: 'The link is not known',
    example: 'this service made no link with that code, or it is older than a week; ask for another link',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The path does not support this method',
    example: 'this path does not support PUT; use GET, PATCH, DELETE',
  },
  conflict: {
    status: 409,
    title: "The webhook's state does not allow this",
    example: 'the webhook is pending; only an active webhook is sent test events',
  },
  'idempotency-key-in-use': {
    status: 409,
    title: 'A request with this Idempotency-Key is being handled',
    example: 'another request with this Idempotency-Key has not been answered yet; try again in 1 second',
  },
  'idempotency-key-reused': {
    status: 409,
    title: 'The Idempotency-Key belongs to another request',
    example: 'this Idempotency-Key was sent with another call or body in the last 24 hours; use a new one',
  },
  gone: {
    status: 410,
    title: 'It has expired',
    example: 'the event of this delivery has expired; it cannot be sent again',
  },
  'code-used': {
    status: 410,
    title: 'The link has been used',
    example: 'the link with this code was opened before, and works only once; ask for another link',
  },
  'code-expired': {
    status: 410,
    title: 'The link has expired',
    example: 'the link with this code was not opened in time, or was revoked; ask for another link',
  },
  'precondition-failed': {
    status: 412,
    title: 'The webhook is not in the state that If-Match names',
    example: 'the webhook was changed since you read it; read it, then try again with its new ETag',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is too large',
    example: 'the body has 70000 bytes; 65536 are allowed',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The format of the body is not supported',
    example:
      'the content type is "text/plain"; send JSON in UTF-8 with the header "Content-Type: application/json"',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests of this kind',
    example:
      'too many test events were requested: an account may do this 60 times in 60 seconds; try again in 12 seconds',
  },
  'internal-error': {
    status: 500,
    title: 'The service failed',
    example: 'this is an error of this service; the operator finds it in the log',
  },
  unavailable: {
    status: 503,
    title: 'The service is temporarily unavailable',
    example: 'a service that this API depends on did not respond; try again in a few seconds',
  },
} as const;
export type ProblemName = keyof typeof PROBLEMS;

/** One reason why an input was refused. */
export interface InputError {
  /** `url`, `events[1]`, `limit`, or the name of a header; empty for the body as a whole. */
  readonly path: string;
  readonly message: string;
}

/**
 * A response with problem details as in RFC 9457. Texts may quote the caller's input. Lone surrogates are replaced, since
 * strict JSON parsers refuse them.
 */
export function problem(
  name: ProblemName,
  detail: string,
  more: {
    readonly errors?: readonly InputError[];
    readonly headers?: Readonly<Record<string, string>>;
    /** Where a person gets another link. */
    readonly returnUrl?: string | undefined;
  } = {},
): ApiResponse {
  const { status, title } = PROBLEMS[name];
  const errors = more.errors?.map(({ path, message }) => ({
    path: path.toWellFormed(),
    message: message.toWellFormed(),
  }));
  return {
    status,
    headers: { ...more.headers, 'content-type': PROBLEM_TYPE },
    body: {
      type: `urn:webhook-fanout:problem:${name}`,
      title,
      status,
      detail: detail.toWellFormed(),
      ...(errors === undefined ? {} : { errors }),
      ...(more.returnUrl === undefined ? {} : { return_url: more.returnUrl }),
    },
  };
}

export function invalidRequest(errors: readonly InputError[]): ApiResponse {
  const details = errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return problem('invalid-request', details.join('; '), { errors });
}

/** `error`: as in RFC 6750; absent when the request has no credential at all. */
export function unauthorized(detail: string, error?: 'invalid_token'): ApiResponse {
  const challenge = `Bearer realm="webhook-fanout"${error === undefined ? '' : `, error="${error}"`}`;
  return problem('unauthorized', detail, { headers: { 'www-authenticate': challenge } });
}

export function readOnly(): ApiResponse {
  return problem('read-only', PROBLEMS['read-only'].example);
}

/** The same response for a code that never existed, is of another deployment, or was forgotten. */
export function codeUnknown(): ApiResponse {
  return problem('code-unknown', PROBLEMS['code-unknown'].example);
}

export function codeUsed(returnUrl: string | undefined): ApiResponse {
  return problem('code-used', PROBLEMS['code-used'].example, { returnUrl });
}

export function codeExpired(returnUrl: string | undefined): ApiResponse {
  return problem('code-expired', PROBLEMS['code-expired'].example, { returnUrl });
}

export function preconditionFailed(): ApiResponse {
  return problem('precondition-failed', PROBLEMS['precondition-failed'].example);
}

/** The same response for an id that never existed, was deleted, or belongs to another account. */
export function webhookNotFound(): ApiResponse {
  return problem(
    'not-found',
    'this account has no webhook with that id; GET /v1/webhooks lists those it has',
  );
}

/** The same response for an id that never existed, has no record yet, has expired, or belongs to another account. */
export function deliveryNotFound(): ApiResponse {
  return problem(
    'not-found',
    'this webhook has no recorded delivery with that id; GET /v1/webhooks/{webhook_id}/deliveries lists those it has',
  );
}

export function eventNotFound(): ApiResponse {
  return problem(
    'not-found',
    'this account has no event with that id: it is not dispatched yet, its account had no webhook, or it has expired',
  );
}

export function recoveryNotFound(): ApiResponse {
  return problem('not-found', 'this account has no recovery with that id, or it has expired');
}

/** The same response for an id that never existed, was deleted, has expired, or belongs to another account. */
export function listenerNotFound(): ApiResponse {
  return problem(
    'not-found',
    'this account has no listener with that id, or it was not polled for 2 minutes; create another with POST /v1/listeners',
  );
}

export function unavailable(detail: string): ApiResponse {
  return problem('unavailable', `${detail}; try again in a few seconds`, {
    headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
  });
}

/** `action` is the limited action, such as "webhooks were created". */
export function tooManyRequests(action: string, limit: RateLimit, retryAfterSeconds: number): ApiResponse {
  const detail =
    `too many ${action}: an account may do this ${limit.count} times in ${limit.windowSeconds} seconds; ` +
    `try again in ${retryAfterSeconds} seconds`;
  return problem('too-many-requests', detail, { headers: { 'retry-after': String(retryAfterSeconds) } });
}
