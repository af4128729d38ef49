import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { EventValidation } from '../shared/domain/event.ts';
import type { Timer } from '../shared/runtime/clock.ts';
import { countFailures } from '../shared/runtime/count-failures.ts';
import { createFirstLanes } from '../shared/runtime/lanes.ts';
import type { Counters, Log } from '../shared/runtime/observability.ts';
import { type Sqs, sendAll } from '../shared/runtime/queues.ts';
import { returnDelaySeconds, setVisibility, type Visibility } from '../shared/runtime/visibility.ts';
import { createKeyring, type Kms } from '../shared/secrets/key-ring.ts';
import { readAccountVersion } from '../shared/store/account-changes.ts';
import type { DynamoDB } from '../shared/store/client.ts';
import { createDeliveryStore } from '../shared/store/deliveries.ts';
import { createListenerDeliveries } from '../shared/store/listener-deliveries.ts';
import { createWebhookReads } from '../shared/store/webhook-reads.ts';
import { createDataCheck, type DataValidators } from './check-data.ts';
import { type DispatchDeps, dispatchBatch } from './dispatch-batch.ts';
import { createListenerLimit } from './listener-limit.ts';
import type { Outcome } from './outcomes.ts';
import type { DispatchPorts } from './ports.ts';
import { createPublisherReports } from './publisher-reports.ts';
import { createSubscriberReader } from './read-subscribers.ts';

export interface DispatchEventSettings {
  readonly webhooksTable: string;
  readonly deliveriesTable: string;
  /** Whole days that events and records are kept. */
  readonly recordRetentionDays: number;
  readonly eventsQueueUrl: string;
  readonly firstQueueUrl: string;
  readonly slowQueueUrl: string;
  readonly undispatchedQueueUrl: string;
  readonly systemEventSource: string;
  readonly retryDelaysSeconds: readonly number[];
  readonly validateEvents: EventValidation;
  /** Lists of at least this many webhooks of an account are kept while its version is the same. */
  readonly keepListsFrom: number;
}

export interface DispatchEventDeps {
  readonly settings: DispatchEventSettings;
  /** Names of the catalogue's event types. */
  readonly eventTypes: ReadonlySet<string>;
  /** Validators of the `data` of the catalogue's event types. */
  readonly validators: DataValidators;
  readonly dynamodb: DynamoDB;
  readonly sqs: Sqs;
  readonly kms: Kms;
  readonly clock: Timer;
  readonly counters: Counters;
  readonly log: Log;
}

/**
 * Dispatches a batch of the events queue, and returns the events that it did not complete. `deadlineAt` is in
 * milliseconds since 1970.
 */
export type DispatchEvent = (batch: SQSEvent, deadlineAt: number) => Promise<SQSBatchResponse>;

/** Creates the function once for each execution environment. It keeps lists and secrets between invocations. */
export function createDispatchEvent(given: DispatchEventDeps): DispatchEvent {
  const deps = countFailures(given);
  const ports = createPorts(deps);
  const stepDeps: DispatchDeps = {
    ...deps,
    ...deps.settings,
    ports,
    readSubscribers: createSubscriberReader({ ...deps, ...deps.settings, ports }),
    checkData: createDataCheck(deps.settings.validateEvents === 'off' ? {} : deps.validators),
    reports: createPublisherReports(deps),
    listenerLimit: createListenerLimit(deps.clock),
  };
  return async ({ Records: records }, deadlineAt) => {
    const received = records.map((record) => ({ text: record.body, receiveCount: receiveCountOf(record) }));
    const outcomes = await dispatchBatch(stepDeps, received, deadlineAt);
    const unfinished = records.flatMap((record, index) => {
      const outcome = outcomes[index];
      return outcome === undefined || outcome.kind === 'done' ? [] : [{ record, outcome }];
    });
    for (const { record, outcome } of unfinished) reportFailure(deps, record, outcome);
    await setVisibility(
      deps.sqs,
      deps.clock,
      deps.settings.eventsQueueUrl,
      unfinished.map(({ record, outcome }) => visibilityOf(record, outcome)),
    );
    return { batchItemFailures: unfinished.map(({ record }) => ({ itemIdentifier: record.messageId })) };
  };
}

function reportFailure({ counters, log }: DispatchEventDeps, record: SQSRecord, outcome: Outcome): void {
  if (outcome.kind !== 'failed') return;
  counters.count('returned');
  log.warn('an event is returned to its queue', {
    ...outcome.ids,
    message_id: record.messageId,
    receive_count: receiveCountOf(record),
    why: outcome.why,
    ...(outcome.stack === undefined ? {} : { stack: outcome.stack }),
  });
}

/** The delay grows with each receipt. An event that was not started has not failed, and gets the shortest delay. */
function visibilityOf(record: SQSRecord, outcome: Outcome): Visibility {
  const receiveCount = outcome.kind === 'not_started' ? 1 : receiveCountOf(record);
  return { receiptHandle: record.receiptHandle, seconds: returnDelaySeconds(receiveCount) };
}

function receiveCountOf({ attributes }: SQSRecord): number {
  return Number(attributes.ApproximateReceiveCount);
}

function createPorts({ settings, dynamodb, sqs, kms, clock }: DispatchEventDeps): DispatchPorts {
  const webhooksTable = { dynamodb, tableName: settings.webhooksTable };
  const webhooks = createWebhookReads(webhooksTable);
  const deliveries = createDeliveryStore({
    dynamodb,
    tableName: settings.deliveriesTable,
    retentionDays: settings.recordRetentionDays,
  });
  const listenerDeliveries = createListenerDeliveries({ dynamodb, tableName: settings.deliveriesTable });
  const keyring = createKeyring({ ...webhooksTable, kms });
  const lanes = createFirstLanes({ sqs, clock, ...settings });
  return {
    listSubscribers: (accountId) => webhooks.listSubscribers(accountId),
    readVersion: (accountId, now) => readAccountVersion(webhooksTable, accountId, now),
    storeForListeners: (copies, now) => listenerDeliveries.put(copies, now),
    putEvent: (event, now) => deliveries.putEvent(event, now),
    getEvent: (accountId, eventId, now) => deliveries.getEvent(accountId, eventId, now),
    recordUntried: (delivery, status, reason) => deliveries.recordUntried(delivery, status, reason),
    openSecret: (sealed, owner) => keyring.open(sealed, owner),
    enqueueFirst: (attempts, signal) => lanes.enqueueFirst(attempts, signal),
    sendUndispatched: (entries) => sendAll(sqs, clock, settings.undispatchedQueueUrl, entries),
  };
}
