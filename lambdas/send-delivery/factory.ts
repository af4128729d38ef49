import { randomUUID } from 'node:crypto';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Timer } from '../shared/runtime/clock.ts';
import { countFailures } from '../shared/runtime/count-failures.ts';
import type { Counters, Log } from '../shared/runtime/observability.ts';
import { type Sqs, sendAll } from '../shared/runtime/queues.ts';
import { returnDelaySeconds, setVisibility } from '../shared/runtime/visibility.ts';
import { createKeyring, type Kms } from '../shared/secrets/key-ring.ts';
import { createAuditLog } from '../shared/store/audit-log.ts';
import type { DynamoDB } from '../shared/store/client.ts';
import { createDeliveryStore } from '../shared/store/deliveries.ts';
import { readDeliveryStates } from '../shared/store/read-delivery-states.ts';
import { createWebhookHealthUpdates } from '../shared/store/webhook-health.ts';
import { createWebhookStore } from '../shared/store/webhooks.ts';
import { sendBatch } from './batch.ts';
import type { Disposition } from './disposition.ts';
import type { Queues, ReceivedMessage, SendDeps, SendPorts, SendSettings } from './ports.ts';
import { publishSystemEvent } from './publish.ts';
import type { Received } from './receive.ts';
import { createRespondingHosts } from './responding-hosts.ts';
import { createSlowEndpoints } from './slow-endpoints.ts';

/** Below SQS's limit of 12 hours for the visibility timeout, which counts from the receipt. */
const MAX_POSTPONE_SECONDS = 11 * 60 * 60;

export interface SendDeliverySettings extends SendSettings {
  readonly webhooksTable: string;
  readonly deliveriesTable: string;
  /** Whole days that events and records are kept. */
  readonly recordRetentionDays: number;
  /** Source queues of this lane. */
  readonly laneQueueUrls: readonly string[];
  /** The queue of the retry after attempt n is at index n - 1, for the retries that have one. */
  readonly retryQueueUrls: readonly string[];
  readonly laterQueueUrl: string;
  readonly slowQueueUrl: string;
  readonly exhaustedQueueUrl: string;
  readonly unreadableQueueUrl: string;
  readonly eventBusName: string;
  readonly systemEventSource: string;
}

export interface SendDeliveryDeps {
  readonly settings: SendDeliverySettings;
  readonly dynamodb: DynamoDB;
  readonly sqs: Sqs;
  readonly kms: Kms;
  readonly eventBridge: Pick<EventBridgeClient, 'send'>;
  readonly http: SendPorts['http'];
  readonly clock: Timer;
  readonly counters: Counters;
  readonly log: Log;
  /** Unique for each attempt and takeover. Default: random. */
  readonly newToken?: () => string;
}

export type SendDelivery = (event: SQSEvent, deadlineAt: number) => Promise<SQSBatchResponse>;

/**
 * Creates the function of a lane once for each execution environment. It keeps secrets and slow webhooks between
 * batches.
 */
export function createSendDelivery(deps: SendDeliveryDeps): SendDelivery {
  const { settings, clock, counters, log } = deps;
  const stepDeps: SendDeps = {
    ...settings,
    ports: createPorts(countFailures(deps)),
    slowEndpoints: createSlowEndpoints(clock),
    respondingHosts: createRespondingHosts(clock),
    newToken: deps.newToken ?? (() => randomUUID().slice(0, 8)),
    clock,
    counters,
    log,
  };
  return async (event, deadlineAt) => {
    const dispositions = await sendBatch(stepDeps, event.Records.map(readRecord), deadlineAt);
    await postponeAll(stepDeps, dispositions);
    const kept = [...dispositions].filter(([, { kind }]) => kind !== 'acknowledge');
    return { batchItemFailures: kept.map(([{ from }]) => ({ itemIdentifier: from.id })) };
  };
}

