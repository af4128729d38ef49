import TinyQueue from 'tinyqueue';
import type { Clock } from '../../lambdas/shared/runtime/clock.ts';
import { createFairGroups } from './fair-groups.ts';
import type { Message, MessageState } from './message.ts';
import type { QueueSettings } from './settings.ts';

/**
 * The age of the oldest message excludes messages that were received three times or more.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
const UNCOUNTED_RECEIVES = 3;

export interface MessageCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** The messages of one queue and the times at which they become visible. It has no timer; it reads the clock at each call. */
export interface Queue {
  readonly settings: QueueSettings;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  put(message: Message): void;
  /** Removes the next message from the visible ones. The caller must then call `hide`, `remove` or `put`. */
  takeNext(): Message | undefined;
  /** Hides a taken message, or one in flight, until `visibleAt`. */
  hide(message: Message, visibleAt: number): void;
  /** The message with that id; undefined if it is not on this queue. */
  find(messageId: string): Message | undefined;
  remove(message: Message): void;
  counts(): MessageCounts;
  /** The age of the oldest message that was received less than three times. 0 without one. */
  ageOfOldestMs(): number;
  inFlightCount(): number;
  /** When the next message can be received: now if one is visible, undefined if the queue is empty. */
  nextDueAt(): number | undefined;
  purge(): void;
  /** Adds a listener for each change after which a message may become visible earlier. The result removes it. */
  onArrival(listener: ArrivalListener): () => void;
}

/** A message in state `in_flight` was on the queue before; any other is new. */
export type ArrivalListener = (message: Readonly<Message>) => void;

/** A time at which a message becomes visible. The entry is stale if the message has changed since. */
interface Due {
  readonly at: number;
  readonly order: number;
  readonly message: Message;
}

export function createQueue(settings: QueueSettings, clock: Clock): Queue {
  const messages = new Map<string, Message>();
  const ready = createFairGroups();
  let due = emptyDueQueue();
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
  const setState = (message: Message, state: MessageState): void => {
    if (message.state === 'in_flight') count(message, -1);
    if (state === 'in_flight') count(message, 1);
    message.state = state;
  };
  const remove = (message: Message): void => {
    setState(message, 'removed');
    messages.delete(message.id);
  };
  const hasExpired = (message: Message): boolean => message.sentAt + retentionMs <= clock.now();
  const isStale = ({ message, at }: Due): boolean =>
    (message.state !== 'hidden' && message.state !== 'in_flight') || message.visibleAt !== at;
  const hideUntil = (message: Message, state: 'hidden' | 'in_flight', visibleAt: number): void => {
    setState(message, state);
    message.visibleAt = visibleAt;
    due.push({ at: visibleAt, order: nextOrder++, message });
  };
  const makeVisible = (message: Message): void => {
    setState(message, 'ready');
    ready.add(message);
  };
  /** Makes every message visible whose delay or visibility timeout has ended. */
  const updateVisible = (): void => {
    const now = clock.now();
    for (let top = due.peek(); top !== undefined && (top.at <= now || isStale(top)); top = due.peek()) {
      due.pop();
      if (!isStale(top)) makeVisible(top.message);
    }
  };
  const takeNext = (): Message | undefined => {
    updateVisible();
    const inFlightCounts = { total: inFlight, of: (groupId: string) => inFlightByGroup.get(groupId) ?? 0 };
    for (
      let message = ready.next(inFlightCounts);
      message !== undefined;
      message = ready.next(inFlightCounts)
    ) {
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
  const notifyListeners = (message: Message): void => {
    for (const listener of listeners) listener(message);
  };

  return {
    settings,
    createdAt,
    takeNext,
    remove,
    put(message) {
      messages.set(message.id, message);
      if (message.visibleAt > clock.now()) hideUntil(message, 'hidden', message.visibleAt);
      else makeVisible(message);
      notifyListeners(message);
    },
    hide(message, visibleAt) {
      hideUntil(message, 'in_flight', visibleAt);
      notifyListeners(message);
    },
    find: (messageId) => {
      updateVisible();
      return messages.get(messageId);
    },
    counts() {
      updateVisible();
      dropExpired();
      const states = [...messages.values()].map(({ state }) => state);
      const inState = (expected: Message['state']): number =>
        states.filter((state) => state === expected).length;
      return { visible: inState('ready'), inFlight, delayed: inState('hidden') };
    },
    ageOfOldestMs() {
      dropExpired();
      const counted = [...messages.values()].filter(({ receiveCount }) => receiveCount < UNCOUNTED_RECEIVES);
      return counted.reduce((age, { enqueuedAt }) => Math.max(age, clock.now() - enqueuedAt), 0);
    },
    inFlightCount: () => {
      updateVisible();
      return inFlight;
    },
    nextDueAt() {
      updateVisible();
      return ready.any() ? clock.now() : due.peek()?.at;
    },
    purge() {
      for (const message of messages.values()) message.state = 'removed';
      messages.clear();
      ready.clear();
      due = emptyDueQueue();
      inFlightByGroup.clear();
      inFlight = 0;
    },
    onArrival(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The earliest first. The order of insertion makes it deterministic. */
function emptyDueQueue(): TinyQueue<Due> {
  return new TinyQueue<Due>([], (a, b) => a.at - b.at || a.order - b.order);
}
