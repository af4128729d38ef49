import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Caller } from './ports.ts';
import type { PathParameters, Route } from './routes.ts';

/** The gateway's event, with the fields that the middlewares add. */
export interface ApiEvent extends APIGatewayProxyEventV2 {
  route?: Route;
  /** Unlike `pathParameters`, also present when the gateway did not match the route. */
  routeParameters?: PathParameters;
  /** Who is authenticated. */
  caller?: Caller;
  /** The parsed body of a route that takes JSON. */
  json?: unknown;
}
