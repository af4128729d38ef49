import type { Playground } from './playground.ts';

export interface ApiAnswer {
  /** Absent: the function failed, as an HTTP API's 500 would tell. */
  readonly status?: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Calls of the API as its gateway hands them to the function. */
export function createApiClient(playground: Playground, keys: readonly string[]) {
  return async (account: number, route: string, id: string, json?: unknown): Promise<ApiAnswer> => {
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
    const end = await playground.fn('serve-api').invoke(event);
    if (end.kind === 'failed') return { body: {} };
    const { statusCode, body } = JSON.parse(end.payload);
    return { status: Number(statusCode), body: body ? JSON.parse(body) : {} };
  };
}

export function accountName(account: number): string {
  return `acct_${account}`;
}
