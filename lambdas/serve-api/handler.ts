import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import catalogue from 'webhook-fanout-catalogue' with { type: 'json' };
import { createAtFirstCall, createClientFactory } from '../shared/runtime/aws/clients.ts';
import { systemClock } from '../shared/runtime/clock.ts';
import { readEnvironment } from '../shared/runtime/environment-variables.ts';
import { createObservability } from '../shared/runtime/observability.ts';
import type { ApiEvent } from './api-event.ts';
import { createServeApi } from './factory.ts';
import type { GatewayResult } from './response.ts';
import { readSettings } from './settings.ts';

// The chaos runs import this bundle and run its functions with simulated ports.
export { createServeApi, readSettings };

/** An execution environment handles one request at a time, with a few parallel calls of AWS services. */
const MAX_SOCKETS = 10;

const environment = readEnvironment(process.env);
const { logger, publishMetrics, log, counters } = createObservability(environment.text('DEPLOYMENT'));
const createClient = createClientFactory({ maxSockets: MAX_SOCKETS });
const serveApi = createServeApi({
  settings: readSettings(environment),
  catalogue,
  dynamodb: createClient(DynamoDBClient, 'dynamodb'),
  sqs: createAtFirstCall(() => createClient(SQSClient, 'sqs')),
  kms: createAtFirstCall(() => createClient(KMSClient, 'kms')),
  clock: systemClock,
  counters,
  log,
});

export const handler = middy<ApiEvent, GatewayResult>()
  .use(injectLambdaContext(logger))
  .use(publishMetrics)
  .handler((event, context) => serveApi(event, context));
