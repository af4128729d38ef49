import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { AccountId } from '../shared/domain/ids.ts';
import type { Route } from './routes.ts';

/** The gateway's event, with the fields that the middlewares add. */
export interface ApiEvent extends APIGatewayProxyEventV2 {
  route?: Route;
  webhookId?: string | undefined;
  accountId?: AccountId;
  /** Id of the API key; not secret. */
  keyId?: string;
  /** The parsed body of a route that takes JSON. */
  json?: unknown;
}