/** Best effort: a message whose visibility cannot be set becomes visible after its queue's visibility timeout. */
async function postponeAll(
  { ports, clock, counters, log }: SendDeps,
  dispositions: ReadonlyMap<Received, Disposition>,
): Promise<void> {
  const postponed = [...dispositions].flatMap(([{ from, ids }, disposition]) =>
    disposition.kind === 'postpone' ? [{ message: from, ids, ...disposition }] : [],
  );
  for (const { message, ids, reason, until, stack } of postponed) {
    if (until !== undefined) continue;
    counters.count('returned');
    log.warn('a message is returned to its queue', {
      ...ids,
      message_id: message.id,
      receive_count: message.receiveCount,
      why: reason,
      ...(stack === undefined ? {} : { stack }),
    });
  }
  if (postponed.length === 0) return;
  const secondsUntil = (time: number): number =>
    Math.min(Math.max(1, Math.ceil((time - clock.now()) / 1_000)), MAX_POSTPONE_SECONDS);
  await ports.queues.setVisibility(
    postponed.map(({ message, until }) => ({
      message,
      seconds: until === undefined ? returnDelaySeconds(message.receiveCount) : secondsUntil(until),
    })),
  );
}

function readRecord(record: SQSRecord): ReceivedMessage {
  return {
    id: record.messageId,
    body: record.body,
    receiptHandle: record.receiptHandle,
    receiveCount: Number(record.attributes.ApproximateReceiveCount),
    firstReceivedAt: Number(record.attributes.ApproximateFirstReceiveTimestamp),
    queueArn: record.eventSourceARN,
  };
}

function createPorts(deps: SendDeliveryDeps): SendPorts {
  const { settings, dynamodb, clock } = deps;
  const { webhooksTable, deliveriesTable } = settings;
  const keyring = createKeyring({ dynamodb, kms: deps.kms, tableName: webhooksTable });
  return {
    http: deps.http,
    readStates: (names) => readDeliveryStates({ dynamodb, clock, webhooksTable, deliveriesTable }, names),
    openSecret: (sealed, owner) => keyring.open(sealed, owner),
    records: createDeliveryStore({
      dynamodb,
      tableName: deliveriesTable,
      retentionDays: settings.recordRetentionDays,
    }),
    audit: createAuditLog({ dynamodb, tableName: deliveriesTable }),
    webhooks: createWebhookStore({ dynamodb, tableName: webhooksTable, clock }),
    webhookHealth: createWebhookHealthUpdates({ dynamodb, tableName: webhooksTable, clock }),
    queues: createQueues(deps),
    publish: (event) => publishSystemEvent({ eventBridge: deps.eventBridge, ...settings }, event),
  };
}

function createQueues({ settings, sqs, clock }: SendDeliveryDeps): Queues {
  const retryQueueUrl = (attempt: number): string => {
    const url = settings.retryQueueUrls[attempt - 1];
    if (url === undefined) throw new Error(`no retry queue follows attempt ${attempt}`);
    return url;
  };
  // A received message has only the ARN of its queue. Both end with the queue's name.
  const laneQueueUrls = new Map(settings.laneQueueUrls.map((url) => [lastPart(url, '/'), url]));
  return {
    retry: async (attempt, entries) => sendAll(sqs, clock, retryQueueUrl(attempt), entries),
    later: (entries) => sendAll(sqs, clock, settings.laterQueueUrl, entries),
    slow: (entries) => sendAll(sqs, clock, settings.slowQueueUrl, entries),
    exhausted: (entries) => sendAll(sqs, clock, settings.exhaustedQueueUrl, entries),
    unreadable: (entries) => sendAll(sqs, clock, settings.unreadableQueueUrl, entries),
    async setVisibility(messages) {
      const confirmed = new Set<ReceivedMessage>();
      for (const [arn, group] of Map.groupBy(messages, ({ message }) => message.queueArn)) {
        const queueUrl = laneQueueUrls.get(lastPart(arn, ':'));
        if (queueUrl === undefined) continue;
        const handles = await setVisibility(
          sqs,
          clock,
          queueUrl,
          group.map(({ message, seconds }) => ({ receiptHandle: message.receiptHandle, seconds })),
        );
        for (const { message } of group) if (handles.has(message.receiptHandle)) confirmed.add(message);
      }
      return confirmed;
    },
  };
}

function lastPart(text: string, separator: string): string {
  return text.slice(text.lastIndexOf(separator) + 1);
}
