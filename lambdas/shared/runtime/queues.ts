import {
  SendMessageBatchCommand,
  type SendMessageBatchCommandOutput,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { sleep } from './clock.ts';
import { describeError } from './errors.ts';
import { inParallel } from './parallel.ts';

export type Sqs = Pick<SQSClient, 'send'>;

/** SQS quota: entries of one batch call. */
const MAX_BATCH_ENTRIES = 10;
/** SQS quota: one message, and the sum of a batch, in bytes. */
export const MAX_BATCH_BYTES = 1024 * 1024;
/** Calls under way at once, so that a large fan-out neither waits in line nor floods. */
const MAX_PARALLEL_CALLS = 8;
/** Waits before failed entries are sent again; after the last they are handed back. */
const RETRY_WAITS_MS = [50, 200, 500];

export interface QueueEntry {
  readonly body: string;
  /** SQS fair queues: messages of one group never crowd out another's. */
  readonly groupId?: string;
  /** 0-900 s; overrides the queue's own delay. */
  readonly delaySeconds?: number;
  /** Message attributes, all of type String. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Whether one entry is on the queue for certain. */
export type Sent = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * Sends entries in full batches and tries again just those that SQS refused. Answers in the entries'
 * order; it never throws, so that one failed entry cannot hide the fate of the others.
 */
export async function sendAll(sqs: Sqs, queueUrl: string, entries: readonly QueueEntry[]): Promise<Sent[]> {
  const sent = entries.map((): Sent => ({ ok: false, reason: 'not tried' }));
  let open = [...entries.keys()];
  for (const waitMs of [0, ...RETRY_WAITS_MS]) {
    if (open.length === 0) break;
    if (waitMs > 0) await sleep(waitMs);
    await inParallel(packBatches(entries, open), MAX_PARALLEL_CALLS, async (batch) => {
      for (const [index, result] of await sendBatch(sqs, queueUrl, entries, batch)) sent[index] = result;
    });
    open = open.filter((index) => sent[index]?.ok !== true);
  }
  return sent;
}

/** Splits indexes into batches by count and by the size of their bodies in UTF-8. */
export function packBatches(entries: readonly QueueEntry[], indexes: readonly number[]): number[][] {
  const batches: number[][] = [];
  let batch: number[] = [];
  let bytes = 0;
  for (const index of indexes) {
    const size = Buffer.byteLength(entries[index]?.body ?? '');
    if (batch.length === MAX_BATCH_ENTRIES || (batch.length > 0 && bytes + size > MAX_BATCH_BYTES)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(index);
    bytes += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

async function sendBatch(
  sqs: Sqs,
  queueUrl: string,
  entries: readonly QueueEntry[],
  batch: readonly number[],
): Promise<[number, Sent][]> {
  let answer: SendMessageBatchCommandOutput;
  try {
    answer = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: batch.map((index) => {
          const entry = entries[index];
          return {
            Id: String(index),
            MessageBody: entry?.body,
            ...(entry?.groupId === undefined ? {} : { MessageGroupId: entry.groupId }),
            ...(entry?.delaySeconds === undefined ? {} : { DelaySeconds: entry.delaySeconds }),
            ...(entry?.attributes === undefined
              ? {}
              : { MessageAttributes: stringAttributes(entry.attributes) }),
          };
        }),
      }),
    );
  } catch (error) {
    return batch.map((index) => [index, { ok: false, reason: describeError(error) }]);
  }
  const accepted = new Set(answer.Successful?.map(({ Id }) => Id));
  const refused = new Map(answer.Failed?.map(({ Id, Code, Message }) => [Id, `${Code}: ${Message ?? ''}`]));
  return batch.map((index) => {
    const id = String(index);
    if (accepted.has(id)) return [index, { ok: true }];
    return [index, { ok: false, reason: refused.get(id) ?? 'SQS did not say' }];
  });
}

function stringAttributes(attributes: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
}
