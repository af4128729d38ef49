import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { AccountId } from '../shared/domain/ids.ts';
import type { UsedKey } from './ports.ts';
import type { PathParameters, Route } from './routes.ts';

/** The gateway's event, with the fields that the middlewares add. */
export interface ApiEvent extends APIGatewayProxyEventV2 {
  route?: Route;
  /** Unlike `pathParameters`, also present when the gateway did not match the route. */
  routeParameters?: PathParameters;
  accountId?: AccountId;
  /** Of the API key; not secret. */
  apiKey?: UsedKey;
  /** The parsed body of a route that takes JSON. */
  json?: unknown;
}
