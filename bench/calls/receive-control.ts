import { setTimeout as wait } from 'node:timers/promises';
import type { Cloud } from '../../local/cloud.ts';

/** The cloud is idle when no call, invocation or received message was unfinished for this long. */
const IDLE_MS = 200;
const CHECK_EVERY_MS = 10;
/** A message is redelivered after at most 120 s. After this time the measurement fails. */
const LIMIT_MS = 600_000;

/** Controls when the functions receive messages from their queues, so that a measurement chooses the batch sizes. */
export interface ReceiveControl {
  /** Every receive returns the messages that are visible, as usual. This is the initial mode. */
  allowAll(): void;
  /** A receive waits until its batch is full, or until the cloud is idle: then no message can be added to the batch. */
  allowFullBatches(): void;
  /** Every receive waits. */
  blockAll(): void;
  /**
   * After `blockAll`: allows full batches of one queue after another, each of them `waitMs` after the cloud became
   * idle, until no receive waits.
   */
  drainQueuesInTurn(waitMs: number): Promise<void>;
  /** Resolves when the cloud is idle. Rejects after ten minutes. */
  untilIdle(): Promise<void>;
}

type Mode = 'all' | 'full batches' | 'none';

export function createReceiveControl(cloud: Pick<Cloud, 'calls' | 'functions' | 'queues'>): ReceiveControl {
  let mode: Mode = 'all';
  /** The queue from which full batches are received in the mode `none`. */
  let drainedQueueUrl: string | undefined;
  let callsInProgress = 0;
  let idleSince = Date.now();
  /** The number of receives that wait, by the URL of their queue. */
  const waiting = new Map<string, number>();

  const hasNoWork = (): boolean =>
    callsInProgress === 0 &&
    cloud.functions.every((fn) => fn.environments().every(({ busy }) => !busy)) &&
    cloud.queues.queues().every(({ url }) => cloud.queues.counts(url).inFlight === 0);

  const isIdle = (): boolean => {
    if (!hasNoWork()) idleSince = Date.now();
    return Date.now() - idleSince >= IDLE_MS;
  };

  const mayReceive = (queueUrl: string, batchSize: number): boolean => {
    if (mode === 'all') return true;
    if (mode === 'none' && queueUrl !== drainedQueueUrl) return false;
    return cloud.queues.counts(queueUrl).visible >= batchSize || isIdle();
  };

  cloud.calls.use(async (call, next) => {
    if (call.action === 'ReceiveMessage') {
      const queueUrl = String(call.input.QueueUrl);
      waiting.set(queueUrl, (waiting.get(queueUrl) ?? 0) + 1);
      while (!mayReceive(queueUrl, Number(call.input.MaxNumberOfMessages))) await wait(CHECK_EVERY_MS);
      waiting.set(queueUrl, (waiting.get(queueUrl) ?? 0) - 1);
    }
    callsInProgress += 1;
    try {
      return await next();
    } finally {
      callsInProgress -= 1;
      idleSince = Date.now();
    }
  });

  const until = async (condition: () => boolean): Promise<void> => {
    const giveUpAt = Date.now() + LIMIT_MS;
    while (!condition()) {
      if (Date.now() > giveUpAt) throw new Error(`the cloud was not idle within ${LIMIT_MS / 1000} s`);
      await wait(CHECK_EVERY_MS);
    }
  };

  return {
    allowAll() {
      mode = 'all';
    },
    allowFullBatches() {
      mode = 'full batches';
    },
    blockAll() {
      mode = 'none';
    },
    async drainQueuesInTurn(waitMs) {
      for (;;) {
        await until(isIdle);
        const queueUrl = [...waiting].find(([, receives]) => receives > 0)?.[0];
        if (queueUrl === undefined) return;
        await wait(waitMs);
        drainedQueueUrl = queueUrl;
        await until(() => cloud.queues.counts(queueUrl).visible === 0 && isIdle());
        drainedQueueUrl = undefined;
      }
    },
    untilIdle: () => until(isIdle),
  };
}
