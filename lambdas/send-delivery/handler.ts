import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createPoster } from '../shared/http/post.ts';
import { createAtFirstCall, createClientFactory } from '../shared/runtime/aws/clients.ts';
import { systemClock } from '../shared/runtime/clock.ts';
import { deadlineOf } from '../shared/runtime/deadline.ts';
import { readEnvironment } from '../shared/runtime/environment-variables.ts';
import { createObservability } from '../shared/runtime/observability.ts';
import { createDefectReport } from './defect-report.ts';
import { createSendDelivery } from './factory.ts';
import { readSettings } from './settings.ts';

// The chaos runs import this bundle and run its functions with simulated ports.
export { createSendDelivery, readSettings };

/** A batch of the slow lane has up to 100 deliveries. Each makes one or two calls of its own. */
const MAX_SOCKETS = 100;

const environment = readEnvironment(process.env);
const settings = readSettings(environment);
const { logger, publishMetrics, log, counters } = createObservability(
  environment.text('DEPLOYMENT'),
  settings.lane,
);
const createClient = createClientFactory({ maxSockets: MAX_SOCKETS });
const poster = createPoster({ ...settings.network, onDefect: createDefectReport(systemClock, log) });
const sendDelivery = createSendDelivery({
  settings,
  dynamodb: createClient(DynamoDBClient, 'dynamodb'),
  sqs: createAtFirstCall(() => createClient(SQSClient, 'sqs')),
  kms: createAtFirstCall(() => createClient(KMSClient, 'kms')),
  eventBridge: createAtFirstCall(() => createClient(EventBridgeClient, 'events')),
  http: poster,
  clock: systemClock,
  counters,
  log,
});

export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(injectLambdaContext(logger))
  .use(publishMetrics)
  .handler((event, context) => sendDelivery(event, deadlineOf(context, systemClock)));
