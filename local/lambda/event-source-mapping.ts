import { type Clock, sleep } from '../../lambdas/shared/runtime/clock.ts';
import type { MappingSettings } from '../assembly/stack.ts';
import type { AwsCalls, Json } from '../aws-calls.ts';
import type { SqsEngine } from '../sqs/engine.ts';
import { failedMessages } from './batch-response.ts';
import type { LocalFunction, Slot } from './function.ts';
import { readRecords, type SqsRecord, splitByPayload } from './sqs-event.ts';

/** SQS: messages that one call receives or deletes at most. */
const MAX_MESSAGES_A_CALL = 10;
/** After a refused or failed receive, so that a fault does not become a flood. */
const RECEIVE_BACKOFF_MS = 1_000;
/** Node's timers hold no more; a queue that is due later is looked at again then. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface EventSourceMapping {
  /** Takes no further message. Batches under way end with their function's environments. */
  stop(): Promise<void>;
}

export interface MappingDependencies {
  readonly settings: MappingSettings;
  /** Polls and deletes as the function itself: under its role, on its meter. */
  readonly principal: string;
  readonly calls: AwsCalls;
  readonly queueUrl: string;
  readonly queues: Pick<SqsEngine, 'nextDueAt' | 'onArrival'>;
  readonly fn: LocalFunction;
  readonly clock: Clock;
  /** Asked for each message: whether it is handed out once more, as a standard queue does now and then. */
  readonly copyOf?: () => 'in_turn' | 'parallel' | undefined;
  /** Called with a problem for the operator: the queue cannot be polled, or a batch cannot be deleted. */
  readonly onProblem: (problem: string) => void;
}

/**
 * Feeds a function from a queue, as Lambda's own pollers do: in batches, never more at once than it may,
 * deleting what succeeded. It wakes when a message arrives or falls due, and polls at no other time.
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

  /** Until the batch is full, the queue is empty, or the window that its first message opened has ended. */
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

  /** False when the time came, or the end, before a message did. */
  const waitUntilDue = async (until = Number.POSITIVE_INFINITY): Promise<boolean> => {
    while (!signal.aborted && !isDue()) {
      const left = until - clock.now();
      if (left <= 0) return false;
      const dueAt = deps.queues.nextDueAt(settings.queueArn) ?? Number.POSITIVE_INFINITY;
      const woken = new AbortController();
      const wake = (): void => woken.abort('woken');
      const stopListening = deps.queues.onArrival(settings.queueArn, wake);
      signal.addEventListener('abort', wake);
      await sleep(Math.min(Math.max(dueAt - clock.now(), 1), left, MAX_TIMER_MS), woken.signal);
      signal.removeEventListener('abort', wake);
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

  /** Once the mapping and the function both may run one more. */
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
