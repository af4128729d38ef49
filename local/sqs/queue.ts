import type { Clock } from '../../lambdas/shared/runtime/clock.ts';
import { createFairGroups } from './fair-groups.ts';
import { createHeap } from './heap.ts';
import type { Message } from './message.ts';
import type { QueueSettings } from './settings.ts';

export interface MessageCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** The messages of one queue and when each may be received. It has no timer: it looks at the clock when asked. */
export interface Queue {
  readonly settings: QueueSettings;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  put(message: Message): void;
  /** Takes the next message off the visible ones; the caller says next what becomes of it. */
  takeNext(): Message | undefined;
  /** Hides a message that was taken, or one in flight, from receivers until `visibleAt`. */
  hold(message: Message, visibleAt: number): void;
  /** The message with that id while it is on this queue. */
  find(messageId: string): Message | undefined;
  remove(message: Message): void;
  counts(): MessageCounts;
  inFlightCount(): number;
  /** When the next message may be received: now or earlier if one waits, undefined when there is none. */
  nextDueAt(): number | undefined;
  purge(): void;
  /** Calls back with the message after every change that may let it be received sooner than known before. */
  onArrival(listener: ArrivalListener): () => void;
}

/** The message is `in_flight` when it was put back, and new on the queue otherwise. */
export type ArrivalListener = (message: Readonly<Message>) => void;

/** A message that becomes visible at `at`, unless something else happened to it meanwhile. */
interface Due {
  readonly at: number;
  readonly order: number;
  readonly message: Message;
}

export function createQueue(settings: QueueSettings, clock: Clock): Queue {
  const messages = new Map<string, Message>();
  const ready = createFairGroups();
  const due = createHeap<Due>((a, b) => a.at - b.at || a.order - b.order);
  const inFlightByGroup = new Map<string | undefined, number>();
  const listeners = new Set<ArrivalListener>();
  const createdAt = clock.now();
  const retentionMs = settings.retentionSeconds * 1000;
  let inFlight = 0;
  let nextOrder = 0;

  const count = (message: Message, change: 1 | -1): void => {
    inFlight += change;
    const ofGroup = (inFlightByGroup.get(message.groupId) ?? 0) + change;
    if (ofGroup === 0) inFlightByGroup.delete(message.groupId);
    else inFlightByGroup.set(message.groupId, ofGroup);
  };
  const enter = (message: Message, state: 'hidden' | 'ready' | 'in_flight' | 'gone'): void => {
    if (message.state === 'in_flight') count(message, -1);
    if (state === 'in_flight') count(message, 1);
    message.state = state;
  };
  const remove = (message: Message): void => {
    enter(message, 'gone');
    messages.delete(message.id);
  };
  const hasExpired = (message: Message): boolean => message.sentAt + retentionMs <= clock.now();
  const isStale = ({ message, at }: Due): boolean =>
    (message.state !== 'hidden' && message.state !== 'in_flight') || message.visibleAt !== at;
  const wait = (message: Message, state: 'hidden' | 'in_flight', visibleAt: number): void => {
    enter(message, state);
    message.visibleAt = visibleAt;
    due.push({ at: visibleAt, order: nextOrder++, message });
  };
  const show = (message: Message): void => {
    enter(message, 'ready');
    ready.add(message);
  };
  /** Makes visible what is due by now. */
  const catchUp = (): void => {
    const now = clock.now();
    for (let top = due.peek(); top !== undefined && (top.at <= now || isStale(top)); top = due.peek()) {
      due.pop();
      if (!isStale(top)) show(top.message);
    }
  };
  const takeNext = (): Message | undefined => {
    catchUp();
    const share = { total: inFlight, of: (groupId: string) => inFlightByGroup.get(groupId) ?? 0 };
    for (let message = ready.next(share); message !== undefined; message = ready.next(share)) {
      if (!hasExpired(message)) return message;
      remove(message);
    }
    return undefined;
  };
  const dropExpired = (): void => {
    for (const message of messages.values()) {
      if (hasExpired(message)) remove(message);
    }
  };
  const announce = (message: Message): void => {
    for (const listener of listeners) listener(message);
  };

  return {
    settings,
    createdAt,
    takeNext,
    remove,
    put(message) {
      messages.set(message.id, message);
      if (message.visibleAt > clock.now()) wait(message, 'hidden', message.visibleAt);
      else show(message);
      announce(message);
    },
    hold(message, visibleAt) {
      wait(message, 'in_flight', visibleAt);
      announce(message);
    },
    find: (messageId) => {
      catchUp();
      return messages.get(messageId);
    },
    counts() {
      catchUp();
      dropExpired();
      const states = [...messages.values()].map(({ state }) => state);
      const inState = (wanted: Message['state']): number => states.filter((state) => state === wanted).length;
      return { visible: inState('ready'), inFlight, delayed: inState('hidden') };
    },
    inFlightCount: () => {
      catchUp();
      return inFlight;
    },
    nextDueAt() {
      catchUp();
      return ready.any() ? clock.now() : due.peek()?.at;
    },
    purge() {
      for (const message of messages.values()) message.state = 'gone';
      messages.clear();
      ready.clear();
      due.clear();
      inFlightByGroup.clear();
      inFlight = 0;
    },
    onArrival(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
