import { MAX_IDEMPOTENCY_KEY_CHARACTERS } from '../idempotency.ts';
import { EXAMPLE_REQUEST_ID, EXAMPLE_WEBHOOK_ID } from '../schemas/examples.ts';
import type { OpenApiJson } from './components.ts';

const text = { type: 'string' };
const seconds = { type: 'integer', minimum: 0 };
const EXAMPLE_ETAG = '"Zx3vQ9r8GKYqrTwjUPD8IL"';

/** Response headers, as components of the document. */
export const HEADER_COMPONENTS = {
  'Accept-Encoding': {
    description: '`identity`, when the body has a content coding.',
    schema: text,
    example: 'identity',
  },
  ETag: {
    description:
      'The version of the webhook, for `If-Match` and `If-None-Match`. It changes with every field except the marks of ' +
      'the service (`slow_since`, `exhausted_in_row`, `failing_since`, `warned_at`) and `updated_at`.',
    schema: text,
    example: EXAMPLE_ETAG,
  },
  'Idempotent-Replayed': {
    description:
      '`true` in the answer to a repeated request with an `Idempotency-Key`. Absent in the first answer.',
    schema: { type: 'string', enum: ['true'] },
    example: 'true',
  },
  Location: {
    description: 'Path of the webhook.',
    schema: text,
    example: `/v1/webhooks/${EXAMPLE_WEBHOOK_ID}`,
  },
  RateLimit: {
    description:
      'The remaining requests of the limit that counts this request: its name, `r` requests for `t` more seconds. Absent ' +
      'when the request was not counted.',
    schema: text,
    example: '"test";r=59;t=42',
  },
  'RateLimit-Policy': {
    description: 'The limit: its name, `q` requests of an account in each window of `w` seconds.',
    schema: text,
    example: '"test";q=60;w=60',
  },
  'Retry-After': { description: 'Seconds to wait.', schema: seconds, example: 5 },
  'WWW-Authenticate': {
    description: 'The scheme of authentication, `Bearer`.',
    schema: text,
    example: 'Bearer realm="webhook-fanout"',
  },
  'X-Request-Id': {
    description:
      'The id of the request. The operator finds it in the logs. Answers of the gateway have it in `Apigw-Requestid` only.',
    schema: text,
    example: EXAMPLE_REQUEST_ID,
  },
} as const satisfies Readonly<Record<string, OpenApiJson>>;
export type HeaderName = keyof typeof HEADER_COMPONENTS;

/** Request headers, as components of the document. */
export const PARAMETER_COMPONENTS = {
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'A text that you choose for this request, such as a UUID. A repetition with the same key within 24 hours creates ' +
      'nothing and gets the same answer, without the `secret`, and with the header `Idempotent-Replayed`. The same key ' +
      'with another body or call is a 409.',
    schema: {
      type: 'string',
      minLength: 1,
      maxLength: MAX_IDEMPOTENCY_KEY_CHARACTERS,
      pattern: '^[\\x20-\\x7e]+$',
      examples: ['8e03978e-40d5-43e8-bc93-6894a57f9324'],
    },
  },
  'If-Match': {
    name: 'If-Match',
    in: 'header',
    required: false,
    description: 'The ETag of the webhook as you read it. 412 when the webhook has changed since.',
    schema: { type: 'string', examples: [EXAMPLE_ETAG] },
  },
  'If-None-Match': {
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'The ETag of the webhook as you know it. 304 when the webhook has not changed since.',
    schema: { type: 'string', examples: [EXAMPLE_ETAG] },
  },
} as const satisfies Readonly<Record<string, OpenApiJson>>;
export type RequestHeaderName = keyof typeof PARAMETER_COMPONENTS;

/** The `headers` of a response that has `X-Request-Id` and these. */
export function describeHeaders(...names: readonly HeaderName[]): OpenApiJson {
  const sorted = [...new Set<HeaderName>([...names, 'X-Request-Id'])].sort();
  return Object.fromEntries(sorted.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

export function refToParameter(name: RequestHeaderName): OpenApiJson {
  return { $ref: `#/components/parameters/${name}` };
}
