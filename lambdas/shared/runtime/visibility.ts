import { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import { inChunks } from './chunks.ts';
import { ENDED, type Timer } from './clock.ts';
import { inParallel } from './parallel.ts';
import type { Sqs } from './queues.ts';

/** SQS quota: entries of one call. */
export const MAX_VISIBILITY_ENTRIES = 10;
/** The largest number of concurrent calls. */
const MAX_PARALLEL_CALLS = 8;
/** The longest wait for SQS: a function that returns messages to their queue has little time left. */
const MAX_WAIT_MS = 3_000;

/** The delay before a message becomes visible again after a failure on our side. */
const FIRST_RETURN_SECONDS = 10;
const LONGEST_RETURN_SECONDS = 15 * 60;

/** When a received message becomes visible again. */
export interface Visibility {
  readonly receiptHandle: string;
  /** 0-43,200 from now (SQS quota: 12 hours). */
  readonly seconds: number;
}

/** 10 s after the first receipt, doubled at each further one, at most 15 minutes. 200 receipts take about two days. */
export function returnDelaySeconds(receiveCount: number): number {
  const doublings = Math.min(Math.max(receiveCount, 1) - 1, 10);
  return Math.min(FIRST_RETURN_SECONDS * 2 ** doublings, LONGEST_RETURN_SECONDS);
}

/**
 * Sets when messages become visible again. Returns the receipt handles for which SQS confirmed it within three
 * seconds. Other messages keep their visibility timeout, or are visible already. Never throws.
 */
export async function setVisibility(
  sqs: Sqs,
  timer: Timer,
  queueUrl: string,
  messages: readonly Visibility[],
): Promise<ReadonlySet<string>> {
  const confirmed = new Set<string>();
  const settled = new AbortController();
  const all = inParallel(inChunks(messages, MAX_VISIBILITY_ENTRIES), MAX_PARALLEL_CALLS, async (batch) => {
    const answer = await sqs.send(visibilityCommand(queueUrl, batch)).catch(() => undefined);
    for (const { Id } of answer?.Successful ?? []) {
      const message = batch[Number(Id)];
      if (message !== undefined) confirmed.add(message.receiptHandle);
    }
  });
  await Promise.race([all, timer.sleep(MAX_WAIT_MS, settled.signal)]);
  settled.abort(ENDED);
  // A copy: a call that ends later must not change the caller's set.
  return new Set(confirmed);
}

/** The call for at most `MAX_VISIBILITY_ENTRIES` messages. The id of each entry is the message's index. */
export function visibilityCommand(
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
