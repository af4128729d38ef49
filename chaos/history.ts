import type { BusEvent } from '../local/events/event.ts';
import type { Affected, DeliveryName, MessageContent } from './affected-deliveries.ts';
import type { CallEffect } from './fault.ts';
import type { Answer, UserAction } from './scenario.ts';

export type Item = Readonly<Record<string, unknown>>;

/** `poller`: an event source mapping. */
export type Role = 'dispatch-event' | 'serve-api' | 'sender' | 'poller';

/** What made a call or a request. */
export interface Caller {
  /** An execution environment such as `first/1`, or a poller. */
  readonly name: string;
  readonly role: Role;
  /** The invocation, unique within a history; absent for pollers. */
  readonly run?: string;
}

/** One fault that happened. `call`: to a call of AWS's API, by the scenario or by an outage. */
export type HappenedFault =
  | {
      readonly kind: 'call';
      readonly service: string;
      readonly action: string;
      readonly on?: 'webhooks' | 'deliveries';
      readonly effect: CallEffect | 'down' | 'down_slowly';
    }
  /** An environment died: at a POST, or some time after its run began. */
  | { readonly kind: 'killed'; readonly at: 'before_post' | 'open_post' | 'after_post' | 'any_time' }
  | { readonly kind: 'timed_out' }
  | { readonly kind: 'throttled' }
  | { readonly kind: 'message_twice' }
  | { readonly kind: 'event_twice' }
  | { readonly kind: 'bus_cannot_send' }
  /** No fault of ours, but it has the consequences of one: the same event was published again. */
  | { readonly kind: 'published_again' };

/** How an invocation ended, as far as its environment can tell. */
export type Ended =
  | { readonly kind: 'returned'; readonly value: unknown }
  | {
      readonly kind: 'failed';
      readonly cause: 'threw' | 'killed' | 'timed_out';
      readonly type: string;
      readonly message: string;
    };

type FactDetails =
  | {
      readonly kind: 'run_started';
      readonly caller: Caller;
      /** What its batch asks for; empty where it has none. */
      readonly messages: readonly MessageContent[];
    }
  | {
      readonly kind: 'run_ended';
      readonly caller: Caller;
      readonly end: Ended;
      readonly durationMs: number;
      readonly timeoutMs: number;
      /** Actions of the run's calls whose answers the environment had not read, and `POST` for each open request. */
      readonly openCalls: readonly string[];
    }
  | {
      readonly kind: 'called';
      readonly caller: Caller;
      readonly service: string;
      readonly action: string;
      /** The deliveries that the call itself names. */
      readonly names: readonly DeliveryName[];
    }
  | {
      readonly kind: 'fault';
      readonly fault: HappenedFault;
      readonly caller?: Caller;
      readonly affected: Affected;
    }
  | { readonly kind: 'received'; readonly caller: Caller; readonly messages: number }
  /** A function put a message on a queue. */
  | ({ readonly kind: 'enqueued'; readonly caller: Caller } & MessageContent)
  /** A request reached a customer's endpoint. Posts are numbered from 0. */
  | {
      readonly kind: 'posted';
      readonly post: number;
      readonly caller?: Caller;
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      /** What the endpoint is going to do. */
      readonly answer: Answer;
    }
  /** The endpoint answered, or the sender's deadline for the request passed. */
  | { readonly kind: 'answered'; readonly post: number }
  /** The environment that sent it read the answer. */
  | { readonly kind: 'answer_read'; readonly post: number; readonly caller: Caller }
  | {
      readonly kind: 'logged';
      readonly by: string;
      readonly text: string;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'event_accepted'; readonly event: BusEvent }
  | {
      readonly kind: 'acted';
      readonly action: UserAction['do'];
      readonly webhook?: number;
      readonly webhookId?: string;
      /** The API's answer; absent where it was not asked or failed. */
      readonly status?: number;
      readonly detail?: string;
      /** Of a test that the API accepted. */
      readonly eventId?: string;
    }
  | { readonly kind: 'redriven'; readonly deliveryId: string; readonly to: string }
  /** A webhook's item after a write; `item` is absent after a deletion. `by`: absent where it cannot be told. */
  | {
      readonly kind: 'webhook_written';
      readonly webhookId: string;
      readonly item: Item | undefined;
      readonly by?: Role | 'operator';
    }
  | { readonly kind: 'record_written'; readonly deliveryId: string; readonly item: Item | undefined }
  /** An event's item was written, which happens once. */
  | {
      readonly kind: 'event_stored';
      readonly accountId: string;
      readonly eventId: string;
      readonly caller?: Caller;
    }
  /** KMS answered with a data key. */
  | { readonly kind: 'key_unwrapped'; readonly caller: Caller }
  /** `isAlarming`: an operator must act; otherwise it is a consequence of faults. */
  | { readonly kind: 'problem'; readonly text: string; readonly isAlarming: boolean };

export type Fact = { readonly at: number } & FactDetails;
export type FactOf<Kind extends Fact['kind']> = Extract<Fact, { readonly kind: Kind }>;

/** What happened in a run, in its order, as its surroundings saw it: the functions are never asked. */
export interface History {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly facts: Fact[];
  /** Adds what happens now. */
  add(details: FactDetails): void;
  /** Numbers the next POST. */
  nextPost(): number;
}

export function createHistory(startedAt: number): History {
  const facts: Fact[] = [];
  let posts = 0;
  return {
    startedAt,
    facts,
    // In virtual time `Date` is faked, too.
    add: (details) => void facts.push({ at: Date.now(), ...details }),
    nextPost: () => posts++,
  };
}

export function factsOf<Kind extends Fact['kind']>(facts: readonly Fact[], kind: Kind): FactOf<Kind>[] {
  return facts.filter((fact): fact is FactOf<Kind> => fact.kind === kind);
}

/** What the tables and queues hold once nothing moves any more. */
export interface FinalState {
  readonly webhooks: readonly Item[];
  readonly events: readonly Item[];
  readonly records: readonly Item[];
  /** Bodies of the messages, by the queue's name. */
  readonly queues: Readonly<Record<string, readonly string[]>>;
  /** Bodies of messages that were set aside without a reason in their attributes, by the queue's name. */
  readonly unexplained: Readonly<Record<string, readonly string[]>>;
  /** Whether everything ended before the time was up. */
  readonly settled: boolean;
}
