import type { CloudAccess } from '../cloud-access.ts';

export interface ApiAnswer {
  /** Absent if the function failed, for which an HTTP API answers 500. */
  readonly status?: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The parameters in the path of a route, by their names. */
type PathParameters = Readonly<Record<string, string>>;

/**
 * Calls a route such as `PATCH /v1/webhooks/{webhook_id}` for an account. `id`: the webhook's, if that is the only
 * parameter in the path, or all parameters.
 */
export type ApiClient = (
  account: number,
  route: string,
  id: string | PathParameters,
  json?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<ApiAnswer>;

/** Invokes the API's function as its HTTP API does. `keys`: API keys, by account. */
export function createApiClient(cloud: CloudAccess, keys: readonly string[]): ApiClient {
  return async (account, route, id, json, headers) => {
    const [method = '', path = ''] = route.split(' ');
    const parameters: PathParameters = typeof id === 'string' ? { webhook_id: id } : id;
    const event = {
      version: '2.0',
      routeKey: route,
      rawPath: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? ''),
      rawQueryString: '',
      headers: { authorization: `Bearer ${keys[account]}`, 'content-type': 'application/json', ...headers },
      ...(path.includes('{') ? { pathParameters: parameters } : {}),
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
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
    const end = await cloud.fn('serve-api').invoke(event);
    const report = (status: number): void =>
      cloud.onApiResponse?.({ status, latencyMs: Date.now() - startedAt });
    if (end.kind === 'failed') {
      report(500);
      return { body: {} };
    }
    const { statusCode, body } = JSON.parse(end.payload);
    report(Number(statusCode));
    return { status: Number(statusCode), body: body ? JSON.parse(body) : {} };
  };
}

export function accountName(account: number): string {
  return `acct_${account}`;
}
