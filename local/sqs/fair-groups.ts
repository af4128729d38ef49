import TinyQueue from 'tinyqueue';
import { NOISY_MIN_IN_FLIGHT, NOISY_MIN_SHARE } from './limits.ts';
import type { Message } from './message.ts';

/** The visible messages of a queue, in the order in which they are received. */
export interface FairGroups {
  add(message: Message): void;
  /**
   * Takes the message that has waited longest. Messages of noisy groups are taken only after all others. Messages
   * without a group are never noisy. If only noisy groups wait, they are not limited. AWS also considers processing
   * time, which is not modelled.
   */
  next(inFlight: InFlight): Message | undefined;
  /** Whether a message waits. */
  any(): boolean;
  clear(): void;
}

export interface InFlight {
  readonly total: number;
  of(groupId: string): number;
}

interface Waiting {
  readonly order: number;
  readonly message: Message;
}

interface Group {
  readonly id: string | undefined;
  waiting: Waiting[];
  /** Index of the first entry in `waiting` that is not taken. */
  head: number;
}

/** Number of taken entries after which they are removed from the array. */
const COMPACT_AT = 1_000;

export function createFairGroups(): FairGroups {
  const groups = new Map<string | undefined, Group>();
  let byHead = emptyQueue();
  let nextOrder = 0;

  /** Skips entries whose message was deleted. */
  const headOf = (group: Group): Waiting | undefined => {
    for (; group.head < group.waiting.length; group.head++) {
      const entry = group.waiting[group.head];
      if (entry?.message.state === 'ready') return entry;
    }
    groups.delete(group.id);
    return undefined;
  };
  const enqueue = (group: Group): void => {
    const head = headOf(group);
    if (head !== undefined) byHead.push({ order: head.order, group });
  };
  const take = (group: Group): Message | undefined => {
    const head = headOf(group);
    group.head++;
    if (group.head > COMPACT_AT) {
      group.waiting = group.waiting.slice(group.head);
      group.head = 0;
    }
    return head?.message;
  };

  return {
    add(message) {
      const entry = { order: nextOrder++, message };
      const group = groups.get(message.groupId);
      if (group !== undefined) {
        group.waiting.push(entry);
        return;
      }
      const fresh: Group = { id: message.groupId, waiting: [entry], head: 0 };
      groups.set(message.groupId, fresh);
      enqueue(fresh);
    },
    next(inFlight) {
      const noisy: Group[] = [];
      let chosen: Group | undefined;
      for (let top = byHead.pop(); top !== undefined; top = byHead.pop()) {
        const head = headOf(top.group);
        if (head === undefined) continue;
        if (head.order !== top.order) {
          enqueue(top.group);
          continue;
        }
        if (!isNoisy(top.group.id, inFlight)) {
          chosen = top.group;
          break;
        }
        noisy.push(top.group);
      }
      const group = chosen ?? noisy[0];
      const message = group === undefined ? undefined : take(group);
      if (chosen !== undefined) enqueue(chosen);
      for (const other of noisy) enqueue(other);
      return message;
    },
    any() {
      for (let top = byHead.peek(); top !== undefined; top = byHead.peek()) {
        if (headOf(top.group) !== undefined) return true;
        byHead.pop();
      }
      return false;
    },
    clear() {
      groups.clear();
      byHead = emptyQueue();
    },
  };
}

/** Groups by the order of their first entry. */
function emptyQueue() {
  return new TinyQueue<{ order: number; group: Group }>([], (a, b) => a.order - b.order);
}

function isNoisy(groupId: string | undefined, inFlight: InFlight): boolean {
  if (groupId === undefined) return false;
  const own = inFlight.of(groupId);
  return own >= NOISY_MIN_IN_FLIGHT && own > inFlight.total * NOISY_MIN_SHARE;
}
