import type { CloudAccess } from '../cloud-access.ts';

export interface ApiAnswer {
  /** Absent if the function failed, for which an HTTP API answers 500. */
  readonly status?: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Calls a route such as `PATCH /v1/webhooks/{webhook_id}` for an account. `id`: the webhook's, if the path has one. */
export type ApiClient = (account: number, route: string, id: string, json?: unknown) => Promise<ApiAnswer>;

/** Invokes the API's function as its HTTP API does. `keys`: API keys, by account. */
export function createApiClient(cloud: CloudAccess, keys: readonly string[]): ApiClient {
  return async (account, route, id, json) => {
    const [method = '', path = ''] = route.split(' ');
    const event = {
      version: '2.0',
      routeKey: route,
      rawPath: path.replace('{webhook_id}', id),
      rawQueryString: '',
      headers: { authorization: `Bearer ${keys[account]}`, 'content-type': 'application/json' },
      ...(path.includes('{webhook_id}') ? { pathParameters: { webhook_id: id } } : {}),
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
    const end = await cloud.fn('serve-api').invoke(event);
    if (end.kind === 'failed') return { body: {} };
    const { statusCode, body } = JSON.parse(end.payload);
    return { status: Number(statusCode), body: body ? JSON.parse(body) : {} };
  };
}

export function accountName(account: number): string {
  return `acct_${account}`;
}
