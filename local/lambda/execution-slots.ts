import { randomUUID } from 'node:crypto';
import type { InvocationEnd } from './function-worker.ts';

export type Invocation = InvocationEnd & { readonly requestId: string; readonly durationMs: number };

/** The right to run one event now. Its holder must call `invoke` or `release`. */
export interface Slot {
  /** Runs one event and releases the slot. */
  invoke(event: unknown, requestId?: string): Promise<Invocation>;
  /** Releases the slot unused. No effect after `invoke` or an earlier `release`. */
  release(): void;
}

/** Limits the number of events that a function runs at once. */
export interface ExecutionSlots {
  /** Waits for a slot, first come, first served. Undefined once aborted or closed. */
  acquire(signal?: AbortSignal): Promise<Slot | undefined>;
  /** Resolves every waiting `acquire`, and each later one, with undefined. */
  close(): void;
}

export function createExecutionSlots(
  maximum: number,
  run: (event: unknown, requestId: string) => Promise<Invocation>,
): ExecutionSlots {
  const waiting: ((slot: Slot | undefined) => void)[] = [];
  let free = maximum;
  let closed = false;

  const createSlot = (): Slot => {
    let held = true;
    const release = (): void => {
      if (!held) return;
      held = false;
      const next = waiting.shift();
      if (next === undefined) free++;
      else next(createSlot());
    };
    return { release, invoke: (event, requestId = randomUUID()) => run(event, requestId).finally(release) };
  };

  return {
    acquire(signal) {
      if (closed || signal?.aborted) return Promise.resolve(undefined);
      if (free > 0) {
        free--;
        return Promise.resolve(createSlot());
      }
      return new Promise((resolve) => {
        const give = (slot: Slot | undefined): void => {
          signal?.removeEventListener('abort', stopWaiting);
          resolve(slot);
        };
        const stopWaiting = (): void => {
          waiting.splice(waiting.indexOf(give), 1);
          resolve(undefined);
        };
        signal?.addEventListener('abort', stopWaiting, { once: true });
        waiting.push(give);
      });
    },
    close() {
      closed = true;
      for (const give of waiting.splice(0)) give(undefined);
    },
  };
}
