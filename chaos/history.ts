import type { BusEvent } from '../local/events/event.ts';
import type { Answer } from './scenario.ts';

/** One line of the story. */
export interface Line {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
}

/** One request that reached a customer's endpoint. */
export interface Post {
  readonly at: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly eventId: string;
  readonly deliveryId: string;
  readonly attempt: number;
  readonly answer: Answer;
  /** When the endpoint had answered, or the sender given up on it. */
  endedAt: number;
  /** The environment that read the answer; absent while none has. */
  readBy?: { alive(): boolean };
}

/** A fault that a delivery may have felt. */
export interface Touch {
  readonly at: number;
  readonly what: string;
}

/** A webhook's item after a write, as the table held it. Undefined: deleted. */
export interface WebhookState {
  readonly at: number;
  readonly item: Readonly<Record<string, unknown>> | undefined;
}

export interface AcceptedEvent {
  readonly at: number;
  readonly event: BusEvent;
}

/** A delivery that somebody moved off the exhausted queue. */
export interface Redriven {
  readonly at: number;
  readonly deliveryId: string;
}

/** What a run did, as its surroundings saw it: never asked of the functions themselves. */
export interface History {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly lines: Line[];
  readonly posts: Post[];
  /** Events that the bus took, in their order. */
  readonly accepted: AcceptedEvent[];
  /** By webhook id. */
  readonly webhookStates: Map<string, WebhookState[]>;
  /** When an event's item was first written: by account and event id, with a space between. */
  readonly storedAt: Map<string, number>;
  /** When a delivery was first recorded as delivered. */
  readonly deliveredAt: Map<string, number>;
  /** Deliveries whose record a function gave up on, and said so. */
  readonly logLost: Set<string>;
  /** Faults that may have doubled a request: by event and webhook id, by event id and `*`, or `EVERYBODY`. */
  readonly touched: Map<string, Touch[]>;
  readonly redriven: Redriven[];
  /** Events of tests that the API said yes to. */
  readonly tested: Set<string>;
  /** How often each environment had a data key unwrapped, by its name. */
  readonly unwrapped: Map<string, number>;
  /** Trouble that an operator would hear of. */
  readonly problems: string[];
}

/** Under this name stand the faults that may have met any delivery. */
export const EVERYBODY = '* *';

export function createHistory(startedAt: number): History {
  return {
    startedAt,
    lines: [],
    posts: [],
    accepted: [],
    webhookStates: new Map(),
    storedAt: new Map(),
    deliveredAt: new Map(),
    logLost: new Set(),
    touched: new Map(),
    redriven: [],
    tested: new Set(),
    unwrapped: new Map(),
    problems: [],
  };
}

/** What lies where once nothing moves any more. */
export interface Remains {
  readonly webhooks: readonly Item[];
  readonly events: readonly Item[];
  readonly records: readonly Item[];
  /** Bodies of the messages, by the queue's name. */
  readonly queues: Readonly<Record<string, readonly string[]>>;
  /** Whether everything came to rest before the time was up. */
  readonly settled: boolean;
}

export type Item = Readonly<Record<string, unknown>>;

export function touch(history: History, names: readonly string[], one: Touch): void {
  for (const name of names) history.touched.set(name, [...(history.touched.get(name) ?? []), one]);
}
