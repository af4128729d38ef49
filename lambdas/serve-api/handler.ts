import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import catalogue from 'webhook-fanout-catalogue' with { type: 'json' };
import { awsClientSettings } from '../shared/runtime/clients.ts';
import { systemClock } from '../shared/runtime/clock.ts';
import { readEnvironment } from '../shared/runtime/environment.ts';
import { createObservability } from '../shared/runtime/observability.ts';
import { createServeApi } from './factory.ts';
import type { GatewayResult } from './reply.ts';
import type { ApiEvent } from './request.ts';
import { readSettings } from './settings.ts';

// The chaos runs play execution environments of this very bundle, with ports of their own.
export { createServeApi, readSettings };

/** One request at a time, each with at most a few calls at once. */
const MAX_SOCKETS = 10;

const { logger, log } = createObservability();
const clients = awsClientSettings(MAX_SOCKETS);
const serveApi = createServeApi({
  settings: readSettings(readEnvironment(process.env)),
  catalogue,
  dynamodb: new DynamoDBClient(clients),
  sqs: new SQSClient(clients),
  kms: new KMSClient(clients),
  clock: systemClock,
  log,
});

export const handler = middy<ApiEvent, GatewayResult>()
  .use(injectLambdaContext(logger))
  .handler((event, context) => serveApi(event, context));
