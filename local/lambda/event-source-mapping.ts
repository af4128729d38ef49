import { type Clock, sleep } from '../../lambdas/shared/runtime/clock.ts';
import type { MappingSettings } from '../assembly/stack.ts';
import type { AwsCalls, Json } from '../aws-calls.ts';
import type { SqsEngine } from '../sqs/engine.ts';
import { failedMessages } from './batch-response.ts';
import type { Slot } from './execution-slots.ts';
import type { LocalFunction } from './function.ts';
import { readRecords, type SqsRecord, splitByPayload } from './sqs-event.ts';

/** SQS quota: messages that one call receives or deletes. */
const MAX_MESSAGES_A_CALL = 10;
/** Wait after a failed receive. */
const RECEIVE_BACKOFF_MS = 1_000;
/** The longest timer in Node. If the next message is due later, the queue is checked again after this time. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface EventSourceMapping {
  /** Receives no further message. Running batches end when the function is closed. */
  stop(): Promise<void>;
}

export interface MappingDependencies {
  readonly settings: MappingSettings;
  /** The function's access key id: polls and deletes have its permissions and are metered for it. */
  readonly principal: string;
  readonly calls: AwsCalls;
  readonly queueUrl: string;
  readonly queues: Pick<SqsEngine, 'nextDueAt' | 'onArrival'>;
  readonly fn: LocalFunction;
  readonly clock: Clock;
  /** Called for each message: whether and how it is delivered a second time, as a standard queue sometimes does. */
  readonly copyOf?: () => 'in_turn' | 'parallel' | undefined;
  /** Called if the queue cannot be polled or a batch cannot be deleted. */
  readonly onProblem: (problem: string) => void;
}

/**
 * Invokes a function with batches from a queue, as Lambda's pollers do, within the maximum concurrency, and deletes the
 * messages that succeeded. It polls only when a message arrives or becomes visible.
 */
export function startEventSourceMapping(deps: MappingDependencies): EventSourceMapping {
  const { settings, principal, calls, queueUrl, fn, clock } = deps;
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = new Set<Promise<void>>();
  const maximumConcurrency = settings.maximumConcurrency ?? Number.POSITIVE_INFINITY;

  const call = (action: string, input: Json): Promise<Json> =>
    calls.call({ principal, service: 'sqs', action, input: { QueueUrl: queueUrl, ...input } });

  const receive = async (max: number): Promise<SqsRecord[]> => {
    const answer = await call('ReceiveMessage', {
      MaxNumberOfMessages: Math.min(max, MAX_MESSAGES_A_CALL),
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    return readRecords(answer, settings.queueArn);
  };

  /** Receives until the batch is full, the queue is empty, or the batching window has ended. */
  const collect = async (): Promise<SqsRecord[]> => {
    const batch = await receive(settings.batchSize);
    const windowEnd = clock.now() + settings.windowMs;
    while (batch.length > 0 && batch.length < settings.batchSize && !signal.aborted) {
      if (!isDue() && !(await waitUntilDue(windowEnd))) break;
      const more = await receive(settings.batchSize - batch.length);
      if (more.length === 0) break;
      batch.push(...more);
    }
    return batch;
  };

  const isDue = (): boolean =>
    (deps.queues.nextDueAt(settings.queueArn) ?? Number.POSITIVE_INFINITY) <= clock.now();

  /** Waits for a message. False if `until` has passed or the mapping was stopped. */
  const waitUntilDue = async (until = Number.POSITIVE_INFINITY): Promise<boolean> => {
    while (!signal.aborted && !isDue()) {
      const remainingMs = until - clock.now();
      if (remainingMs <= 0) return false;
      const dueAt = deps.queues.nextDueAt(settings.queueArn) ?? Number.POSITIVE_INFINITY;
      const interruption = new AbortController();
      const interruptSleep = (): void => interruption.abort('interrupted');
      const stopListening = deps.queues.onArrival(settings.queueArn, interruptSleep);
      signal.addEventListener('abort', interruptSleep);
      await sleep(Math.min(Math.max(dueAt - clock.now(), 1), remainingMs, MAX_TIMER_MS), interruption.signal);
      signal.removeEventListener('abort', interruptSleep);
      stopListening();
    }
    return !signal.aborted;
  };

  const handle = async (batch: readonly SqsRecord[], slot: Slot): Promise<void> => {
    const invocation = await slot.invoke({ Records: batch });
    if (invocation.kind === 'failed') return;
    const ids = batch.map(({ messageId }) => messageId);
    const failed = settings.reportsBatchItemFailures ? failedMessages(invocation.payload, ids) : new Set();
    const done = batch.filter(({ messageId }) => !failed.has(messageId));
    for (let start = 0; start < done.length; start += MAX_MESSAGES_A_CALL) {
      const entries = done.slice(start, start + MAX_MESSAGES_A_CALL);
      await call('DeleteMessageBatch', {
        Entries: entries.map(({ receiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
        })),
      });
    }
  };

  const report = (doing: string, error: unknown): void => {
    if (!signal.aborted)
      deps.onProblem(`${settings.logicalId} could not ${doing} ${queueUrl}: ${String(error)}`);
  };

  const poll = async (slot: Slot): Promise<void> => {
    let batch: SqsRecord[];
    try {
      batch = await collect();
    } catch (error) {
      slot.release();
      report('receive from', error);
      await sleep(RECEIVE_BACKOFF_MS, signal);
      return;
    }
    const [first, ...others] = splitByPayload(batch);
    if (first === undefined) return slot.release();
    const copies = Map.groupBy(batch, () => deps.copyOf?.());
    const handled = run(first, slot);
    for (const other of others) {
      const next = await nextSlot();
      if (next !== undefined) run(other, next);
    }
    runAgain(copies.get('parallel'));
    void handled.then(() => runAgain(copies.get('in_turn')));
  };

  const run = (batch: readonly SqsRecord[], slot: Slot): Promise<void> => {
    const handled = handle(batch, slot)
      .catch((error: unknown) => report('delete from', error))
      .finally(() => running.delete(handled));
    running.add(handled);
    return handled;
  };

  const runAgain = (copies: readonly SqsRecord[] | undefined): void => {
    if (copies === undefined) return;
    void fn.acquire(signal).then((slot) => slot && run(copies, slot));
  };

  /** Waits until the maximum concurrency of the mapping and of the function both allow one more batch. */
  const nextSlot = async (): Promise<Slot | undefined> => {
    while (running.size >= maximumConcurrency) await Promise.race(running);
    return fn.acquire(signal);
  };

  const loop = async (): Promise<void> => {
    while (await waitUntilDue()) {
      const slot = await nextSlot();
      if (slot === undefined) return;
      if (isDue()) await poll(slot);
      else slot.release();
    }
  };

  const looping = loop();
  return {
    async stop() {
      stopping.abort();
      await looping;
    },
  };
}
