import type { Pollers, SourceSettings } from './parameters.ts';
import type { Timeline } from './timeline.ts';

/** A queue, with the pollers that make batches of its messages. */
export interface Source<Message> {
  add(message: Message): void;
  /** Messages that are in no batch that runs, oldest first. */
  waiting(): readonly Message[];
}

/** Received places at the head of the array that are removed together. */
const COMPACT_AT = 10_000;

export interface SourceOptions<Message> {
  readonly timeline: Timeline;
  readonly settings: SourceSettings;
  /** Runs a batch. Its poller is free again when `done` is called. */
  readonly invoke: (batch: readonly Message[], done: () => void) => void;
}

/**
 * A poller receives messages until its batch is full or its window, which the first message opens, is over.
 * So many pollers fill batches at the same time, with messages in turn. Where none is free, their number
 * grows step by step up to the maximum.
 */
export function createSource<Message>({
  timeline,
  settings,
  invoke,
}: SourceOptions<Message>): Source<Message> {
  const { batchSize, windowMs, collectors } = settings;
  const maximum = settings.maxConcurrency;
  const pollers: Pollers = settings.pollers;
  let queue: Message[] = [];
  let head = 0;
  /** Batches that are not full yet. */
  const filling: Message[][] = [];
  let running = 0;
  let allowed = Math.min(pollers.atStart, maximum);
  let growing = false;
  let turn = 0;

  const grow = (): void => {
    if (growing || allowed >= maximum) return;
    growing = true;
    timeline.at(timeline.now() + 60_000 / pollers.perMinute, () => {
      growing = false;
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
        grow();
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
