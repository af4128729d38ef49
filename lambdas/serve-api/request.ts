import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { AccountId } from '../shared/domain/ids.ts';
import type { Route } from './routes.ts';

/** What a call is given: who asks, for what, and with which input, not yet held against a schema. */
export interface ApiRequest {
  readonly accountId: AccountId;
  /** From the path; any text. Absent on paths without one. */
  readonly webhookId: string | undefined;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** The parsed JSON body; undefined where the route takes none. */
  readonly body: unknown;
  /** The host that the request came to: this API's own. */
  readonly apiHost: string;
}

/** The gateway's event, with what the middlewares found out on the way in. */
export interface ApiEvent extends APIGatewayProxyEventV2 {
  route?: Route;
  accountId?: AccountId;
  /** Of the API key: no secret. */
  keyId?: string;
  json?: unknown;
}
