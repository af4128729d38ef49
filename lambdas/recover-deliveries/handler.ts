import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createClientFactory } from '../shared/runtime/aws/clients.ts';
import { systemClock } from '../shared/runtime/clock.ts';
import { deadlineOf } from '../shared/runtime/deadline.ts';
import { readEnvironment } from '../shared/runtime/environment-variables.ts';
import { createObservability } from '../shared/runtime/observability.ts';
import { createRecoverDeliveries } from './factory.ts';
import { readSettings } from './settings.ts';

// The chaos runs import this bundle and run its functions with simulated ports.
export { createRecoverDeliveries, readSettings };

/** Concurrent calls of one step: to SQS and, at the same time, to DynamoDB. */
const MAX_SOCKETS = 30;

const environment = readEnvironment(process.env);
const { logger, publishMetrics, log, counters } = createObservability(environment.text('DEPLOYMENT'));
const createClient = createClientFactory({ maxSockets: MAX_SOCKETS });
const recoverDeliveries = createRecoverDeliveries({
  settings: readSettings(environment),
  dynamodb: createClient(DynamoDBClient, 'dynamodb'),
  sqs: createClient(SQSClient, 'sqs'),
  kms: createClient(KMSClient, 'kms'),
  clock: systemClock,
  counters,
  log,
});

export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(logger))
  .use(publishMetrics)
  .handler((batch, context) => recoverDeliveries(batch, deadlineOf(context, systemClock)));
