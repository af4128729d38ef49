import type { SourceSettings } from './parameters.ts';
import type { Timeline } from './timeline.ts';

/** An event source: a queue, and the pollers that receive batches of its messages. */
export interface Source<Message> {
  add(message: Message): void;
  /** Messages that no invocation has received yet, oldest first. */
  waiting(): readonly Message[];
}

/**
 * The array is shortened when this many messages at its start were received. To shift each message separately would be
 * slow.
 */
const COMPACT_AT = 10_000;

export interface SourceOptions<Message> {
  readonly timeline: Timeline;
  readonly settings: SourceSettings;
  /** Processes a batch. Its poller can receive the next batch when `done` is called. */
  readonly invoke: (batch: readonly Message[], done: () => void) => void;
}

/**
 * A poller receives messages until its batch is full or its batching window ends, which starts with the first
 * message. `collectors` pollers fill batches at the same time, and receive messages in turn. While messages wait
 * and no poller is free, pollers are added one by one, up to the maximum concurrency.
 */
export function createSource<Message>({
  timeline,
  settings,
  invoke,
}: SourceOptions<Message>): Source<Message> {
  const { batchSize, windowMs, collectors, pollers, maxConcurrency: maximum } = settings;
  let queue: Message[] = [];
  let head = 0;
  /** Batches that are not full yet. */
  const filling: Message[][] = [];
  let running = 0;
  /** Batches that may fill or run at once now. */
  let allowed = Math.min(pollers.atStart, maximum);
  let isAddingPoller = false;
  let turn = 0;

  const addPoller = (): void => {
    if (isAddingPoller || allowed >= maximum) return;
    isAddingPoller = true;
    timeline.at(timeline.now() + 60_000 / pollers.perMinute, () => {
      isAddingPoller = false;
      allowed += 1;
      receive();
    });
  };

  const start = (batch: Message[]): void => {
    filling.splice(filling.indexOf(batch), 1);
    running += 1;
    invoke(batch, () => {
      running -= 1;
      receive();
    });
  };

  const openBatch = (): Message[] | undefined => {
    if (filling.length + running >= allowed) return undefined;
    const batch: Message[] = [];
    filling.push(batch);
    timeline.at(timeline.now() + windowMs, () => {
      if (filling.includes(batch)) start(batch);
    });
    return batch;
  };

  const nextBatch = (): Message[] | undefined => {
    const opened = filling.length < collectors ? openBatch() : undefined;
    return opened ?? filling[turn++ % filling.length];
  };

  const take = (): Message | undefined => {
    const message = queue[head];
    head += 1;
    if (head < COMPACT_AT) return message;
    queue = queue.slice(head);
    head = 0;
    return message;
  };

  const receive = (): void => {
    while (head < queue.length) {
      const batch = nextBatch();
      if (batch === undefined) {
        addPoller();
        return;
      }
      const message = take();
      if (message !== undefined) batch.push(message);
      if (batch.length === batchSize) start(batch);
    }
  };

  return {
    add(message) {
      queue.push(message);
      receive();
    },
    waiting: () => [...filling.flat(), ...queue.slice(head)],
  };
}
