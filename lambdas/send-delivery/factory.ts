import { randomUUID } from 'node:crypto';
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { SystemEvent } from '../shared/domain/system-event.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import type { Counters, Log } from '../shared/runtime/observability.ts';
import { type Sqs, sendAll } from '../shared/runtime/queues.ts';
import type { DynamoDB } from '../shared/store/client.ts';
import { createDeliveryStore } from '../shared/store/deliveries.ts';
import { readDeliveryStates } from '../shared/store/delivery-state.ts';
import { createKeyring, type Kms } from '../shared/store/keyring.ts';
import { createWebhookStore } from '../shared/store/webhooks.ts';
import type { SendDeps, SendSettings } from './deps.ts';
import { createOpenAttempts } from './open-attempts.ts';
import type { Outcome } from './outcome.ts';
import type { ReceivedMessage, SendPorts } from './ports.ts';
import { createBatchRunner } from './run-batch.ts';
import { createSlowEndpoints } from './slow-endpoints.ts';
import { createSources, type Sources } from './sources.ts';
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
  const { settings, clock, log, counters } = deps;
  const sources = createSources(deps.sqs, settings.laneQueueUrls);
  const ports = createPorts(deps, sources);
  const openAttempts = createOpenAttempts(clock);
  const giveBack = async (messages: readonly Returned[]): Promise<void> => {
    for (const { message, reason } of messages) {
      counters.count('returned');
      log.warn('a message goes back to its queue', {
        message_id: message.id,
        receive_count: message.receiveCount,
        why: reason,
      });
    }
    await sources.postpone(messages.map(({ message }) => message));
  };
  /** For Lambda a message that outlived its batch failed: only this environment knows what came of it. */
  const finish = async (message: ReceivedMessage, outcome: Outcome): Promise<void> => {
    if (outcome.kind === 'settled') await sources.remove(message);
    if (outcome.kind === 'returned') await giveBack([{ message, reason: outcome.reason }]);
  };
  const stepDeps: SendDeps = {
    ...settings,
    ports,
    slowEndpoints: createSlowEndpoints(clock),
    openAttempts,
    runBatch: createBatchRunner({ lane: settings.lane, clock, openAttempts, queues: ports.queues, finish }),
    newToken: deps.newToken ?? (() => randomUUID().slice(0, 8)),
    clock,
    counters,
    log,
  };

  return async (event, deadlineAt) => {
    const batch = event.Records.map(readRecord);
    const left = [...(await sendDeliveries(stepDeps, batch, deadlineAt))];
    await giveBack(
      left.flatMap(([message, how]) => (how.kind === 'returned' ? [{ message, reason: how.reason }] : [])),
    );
    const failed = left.filter(([, how]) => how.kind !== 'settled');
    return { batchItemFailures: failed.map(([{ id }]) => ({ itemIdentifier: id })) };
  };
}

interface Returned {
  readonly message: ReceivedMessage;
  readonly reason: string;
}

function readRecord(record: SQSRecord): ReceivedMessage {
  return {
    id: record.messageId,
    body: record.body,
    receiptHandle: record.receiptHandle,
    receiveCount: Number(record.attributes.ApproximateReceiveCount),
    queueArn: record.eventSourceARN,
  };
}

function createPorts(deps: SendDeliveryDeps, sources: Sources): SendPorts {
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
      waiting: (queueArn) => sources.countWaiting(queueArn),
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
