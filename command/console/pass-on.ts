import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** API Gateway answers within 30 s. */
const REQUEST_TIMEOUT_MS = 35_000;

/** The headers of a request that are passed on. `Authorization` is not: the command uses its own key. */
const REQUEST_HEADERS = ['accept', 'content-type', 'idempotency-key', 'if-match', 'if-none-match'] as const;
/** The headers of a response that are passed on. `Content-Encoding` is not: `fetch` has decompressed the body. */
const RESPONSE_HEADERS = [
  ...['allow', 'apigw-requestid', 'content-type', 'etag', 'idempotent-replayed', 'link', 'location'],
  ...['retry-after', 'x-request-id'],
];

export interface PassedRequest {
  readonly method: string;
  /** Path and query. Begins with `/v1/`. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface PassedResponse {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Sends a request to the deployment's API with a key of the command. When the API refuses the key, the key may have
 * been replaced and revoked meanwhile. The API has then done nothing, so the request is sent once more with the new
 * key. Throws when there is no response.
 */
export async function passOn(
  request: PassedRequest,
  { apiUrl, key }: { readonly apiUrl: string; readonly key: () => Promise<string> },
): Promise<PassedResponse> {
  const used = await key();
  const answer = await send(request, apiUrl, used);
  if (answer.status !== 401) return answer;
  const current = await key();
  return current === used ? answer : send(request, apiUrl, current);
}

async function send(
  { method, path, headers, body }: PassedRequest,
  apiUrl: string,
  key: string,
): Promise<PassedResponse> {
  const response = await fetch(`${apiUrl}${path}`, {
    method,
    headers: { ...pick(headers), authorization: `Bearer ${key}` },
    ...(body.length === 0 || method === 'GET' || method === 'HEAD' ? {} : { body: new Uint8Array(body) }),
    redirect: 'error',
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  }).catch((error: unknown) => {
    // `fetch` hides the reason in its cause.
    throw error instanceof Error && error.cause instanceof Error ? error.cause : error;
  });
  const passed = RESPONSE_HEADERS.flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return {
    status: response.status,
    headers: Object.fromEntries(passed),
    body: Buffer.from(await response.arrayBuffer()),
  };
}

function pick(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    REQUEST_HEADERS.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, String(value)] as const];
    }),
  );
}
