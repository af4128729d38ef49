import { setTimeout as wait } from 'node:timers/promises';
import type { Cloud } from '../../local/cloud.ts';

/** The cloud is quiet when no call and no invocation was under way for so long. */
const QUIET_MS = 200;
const CHECK_EVERY_MS = 10;
/** A message that comes back waits for up to 120 s; after this the measurement is given up. */
const LIMIT_MS = 600_000;

/** Decides when the functions may receive messages from their queues. */
export interface ReceiveGate {
  /** From now on they receive what there is, as usual. */
  open(): void;
  /** From now on they receive full batches only, and smaller ones when nothing is under way that could fill them. */
  fullBatchesOnly(): void;
  /** From now on they receive nothing. */
  close(): void;
  /** While closed: each queue keeps its messages for `waitMs` after its last one came, then hands over full batches. */
  emptyInTurn(waitMs: number): Promise<void>;
  /** Resolves when nothing is under way: no call, no invocation, no received message. */
  quiet(): Promise<void>;
}

type Mode = 'open' | 'full batches only' | 'closed';

export function createReceiveGate(cloud: Pick<Cloud, 'calls' | 'functions' | 'queues'>): ReceiveGate {
  let mode: Mode = 'open';
  /** The one queue that hands over full batches while the gate is closed. */
  let exceptQueueUrl: string | undefined;
  let callsUnderWay = 0;
  let quietSince = Date.now();
  /** How many receives wait, by the URL of their queue. */
  const waiting = new Map<string, number>();

  const isIdle = (): boolean =>
    callsUnderWay === 0 &&
    cloud.functions.every((fn) => fn.environments().every(({ busy }) => !busy)) &&
    cloud.queues.queues().every(({ url }) => cloud.queues.counts(url).inFlight === 0);

  const isQuiet = (): boolean => {
    if (!isIdle()) quietSince = Date.now();
    return Date.now() - quietSince >= QUIET_MS;
  };

  const mayReceive = (queueUrl: string, max: number): boolean => {
    if (mode === 'open') return true;
    if (mode === 'closed' && queueUrl !== exceptQueueUrl) return false;
    return cloud.queues.counts(queueUrl).visible >= max || isQuiet();
  };

  cloud.calls.use(async (call, next) => {
    if (call.action === 'ReceiveMessage') {
      const queueUrl = String(call.input.QueueUrl);
      waiting.set(queueUrl, (waiting.get(queueUrl) ?? 0) + 1);
      while (!mayReceive(queueUrl, Number(call.input.MaxNumberOfMessages))) await wait(CHECK_EVERY_MS);
      waiting.set(queueUrl, (waiting.get(queueUrl) ?? 0) - 1);
    }
    callsUnderWay += 1;
    try {
      return await next();
    } finally {
      callsUnderWay -= 1;
      quietSince = Date.now();
    }
  });

  const until = async (condition: () => boolean): Promise<void> => {
    const giveUpAt = Date.now() + LIMIT_MS;
    while (!condition()) {
      if (Date.now() > giveUpAt) throw new Error(`the cloud was not quiet within ${LIMIT_MS / 1000} s`);
      await wait(CHECK_EVERY_MS);
    }
  };

  return {
    open() {
      mode = 'open';
    },
    fullBatchesOnly() {
      mode = 'full batches only';
    },
    close() {
      mode = 'closed';
    },
    async emptyInTurn(waitMs) {
      for (;;) {
        await until(isQuiet);
        const queueUrl = [...waiting].find(([, receives]) => receives > 0)?.[0];
        if (queueUrl === undefined) return;
        await wait(waitMs);
        exceptQueueUrl = queueUrl;
        await until(() => cloud.queues.counts(queueUrl).visible === 0 && isQuiet());
        exceptQueueUrl = undefined;
      }
    },
    quiet: () => until(isQuiet),
  };
}
