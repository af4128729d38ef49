import { type Clock, sleep } from '../shared/runtime/clock.ts';
import type { Lane } from './deps.ts';
import type { OpenAttempts } from './open-attempts.ts';
import { type Outcome, returned } from './outcome.ts';
import type { Queues, ReceivedMessage } from './ports.ts';
import type { Received } from './receive.ts';

/** An attempt that is open for this long no longer holds its batch, where the environment is needed. */
export const HOLDS_FOR_MS = 1_000;
/** Between two looks at the queue: a call each, made only while a long attempt holds the batch. */
export const LOOK_EVERY_MS = 250;
/** Messages that wait, all at the same moment, only where no environment is free to take them. */
export const MANY_WAITING = 3;
/** Attempts that an environment may have open when it takes the next batch: a socket each. */
const MAX_OPEN_ATTEMPTS = 100;

/** How a message left its batch: with an outcome, or with an attempt that is still open. */
export type Left = Outcome | { readonly kind: 'open' };

/** Runs all messages of a batch at once. Never throws; `deadlineAt` is in milliseconds since 1970. */
export type RunBatch = (
  received: readonly Received[],
  deadlineAt: number,
  handle: (item: Received) => Promise<Outcome>,
) => Promise<ReadonlyMap<ReceivedMessage, Left>>;

/**
 * Runs the batches of one execution environment. A batch is over
 * - when all its messages have an outcome, and so have those that earlier batches left open: a function that
 *   has returned is frozen, and would read an answer too late;
 * - in the first and retry lanes also when nothing but open attempts is left to do, and the environment is needed:
 *   its next batch thaws it at once, and they go on beside it. Else each message for a hanging endpoint would
 *   hold an environment for half a minute, and until that endpoint is known, all environments;
 * - when the time is up. What has no outcome then goes back; what is still done for it is waited for by the next
 *   batch, or an environment could be frozen between a record and what follows from it.
 */
export function createBatchRunner(deps: {
  readonly lane: Lane;
  readonly clock: Clock;
  readonly openAttempts: OpenAttempts;
  readonly queues: Pick<Queues, 'waiting'>;
  /** Does with a message that outlived its batch what its outcome asks for. Never rejects. */
  readonly finish: (message: ReceivedMessage, outcome: Outcome) => Promise<void>;
}): RunBatch {
  const { lane, clock, openAttempts, queues } = deps;
  /** What earlier batches left open. */
  const left = new Set<Promise<unknown>>();

  const leave = (work: Promise<unknown>): void => {
    left.add(work);
    work.finally(() => left.delete(work));
  };

  return async (received, deadlineAt, handle) => {
    const outcomes = new Map<ReceivedMessage, Left>();
    const running = received.map((item) => ({ item, outcome: handle(item) }));
    const allHandled = Promise.all(
      running.map(async ({ item, outcome }) => {
        const settled = await outcome;
        // Left alone where the batch was over before it.
        if (!outcomes.has(item.from)) outcomes.set(item.from, settled);
      }),
    );

    /** Milliseconds until the last unfinished message holds the batch no longer. */
    const heldForMs = (): number =>
      Math.max(
        0,
        ...received
          .filter(({ from }) => !outcomes.has(from))
          .map((item) => HOLDS_FOR_MS - (item.kind === 'delivery' ? openAttempts.openFor(item.message) : 0)),
      );
    const isNeeded = async (): Promise<boolean> => {
      const arn = received[0]?.from.queueArn;
      return arn !== undefined && (await queues.waiting(arn)) >= MANY_WAITING;
    };
    /** Whether nothing is unfinished but attempts: all else is being recorded or followed up, and ends soon. */
    const isAllOpen = (): boolean => {
      const unfinished = received.length - outcomes.size + left.size;
      return unfinished > 0 && unfinished === openAttempts.count() && unfinished <= MAX_OPEN_ATTEMPTS;
    };
    const untilNeeded = async (signal: AbortSignal): Promise<void> => {
      while (!signal.aborted) {
        const waitMs = heldForMs();
        // An attempt may have ended while the queue was asked.
        if (waitMs === 0 && isAllOpen() && (await isNeeded()) && isAllOpen()) return;
        const pause = sleep(waitMs > 0 ? waitMs : LOOK_EVERY_MS, signal);
        await (outcomes.size < received.length ? Promise.race([pause, allHandled]) : pause);
      }
    };

    const over = new AbortController();
    const ends = [
      allHandled.then(() => untilEmpty(left)).then(() => 'handled' as const),
      sleep(Math.max(0, deadlineAt - clock.now()), over.signal).then(() => 'time is up' as const),
      ...(lane === 'slow' ? [] : [untilNeeded(over.signal).then(() => 'needed' as const)]),
    ];
    const end = await Promise.race(ends);
    over.abort();
    for (const { item, outcome } of running) {
      if (outcomes.has(item.from)) continue;
      const isOpen = end === 'needed';
      outcomes.set(item.from, isOpen ? { kind: 'open' } : returned("the function's own time is up"));
      leave(isOpen ? outcome.then((ended) => deps.finish(item.from, ended)) : outcome);
    }
    return outcomes;
  };
}

async function untilEmpty(promises: ReadonlySet<Promise<unknown>>): Promise<void> {
  while (promises.size > 0) await Promise.all(promises);
}
