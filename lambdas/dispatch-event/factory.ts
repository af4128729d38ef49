import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { type Clock, sleep } from '../shared/runtime/clock.ts';
import { describeError } from '../shared/runtime/errors.ts';
import { createFirstLanes } from '../shared/runtime/lanes.ts';
import type { Counters, Log } from '../shared/runtime/observability.ts';
import { type Sqs, sendAll } from '../shared/runtime/queues.ts';
import { returnDelaySeconds, setVisibility } from '../shared/runtime/visibility.ts';
import type { DynamoDB } from '../shared/store/client.ts';
import { createDeliveryStore } from '../shared/store/deliveries.ts';
import { createKeyring, type Kms } from '../shared/store/keyring.ts';
import { createWebhookStore } from '../shared/store/webhooks.ts';
import { readInvocation, readParked } from './invocation.ts';
import type { DispatchPorts } from './ports.ts';
import { type DispatchDeps, dispatchEvent } from './step.ts';

export interface DispatchEventSettings {
  readonly webhooksTable: string;
  readonly deliveriesTable: string;
  readonly firstQueueUrl: string;
  readonly slowQueueUrl: string;
  readonly parkedQueueUrl: string;
  readonly undispatchedQueueUrl: string;
  readonly systemEventSource: string;
  readonly retryDelaysSeconds: readonly number[];
}

export interface DispatchEventDeps {
  readonly settings: DispatchEventSettings;
  /** Names of the catalogue's event types. */
  readonly eventTypes: ReadonlySet<string>;
  readonly dynamodb: DynamoDB;
  readonly sqs: Sqs;
  readonly kms: Kms;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: Log;
}

/** Answers an asynchronous invocation with nothing, and a batch of the parked queue with its failures. */
export type DispatchEvent = (payload: unknown, deadlineAt: number) => Promise<SQSBatchResponse | undefined>;

/** Everything that one execution environment keeps between its invocations. */
export function createDispatchEvent(deps: DispatchEventDeps): DispatchEvent {
  const stepDeps: DispatchDeps = { ...deps, ...deps.settings, ports: createPorts(deps) };
  return async (payload, deadlineAt) => {
    const invocation = readInvocation(payload);
    if (invocation.from === 'parked') return runParked(deps, stepDeps, invocation.records, deadlineAt);
    await dispatchEvent(stepDeps, invocation.event);
    return undefined;
  };
}

/** Events that could not be run before. Those that still cannot come back, later each time. */
async function runParked(
  deps: DispatchEventDeps,
  stepDeps: DispatchDeps,
  records: readonly SQSRecord[],
  deadlineAt: number,
): Promise<SQSBatchResponse> {
  const run = async (record: SQSRecord): Promise<boolean> => {
    try {
      await dispatchEvent(stepDeps, readParked(record.body) ?? record.body);
      return true;
    } catch (error) {
      deps.counters.count('returned');
      deps.log.warn('a parked event goes back to its queue', {
        receive_count: record.attributes.ApproximateReceiveCount,
        why: describeError(error),
      });
      return false;
    }
  };
  const done = new Set<SQSRecord>();
  const time = new AbortController();
  const timeUp = sleep(Math.max(0, deadlineAt - deps.clock.now()), time.signal);
  // One after another: a few large fan-outs at once would all run out of time, and begin again together.
  const all = (async () => {
    for (const record of records) {
      if (deps.clock.now() < deadlineAt && (await run(record))) done.add(record);
    }
  })();
  await Promise.race([all, timeUp]);
  time.abort();
  const returned = records.filter((record) => !done.has(record));
  await setVisibility(
    deps.sqs,
    deps.settings.parkedQueueUrl,
    returned.map(({ receiptHandle, attributes }) => ({
      receiptHandle,
      seconds: returnDelaySeconds(Number(attributes.ApproximateReceiveCount)),
    })),
  );
  return { batchItemFailures: returned.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

function createPorts({ settings, dynamodb, sqs, kms }: DispatchEventDeps): DispatchPorts {
  const webhooks = createWebhookStore({ dynamodb, tableName: settings.webhooksTable });
  const deliveries = createDeliveryStore({ dynamodb, tableName: settings.deliveriesTable });
  const keyring = createKeyring({ dynamodb, kms, tableName: settings.webhooksTable });
  const lanes = createFirstLanes({ sqs, ...settings });
  return {
    listWebhooks: (accountId) => webhooks.list(accountId),
    putEvent: (event) => deliveries.putEvent(event),
    getEvent: (accountId, eventId) => deliveries.getEvent(accountId, eventId),
    recordUntried: (delivery, status, reason) => deliveries.recordUntried(delivery, status, reason),
    openSecret: (sealed, owner) => keyring.open(sealed, owner),
    enqueueFirst: (attempts) => lanes.enqueueFirst(attempts),
    sendUndispatched: async (entry) => {
      const [sent] = await sendAll(sqs, settings.undispatchedQueueUrl, [entry]);
      return sent ?? { ok: false, reason: 'not tried' };
    },
  };
}
