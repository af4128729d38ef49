import type { Parameters, SourceSettings } from './parameters.ts';
import type { Timeline } from './timeline.ts';

/** A queue, with the pollers that make batches of it. */
export interface Source<Message> {
  add(message: Message): void;
  /** What no batch has taken yet, oldest first. */
  waiting(): readonly Message[];
}

/** Places before the head that are given back at once. */
const COMPACT_AT = 10_000;

export interface SourceOptions<Message> {
  readonly timeline: Timeline;
  readonly settings: SourceSettings;
  readonly pollers: Parameters['pollers'];
  /** Runs a batch; its poller is free again when `done` is called. */
  readonly invoke: (batch: readonly Message[], waiting: () => number, done: () => void) => void;
}

/**
 * A batch goes out when it is full or its window is over, and a poller is free. Where none is, their number
 * grows step by step up to the maximum; what waits meanwhile makes fuller batches.
 */
export function createSource<Message>(options: SourceOptions<Message>): Source<Message> {
  const { timeline, pollers, invoke } = options;
  const { batchSize, windowMs, maxConcurrency } = options.settings;
  let queue: { readonly message: Message; readonly since: number }[] = [];
  let head = 0;
  let busy = 0;
  let allowed = Math.min(pollers.atStart, maxConcurrency);
  let waking = false;
  let growing = false;

  const wakeAt = (timeMs: number): void => {
    if (waking) return;
    waking = true;
    timeline.at(timeMs, () => {
      waking = false;
      startBatches();
    });
  };

  const grow = (): void => {
    if (growing || allowed >= maxConcurrency) return;
    growing = true;
    timeline.at(timeline.now() + 60_000 / pollers.perMinute, () => {
      growing = false;
      allowed += 1;
      startBatches();
    });
  };

  const take = (): Message[] => {
    const batch = queue.slice(head, head + batchSize).map(({ message }) => message);
    head += batch.length;
    if (head >= COMPACT_AT) {
      queue = queue.slice(head);
      head = 0;
    }
    return batch;
  };

  const done = (): void => {
    busy -= 1;
    startBatches();
  };

  const startBatches = (): void => {
    for (let oldest = queue[head]; oldest !== undefined; oldest = queue[head]) {
      const windowEnd = oldest.since + windowMs;
      if (queue.length - head < batchSize && timeline.now() < windowEnd) {
        wakeAt(windowEnd);
        return;
      }
      if (busy >= allowed) {
        grow();
        return;
      }
      busy += 1;
      invoke(take(), () => queue.length - head, done);
    }
  };

  return {
    add(message) {
      queue.push({ message, since: timeline.now() });
      startBatches();
    },
    waiting: () => queue.slice(head).map(({ message }) => message),
  };
}
