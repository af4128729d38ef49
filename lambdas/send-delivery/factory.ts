import { randomUUID } from 'node:crypto';
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { SystemEvent } from '../shared/domain/system-event.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import type { Counters, Log } from '../shared/runtime/observability.ts';
import { postpone, type Sqs, sendAll } from '../shared/runtime/queues.ts';
import type { DynamoDB } from '../shared/store/client.ts';
import { createDeliveryStore } from '../shared/store/deliveries.ts';
import { readDeliveryStates } from '../shared/store/delivery-state.ts';
import { createKeyring, type Kms } from '../shared/store/keyring.ts';
import { createWebhookStore } from '../shared/store/webhooks.ts';
import type { SendDeps, SendSettings } from './deps.ts';
import type { ReceivedMessage, SendPorts } from './ports.ts';
import { createSlowEndpoints } from './slow-endpoints.ts';
import { sendDeliveries } from './step.ts';

export interface SendDeliverySettings extends SendSettings {
  readonly webhooksTable: string;
  readonly deliveriesTable: string;
  /** Source queues of this lane, from ARN to URL. */
  readonly laneQueueUrls: Readonly<Record<string, string>>;
  /** The queue that follows attempt n is at index n - 1. */
  readonly retryQueueUrls: readonly string[];
  readonly slowQueueUrl: string;
  readonly exhaustedQueueUrl: string;
  readonly poisonQueueUrl: string;
  readonly eventBusName: string;
  readonly systemEventSource: string;
}

export interface SendDeliveryDeps {
  readonly settings: SendDeliverySettings;
  readonly dynamodb: DynamoDB;
  readonly sqs: Sqs;
  readonly kms: Kms;
  readonly eventBridge: Pick<EventBridgeClient, 'send'>;
  readonly post: SendPorts['post'];
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: Log;
  /** Unique for each attempt. Default: random. */
  readonly newToken?: () => string;
}

export type SendDelivery = (event: SQSEvent, deadlineAt: number) => Promise<SQSBatchResponse>;

/** Everything that one execution environment of a lane keeps between its batches. */
export function createSendDelivery(deps: SendDeliveryDeps): SendDelivery {
  const { settings, sqs, clock, log, counters } = deps;
  const stepDeps: SendDeps = {
    ...settings,
    ports: createPorts(deps),
    slowEndpoints: createSlowEndpoints(clock),
    newToken: deps.newToken ?? (() => randomUUID().slice(0, 8)),
    clock,
    counters,
    log,
  };
  return async (event, deadlineAt) => {
    const batch = event.Records.map(
      (record): ReceivedMessage => ({
        id: record.messageId,
        body: record.body,
        receiptHandle: record.receiptHandle,
        receiveCount: Number(record.attributes.ApproximateReceiveCount),
        queueArn: record.eventSourceARN,
      }),
    );
    const outcomes = await sendDeliveries(stepDeps, batch, deadlineAt);
    const returned = [...outcomes].filter(([, outcome]) => outcome.kind === 'returned');
    for (const [message, outcome] of returned) {
      counters.count('returned');
      log.warn('a message goes back to its queue', {
        message_id: message.id,
        receive_count: message.receiveCount,
        why: outcome.kind === 'returned' ? outcome.reason : '',
      });
    }
    await postponeByQueue(
      sqs,
      settings.laneQueueUrls,
      returned.map(([message]) => message),
    );
    return { batchItemFailures: returned.map(([message]) => ({ itemIdentifier: message.id })) };
  };
}

async function postponeByQueue(
  sqs: Sqs,
  queueUrls: Readonly<Record<string, string>>,
  messages: readonly ReceivedMessage[],
): Promise<void> {
  for (const [arn, group] of Map.groupBy(messages, ({ queueArn }) => queueArn)) {
    const queueUrl = queueUrls[arn];
    if (queueUrl !== undefined) await postpone(sqs, queueUrl, group);
  }
}

function createPorts(deps: SendDeliveryDeps): SendPorts {
  const { settings, dynamodb, sqs } = deps;
  const deliveries = createDeliveryStore({ dynamodb, tableName: settings.deliveriesTable });
  const keyring = createKeyring({ dynamodb, kms: deps.kms, tableName: settings.webhooksTable });
  return {
    post: deps.post,
    readStates: (wanted) =>
      readDeliveryStates(
        { dynamodb, webhooksTable: settings.webhooksTable, deliveriesTable: settings.deliveriesTable },
        wanted,
      ),
    openSecret: (sealed, owner) => keyring.open(sealed, owner),
    records: deliveries,
    webhooks: createWebhookStore({ dynamodb, tableName: settings.webhooksTable }),
    queues: {
      retry: (attempt, entries) => sendAll(sqs, retryQueueUrl(settings, attempt), entries),
      slow: (entries) => sendAll(sqs, settings.slowQueueUrl, entries),
      exhausted: (entries) => sendAll(sqs, settings.exhaustedQueueUrl, entries),
      poison: (entries) => sendAll(sqs, settings.poisonQueueUrl, entries),
    },
    publish: (event) => publish(deps, event),
  };
}

function retryQueueUrl({ retryQueueUrls }: SendDeliverySettings, attempt: number): string {
  const url = retryQueueUrls[attempt - 1];
  if (url === undefined) throw new Error(`no retry queue follows attempt ${attempt}`);
  return url;
}

async function publish(
  { eventBridge, settings, log }: SendDeliveryDeps,
  event: SystemEvent,
): Promise<boolean> {
  try {
    const answer = await eventBridge.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: settings.eventBusName,
            Source: settings.systemEventSource,
            DetailType: event.type,
            Detail: JSON.stringify({
              account_id: event.accountId,
              id: event.id,
              created: event.created,
              data: event.data,
              about_webhook_id: event.aboutWebhookId,
            }),
          },
        ],
      }),
    );
    return answer.FailedEntryCount === 0;
  } catch (error) {
    log.warn('a system event was not published', { event_type: event.type, why: String(error) });
    return false;
  }
}
