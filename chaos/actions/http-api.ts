import type { CloudAccess } from '../cloud-access.ts';

export interface HttpApiRequest {
  readonly method: string;
  readonly path: string;
  /** The route that the HTTP API matches. */
  readonly route: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpApiAnswer {
  /** Absent if the function failed, for which an HTTP API answers 500. */
  readonly status?: number;
  readonly body: string;
}

/** Invokes a function as the HTTP API does, and reports the response for the API's metrics. */
export async function requestHttpApi(
  cloud: Pick<CloudAccess, 'fn' | 'onApiResponse'>,
  functionName: string,
  request: HttpApiRequest,
): Promise<HttpApiAnswer> {
  const { method, path, route, pathParameters, headers, body } = request;
  const event = {
    version: '2.0',
    routeKey: route,
    rawPath: path,
    rawQueryString: '',
    headers,
    ...(pathParameters === undefined ? {} : { pathParameters }),
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: false,
    requestContext: {
      domainName: 'api.example.com',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'chaos' },
      requestId: 'request',
      routeKey: route,
      stage: '$default',
      timeEpoch: Date.now(),
    },
  };
  const startedAt = Date.now();
  const end = await cloud.fn(functionName).invoke(event);
  const report = (status: number): void =>
    cloud.onApiResponse?.({ status, latencyMs: Date.now() - startedAt });
  if (end.kind === 'failed') {
    report(500);
    return { body: '' };
  }
  const { statusCode, body: text = '' } = JSON.parse(end.payload);
  report(Number(statusCode));
  return { status: Number(statusCode), body: String(text) };
}
