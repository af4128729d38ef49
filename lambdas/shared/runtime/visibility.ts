import { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import { inChunks } from './chunks.ts';
import { sleep } from './clock.ts';
import { inParallel } from './parallel.ts';
import type { Sqs } from './queues.ts';

/** SQS quota: entries of one batch call. */
const MAX_BATCH_ENTRIES = 10;
/** Calls in progress at the same time. */
const MAX_PARALLEL_CALLS = 8;
/** A function that returns messages to their queue has little time left. */
const WITHIN_MS = 3_000;

/** The delay before a message that our side failed to handle becomes visible again. */
const FIRST_RETURN_SECONDS = 10;
const LONGEST_RETURN_SECONDS = 15 * 60;

/** When a received message becomes visible again. */
export interface Visibility {
  readonly receiptHandle: string;
  /** From now, 0-43,200 (SQS quota: 12 hours). */
  readonly seconds: number;
}

/** 10 s after the first receipt, doubling to 15 minutes: two days over a lane's 200 receipts. */
export function returnDelaySeconds(receiveCount: number): number {
  const doublings = Math.min(Math.max(receiveCount, 1) - 1, 10);
  return Math.min(FIRST_RETURN_SECONDS * 2 ** doublings, LONGEST_RETURN_SECONDS);
}

/**
 * Sets when messages become visible again. Returns the receipt handles for which SQS confirmed it within three
 * seconds; the others keep their queue's visibility timeout, or are visible already. Never throws.
 */
export async function setVisibility(
  sqs: Sqs,
  queueUrl: string,
  messages: readonly Visibility[],
): Promise<ReadonlySet<string>> {
  const confirmed = new Set<string>();
  const over = new AbortController();
  const all = inParallel(inChunks(messages, MAX_BATCH_ENTRIES), MAX_PARALLEL_CALLS, async (batch) => {
    const answer = await sqs.send(visibilityCommand(queueUrl, batch)).catch(() => undefined);
    for (const { Id } of answer?.Successful ?? []) {
      const message = batch[Number(Id)];
      if (message !== undefined) confirmed.add(message.receiptHandle);
    }
  });
  await Promise.race([all, sleep(WITHIN_MS, over.signal)]);
  over.abort();
  // A copy: a call that ends later changes nothing for the caller.
  return new Set(confirmed);
}

function visibilityCommand(
  queueUrl: string,
  batch: readonly Visibility[],
): ChangeMessageVisibilityBatchCommand {
  return new ChangeMessageVisibilityBatchCommand({
    QueueUrl: queueUrl,
    Entries: batch.map(({ receiptHandle, seconds }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: seconds,
    })),
  });
}
