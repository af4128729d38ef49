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
}

/** Responses contain customers' settings and, once, a secret: they must not be cached, framed or sniffed. */
const SAFE_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
} as const;

/** `content-type` is JSON unless the response sets it. */
export function toGatewayResult({ status, body, headers }: ApiResponse): GatewayResult {
  if (body === undefined) return { statusCode: status, headers: { ...SAFE_HEADERS, ...headers }, body: '' };
  return {
    statusCode: status,
    headers: { ...SAFE_HEADERS, 'content-type': 'application/json; charset=utf-8', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}
