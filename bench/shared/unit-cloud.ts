import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { putWebhooks } from '../../fixtures/put-webhooks.ts';
import type { AccountId } from '../../lambdas/shared/domain/ids.ts';
import type { FunctionSettings } from '../../local/assembly/stack.ts';
import { ADMINISTRATOR, type Json } from '../../local/aws-calls.ts';
import { type Cloud, createCloud } from '../../local/cloud.ts';
import { failedMessages } from '../../local/lambda/batch-response.ts';
import { readRecords, type SqsRecord } from '../../local/lambda/sqs-event.ts';
import type { Ended } from '../units/function-protocol.ts';
import { accountIds } from './loaded-cloud.ts';
import { type Receivers, startReceivers } from './receivers.ts';
import { startTlsFront } from './tls-front.ts';
import { startUnit, type Unit } from './unit.ts';

/** SQS quota: messages that one call receives or deletes. */
const MAX_MESSAGES_A_CALL = 10;
const POLL_EVERY_MS = 2;

export interface UnitCloudSettings {
  /** A synthesized app that allows private endpoints. */
  readonly assemblyDirectory: string;
  readonly endpoints: number;
  readonly answerMs: number;
  /** The endpoints of each account's webhooks. */
  readonly accounts: readonly (readonly number[])[];
}

/** A queue and the process that receives from it. */
export interface Source {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly unit: Unit;
}

/**
 * The local cloud with dispatch-event and the first lane's send-delivery in processes of their own, which this process
 * invokes with the messages of their queues. The cloud's own environments of these functions receive nothing.
 */
export interface UnitCloud {
  readonly cloud: Cloud;
  readonly receivers: Receivers;
  readonly accounts: readonly AccountId[];
  readonly dispatch: Source;
  readonly send: Source;
  /** A new process of a function, whose logical id contains this text, with other settings if they are given. */
  startUnit(part: string, changes?: Partial<FunctionSettings>): Promise<Unit>;
  /**
   * Receives up to `size` messages, invokes the function with them and deletes those that succeeded. Undefined when the
   * queue is empty.
   */
  runBatch(source: Source, size: number): Promise<Batch | undefined>;
  /** Runs batches of up to ten as messages arrive. The result stops it when the running batch has ended. */
  pump(source: Source, onBatch?: (batch: Batch) => void): () => Promise<void>;
  close(): Promise<void>;
}

export interface Batch {
  readonly records: readonly SqsRecord[];
  readonly ended: Ended;
  /** Messages that the function returned to the queue. */
  readonly failed: number;
}

export async function startUnitCloud(settings: UnitCloudSettings): Promise<UnitCloud> {
  const directory = await mkdtemp(join(tmpdir(), 'webhook-fanout-units-'));
  const caFile = join(directory, 'ca.pem');
  const receivers = await startReceivers({ count: settings.endpoints, answerMs: settings.answerMs, caFile });
  const cloud = await createCloud({ assemblyDirectory: settings.assemblyDirectory });
  const front = await startTlsFront(cloud.awsEndpoint, receivers.certificate);
  // The SDK calls the host of a queue's URL, so the functions' queue URLs have the front's host.
  cloud.calls.use((call, next) => {
    const { QueueUrl } = call.input;
    if (typeof QueueUrl !== 'string' || !QueueUrl.startsWith(front.url)) return next();
    return next({ ...call.input, QueueUrl: QueueUrl.replace(front.url, cloud.awsEndpoint) });
  });
  const released = Promise.withResolvers<void>();
  cloud.calls.use(async (call, next) => {
    if (call.action !== 'ReceiveMessage' || call.principal === ADMINISTRATOR) return next();
    await released.promise;
    return {};
  });

  const units: Unit[] = [];
  const start: UnitCloud['startUnit'] = async (part, changes = {}) => {
    const { settings } = cloud.findFunction(part);
    const environment = Object.fromEntries(
      Object.entries(settings.environment).map(([name, value]) => [
        name,
        value.replaceAll(cloud.awsEndpoint, front.url),
      ]),
    );
    const fn = { ...settings, environment, ...changes };
    const unit = await startUnit({ fn, endpointUrl: front.url, region: cloud.region, caFile });
    units.push(unit);
    return unit;
  };
  const sourceOf = async (part: string, queuePart: string): Promise<Source> => {
    const queue = cloud.queues.queues().find(({ name }) => name.includes(queuePart));
    if (queue === undefined) throw new Error(`there is no queue whose name contains ${queuePart}`);
    return { queueUrl: queue.url, queueArn: queue.arn, unit: await start(part) };
  };
  const call = (action: string, input: Json): Promise<Json> =>
    cloud.calls.call({ principal: ADMINISTRATOR, service: 'sqs', action, input });

  const receive = async ({ queueUrl, queueArn }: Source, size: number): Promise<SqsRecord[]> => {
    const records: SqsRecord[] = [];
    while (records.length < size) {
      const answer = await call('ReceiveMessage', {
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(MAX_MESSAGES_A_CALL, size - records.length),
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      });
      const received = readRecords(answer, queueArn);
      if (received.length === 0) break;
      records.push(...received);
    }
    return records;
  };
  const runBatch = async (source: Source, size: number): Promise<Batch | undefined> => {
    const records = await receive(source, size);
    if (records.length === 0) return undefined;
    const ended = await source.unit.invoke({ Records: records });
    const failed = failedMessages(
      ended.payload,
      records.map(({ messageId }) => messageId),
    );
    const done = records.filter(({ messageId }) => !failed.has(messageId));
    for (let first = 0; first < done.length; first += MAX_MESSAGES_A_CALL) {
      const Entries = done
        .slice(first, first + MAX_MESSAGES_A_CALL)
        .map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
      await call('DeleteMessageBatch', { QueueUrl: source.queueUrl, Entries });
    }
    return { records, ended, failed: failed.size };
  };
  const pump: UnitCloud['pump'] = (source, onBatch = () => undefined) => {
    let stopped = false;
    const loop = async (): Promise<void> => {
      while (!stopped) {
        const batch = await runBatch(source, MAX_MESSAGES_A_CALL);
        if (batch === undefined) await wait(POLL_EVERY_MS);
        else onBatch(batch);
      }
    };
    const looping = loop();
    return () => {
      stopped = true;
      return looping;
    };
  };
  const close = async (): Promise<void> => {
    released.resolve();
    for (const unit of units) unit.close();
    front.close();
    await cloud.close();
    receivers.close();
    await rm(directory, { recursive: true, force: true });
  };

  try {
    const dispatch = await sourceOf('DispatchEvent', 'DispatchEventEvents');
    const send = await sourceOf('FirstLane', 'LanesFirst');
    const accounts = accountIds(settings.accounts.length);
    for (const [index, account] of accounts.entries()) {
      const urls = settings.accounts[index]?.map((number) => receivers.urls[number] ?? '') ?? [];
      await putWebhooks(cloud, account, urls);
    }
    return { cloud, receivers, accounts, dispatch, send, startUnit: start, runBatch, pump, close };
  } catch (error) {
    await close();
    throw error;
  }
}
