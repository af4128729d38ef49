import {
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SendMessageBatchCommandOutput,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Timer } from './clock.ts';
import { type ErrorFields, errorFields } from './errors.ts';
import { inParallel } from './parallel.ts';

export type Sqs = Pick<SQSClient, 'send'>;

/** SQS quota: entries of one batch call. */
const MAX_BATCH_ENTRIES = 10;
/** SQS quota: one message, and the sum of a batch, in bytes of UTF-8, message attributes included. */
export const MAX_BATCH_BYTES = 1024 * 1024;
/** SQS quota: message attributes of one message. */
const MAX_ATTRIBUTES = 10;
const ATTRIBUTE_TYPE = 'String';
/** Concurrent calls: enough for a large fan-out, and few enough to avoid throttling. */
const MAX_PARALLEL_CALLS = 8;
/** Waits before failed entries are sent again. Entries that still fail are reported to the caller. */
const RETRY_WAITS_MS = [50, 200, 500];
/** SQS refuses control characters other than tab and line ends, and U+FFFE and U+FFFF. */
const REFUSED_BY_SQS = /[^\t\n\r\u{20}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

export interface QueueEntry {
  readonly body: string;
  /** SQS fair queues deliver messages of groups with little traffic first. */
  readonly groupId?: string;
  /** 0-900 s; overrides the queue's own delay. */
  readonly delaySeconds?: number;
  /**
   * Message attributes of type String, at most 10, by name. Characters that SQS refuses are replaced by U+FFFD;
   * an attribute with an empty value is omitted, since SQS refuses it.
   */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Whether SQS confirmed that an entry is on the queue. */
export type Sent = { readonly ok: true } | NotSent;

export interface NotSent {
  readonly ok: false;
  readonly reason: string;
  /** Present for an error of this code. */
  readonly stack?: readonly string[];
}

export const NOT_TRIED: NotSent = { ok: false, reason: 'not tried' };

/** The fields of a log line about an entry that is not on its queue. */
export function whyUnsent({ ok: _, reason: why, ...stack }: NotSent): ErrorFields {
  return { why, ...stack };
}

/** The result of a call that threw. */
export function notSent(error: unknown): NotSent {
  const { why: reason, ...stack } = errorFields(error);
  return { ok: false, reason, ...stack };
}

/**
 * Sends entries in full batches, and sends failed entries again after 50, 200 and 500 ms. Returns one result for each
 * entry, in their order. Never throws: a failed entry must not hide the results of the others.
 */
export async function sendAll(
  sqs: Sqs,
  timer: Timer,
  queueUrl: string,
  entries: readonly QueueEntry[],
): Promise<Sent[]> {
  const sent = entries.map((): Sent => NOT_TRIED);
  let unsent = [...entries.keys()];
  for (const waitMs of [0, ...RETRY_WAITS_MS]) {
    if (unsent.length === 0) break;
    if (waitMs > 0) await timer.sleep(waitMs);
    await inParallel(packBatches(entries, unsent), MAX_PARALLEL_CALLS, async (batch) => {
      for (const [index, result] of await sendBatch(sqs, queueUrl, entries, batch)) sent[index] = result;
    });
    unsent = unsent.filter((index) => sent[index]?.ok !== true);
  }
  return sent;
}

/** Splits indexes into batches by count and by size. */
export function packBatches(entries: readonly QueueEntry[], indexes: readonly number[]): number[][] {
  const batches: number[][] = [];
  let batch: number[] = [];
  let bytes = 0;
  for (const index of indexes) {
    const size = entryBytes(entries[index]);
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

/** The size as SQS counts it, in bytes: the body, and the name, type and value of each attribute. */
export function entryBytes(entry: QueueEntry | undefined): number {
  const attributes = sentAttributes(entry);
  return attributes.reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + ATTRIBUTE_TYPE.length + Buffer.byteLength(value),
    Buffer.byteLength(entry?.body ?? ''),
  );
}

function sentAttributes(entry: QueueEntry | undefined): [string, string][] {
  return Object.entries(entry?.attributes ?? {})
    .filter(([, value]) => value !== '')
    .slice(0, MAX_ATTRIBUTES)
    .map(([name, value]) => [name, value.toWellFormed().replace(REFUSED_BY_SQS, '\ufffd')]);
}

async function sendBatch(
  sqs: Sqs,
  queueUrl: string,
  entries: readonly QueueEntry[],
  batch: readonly number[],
): Promise<[number, Sent][]> {
  let output: SendMessageBatchCommandOutput;
  try {
    output = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: batch.map((index) => {
          const entry = entries[index];
          const attributes = sentAttributes(entry).map(([name, value]): [string, MessageAttributeValue] => [
            name,
            { DataType: ATTRIBUTE_TYPE, StringValue: value },
          ]);
          return {
            Id: String(index),
            MessageBody: entry?.body,
            ...(attributes.length === 0 ? {} : { MessageAttributes: Object.fromEntries(attributes) }),
            ...(entry?.groupId === undefined ? {} : { MessageGroupId: entry.groupId }),
            ...(entry?.delaySeconds === undefined ? {} : { DelaySeconds: entry.delaySeconds }),
          };
        }),
      }),
    );
  } catch (error) {
    const result = notSent(error);
    return batch.map((index) => [index, result]);
  }
  const accepted = new Set(output.Successful?.map(({ Id }) => Id));
  const refused = new Map(output.Failed?.map(({ Id, Code, Message }) => [Id, `${Code}: ${Message ?? ''}`]));
  return batch.map((index) => {
    const id = String(index);
    if (accepted.has(id)) return [index, { ok: true }];
    return [index, { ok: false, reason: refused.get(id) ?? 'SQS returned no result for it' }];
  });
}
