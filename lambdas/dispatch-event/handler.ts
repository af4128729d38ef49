import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { SQSBatchResponse } from 'aws-lambda';
import catalogue from 'webhook-fanout-catalogue' with { type: 'json' };
import { awsClientSettings } from '../shared/runtime/clients.ts';
import { systemClock } from '../shared/runtime/clock.ts';
import { deadlineOf } from '../shared/runtime/deadline.ts';
import { readEnvironment } from '../shared/runtime/environment.ts';
import { createObservability } from '../shared/runtime/observability.ts';
import { createDispatchEvent } from './factory.ts';

/** One fan-out's parallel calls, with room for the writes beside them. */
const MAX_SOCKETS = 50;

const environment = readEnvironment(process.env);
const { logger, publishMetrics, log, counters } = createObservability();
const clients = awsClientSettings(MAX_SOCKETS);
const dispatchEvent = createDispatchEvent({
  settings: {
    webhooksTable: environment.text('WEBHOOKS_TABLE'),
    deliveriesTable: environment.text('DELIVERIES_TABLE'),
    firstQueueUrl: environment.text('FIRST_QUEUE_URL'),
    slowQueueUrl: environment.text('SLOW_QUEUE_URL'),
    parkedQueueUrl: environment.text('PARKED_QUEUE_URL'),
    undispatchedQueueUrl: environment.text('UNDISPATCHED_QUEUE_URL'),
    systemEventSource: environment.text('SYSTEM_EVENT_SOURCE'),
    retryDelaysSeconds: environment.list('RETRY_DELAYS_SECONDS').map(Number),
  },
  eventTypes: new Set(catalogue.map(({ name }) => name)),
  dynamodb: new DynamoDBClient(clients),
  sqs: new SQSClient(clients),
  kms: new KMSClient(clients),
  clock: systemClock,
  counters,
  log,
});

export const handler = middy<unknown, SQSBatchResponse | undefined>()
  .use(injectLambdaContext(logger))
  .use(publishMetrics)
  .handler((event, context) => dispatchEvent(event, deadlineOf(context, systemClock)));
