import { acceptsCoding } from '../shared/runtime/negotiate.ts';
import type { ApiEvent } from './api-event.ts';

/** The response of a call, before it is converted to the gateway's format. */
export interface ApiResponse {
  readonly status: number;
  /** A string is sent unchanged, another value as JSON. Absent: no body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A response in API Gateway's payload format 2.0. */
export interface GatewayResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded?: boolean;
}

/** In characters. A shorter body fits into one packet with its headers: compression would save no time. */
const MIN_COMPRESSED_LENGTH = 1_400;
/** From 1 to 9. This level reduces a list of deliveries to a tenth of its size. A higher level takes more CPU time. */
const GZIP_LEVEL = 4;

/** Responses contain customers' settings and, once, a secret: they must not be cached, framed or sniffed. */
const SAFE_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
} as const;

/** `content-type` is JSON unless the response sets it. */
export function toGatewayResult({ status, body, headers }: ApiResponse, event: ApiEvent): GatewayResult {
  if (body === undefined) return { statusCode: status, headers: { ...SAFE_HEADERS, ...headers }, body: '' };
  const described = { ...SAFE_HEADERS, 'content-type': 'application/json; charset=utf-8', ...headers };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  if (!isCompressed(text, event)) return { statusCode: status, headers: described, body: text };
  // The module is not imported: most calls do not need it, and loading it takes 4 ms of a cold start.
  const { gzipSync } = process.getBuiltinModule('node:zlib');
  return {
    statusCode: status,
    headers: { ...described, 'content-encoding': 'gzip' },
    body: gzipSync(text, { level: GZIP_LEVEL }).toString('base64'),
    isBase64Encoded: true,
  };
}

/**
 * The gateway compresses nothing itself. Only responses to GET are compressed: the size of a compressed response
 * reveals something about its content, and secrets are in responses to other methods only. No cache stores a response,
 * so no response needs `Vary`.
 */
function isCompressed(text: string, { headers, requestContext }: ApiEvent): boolean {
  return (
    requestContext.http.method === 'GET' &&
    text.length >= MIN_COMPRESSED_LENGTH &&
    acceptsCoding('gzip', headers['accept-encoding'])
  );
}
