import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import middy from '@middy/core';
import { createClientFactory } from '../shared/runtime/aws/clients.ts';
import { systemClock } from '../shared/runtime/clock.ts';
import { readEnvironment } from '../shared/runtime/environment-variables.ts';
import { createObservability } from '../shared/runtime/observability.ts';
import { createPortalLink, type PortalAnswer } from './factory.ts';
import { readSettings } from './settings.ts';

// The chaos runs import this bundle and run its functions with simulated ports.
export { createPortalLink, readSettings };

/** Connections to DynamoDB. The function makes one call at a time. */
const MAX_SOCKETS = 2;

const environment = readEnvironment(process.env);
const { logger, publishMetrics, log, counters } = createObservability(environment.text('DEPLOYMENT'));
const createLink = createPortalLink({
  settings: readSettings(environment),
  dynamodb: createClientFactory({ maxSockets: MAX_SOCKETS })(DynamoDBClient, 'dynamodb'),
  clock: systemClock,
  counters,
  log,
});

export const handler = middy<unknown, PortalAnswer>()
  .use(injectLambdaContext(logger))
  .use(publishMetrics)
  .handler((event, context) => createLink(event, context.awsRequestId));
