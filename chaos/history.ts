import type { BusEvent } from '../local/events/event.ts';
import type { CallEffect, Fault, PostEffect } from '../local/faults/fault.ts';
import type { UserAction } from './actions/user-action.ts';
import type { Affected, DeliveryName, MessageContent } from './affected-deliveries.ts';
import type { Answer } from './scenario.ts';

export type Item = Readonly<Record<string, unknown>>;

/** `poller`: an event source mapping. `schedule`: one of EventBridge Scheduler. */
export type Role =
  | 'dispatch-event'
  | 'recover-deliveries'
  | 'serve-api'
  | 'create-portal-link'
  | 'serve-console'
  | 'sender'
  | 'poller'
  | 'schedule';

/** What made a call or a request. */
export interface Caller {
  /** An execution environment such as `first/1`, or a poller. */
  readonly name: string;
  readonly role: Role;
  /** The invocation, unique within a history; absent for pollers. */
  readonly run?: string;
}

/**
 * One fault that happened, by the names of `local/faults/fault.ts`, and three more:
 * - `timed_out`: Lambda stopped a function at its timeout
 * - `published_again`: a publisher published the same event again, which has the consequences of a fault
 * - `unknown_version`: a run received a message of a version that its code does not read
 */
export type HappenedFault =
  | {
      readonly kind: 'call';
      readonly service: string;
      readonly action: string;
      /** `AccountVersion`: the item of the webhooks table that counts the changes of an account's webhooks. */
      readonly on?: 'WebhooksTable' | 'DeliveriesTable' | 'AccountVersion';
      readonly effect: CallEffect;
    }
  | { readonly kind: 'post'; readonly effect: PostEffect }
  | {
      readonly kind:
        | Exclude<Fault['fault'], 'call' | 'post'>
        | 'timed_out'
        | 'published_again'
        | 'unknown_version';
    };

/** How an invocation ended. */
export type InvocationEnd =
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
      /** The messages of its batch; empty for an invocation without a batch. */
      readonly messages: readonly MessageContent[];
    }
  | {
      readonly kind: 'run_ended';
      readonly caller: Caller;
      readonly end: InvocationEnd;
      readonly durationMs: number;
      readonly timeoutMs: number;
      /** Actions of the run's calls without an answer, and `POST` for each request without an answer. */
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
      /** The answer that the endpoint will give. */
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
      /** The status of the API's answer; absent if it was not called or failed. */
      readonly status?: number;
      readonly detail?: string;
      /** The test's event; only if the API accepted a test. */
      readonly eventId?: string;
      /** The new delivery; only if the API accepted a resend. */
      readonly deliveryId?: string;
      /** The new secret; only if the API answered a rotation with one. */
      readonly secret?: string;
      /** The recovery; only if the API accepted one. */
      readonly recoveryId?: string;
    }
  | { readonly kind: 'redriven'; readonly deliveryId: string; readonly to: string }
  /** A webhook's item after a write. `item`: undefined after a deletion. `by`: absent if unknown. */
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
  /** `isAlarming`: an operator must act. Otherwise the problem can be a consequence of faults. */
  | { readonly kind: 'problem'; readonly text: string; readonly isAlarming: boolean };

export type Fact = { readonly at: number } & FactDetails;
export type FactOf<Kind extends Fact['kind']> = Extract<Fact, { readonly kind: Kind }>;

/** What happened in a run, in order. It is recorded outside of the functions: they have no code for it. */
export interface History {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly facts: Fact[];
  /** Adds a fact with the present time. */
  add(details: FactDetails): void;
  /** The number of the next POST. */
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

/** The contents of the tables and queues after a run. */
export interface FinalState {
  readonly webhooks: readonly Item[];
  readonly events: readonly Item[];
  readonly records: readonly Item[];
  readonly recoveries: readonly Item[];
  /** Deliveries to a listener that it has not confirmed. */
  readonly listenerDeliveries: readonly Item[];
  /** Bodies of the messages, by the queue's name. */
  readonly queues: Readonly<Record<string, readonly string[]>>;
  /** Bodies of messages that have no reason in their attributes, by the queue's name. */
  readonly unexplained: Readonly<Record<string, readonly string[]>>;
  /** Whether all functions and messages were finished before the run's time limit. */
  readonly settled: boolean;
}
