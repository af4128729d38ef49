import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { AccountId } from '../shared/domain/ids.ts';
import type { Route } from './routes.ts';

/** The input of a call, before it is validated. */
export interface ApiRequest {
  readonly accountId: AccountId;
  /** From the path; any text. Undefined on paths without one. */
  readonly webhookId: string | undefined;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** The parsed JSON body; undefined where the route takes none. */
  readonly body: unknown;
  /** The host of the request: this API's own. */
  readonly apiHost: string;
}

/** The gateway's event, with what the middlewares add. */
export interface ApiEvent extends APIGatewayProxyEventV2 {
  route?: Route;
  webhookId?: string | undefined;
  accountId?: AccountId;
  /** Id of the API key; not secret. */
  keyId?: string;
  json?: unknown;
}
