import type { CloudAccess } from '../cloud-access.ts';
import { requestHttpApi } from './http-api.ts';

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
    const { status, body } = await requestHttpApi(cloud, 'serve-api', {
      method,
      route,
      path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? ''),
      headers: { authorization: `Bearer ${keys[account]}`, 'content-type': 'application/json', ...headers },
      ...(path.includes('{') ? { pathParameters: parameters } : {}),
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    return { ...(status === undefined ? {} : { status }), body: body ? JSON.parse(body) : {} };
  };
}

export function accountName(account: number): string {
  return `acct_${account}`;
}
