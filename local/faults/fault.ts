/**
 * Every fault, as data. The local cloud (`arm-fault.ts`) and the simulated cloud of the chaos runs
 * (`chaos/simulation/inject-faults.ts`) make them happen. A new kind does not compile until both handle or refuse it.
 */
export type Fault =
  | CallFault
  | PostFault
  | KillFault
  | PauseFault
  | ThrottleFault
  | ConcurrencyFault
  | MessageTwiceFault
  | EventTwiceFault
  | BusCannotSendFault;

export type FaultOf<Name extends Fault['fault']> = Extract<Fault, { readonly fault: Name }>;

/** Affects AWS calls of the functions, of Lambda's pollers with the functions' roles, and of the schedules. */
export interface CallFault {
  readonly fault: 'call';
  /** `<service>:<Action>`, or `<service>:*`. Calls of any of them are counted together. */
  readonly calls: readonly CallName[];
  /** The effect on the first matching call and on those after it. The last effect repeats until `when.to`. */
  readonly effects: CallEffects;
  /** Part of the name of a function or schedule, such as `FirstLane` or `SendDelivery.FirstLane`. Default: any. */
  readonly by?: string;
  /** A queue or table by the name of its output, such as `Retry1Queue` or `DeliveriesTable`. Default: any. */
  readonly on?: string;
  readonly when?: When;
}

export type CallEffects = readonly [CallEffect, ...CallEffect[]];

export type CallEffect =
  /** Refused without effect, at once or `afterMs` later. Default code: `ServiceUnavailable`. */
  | { readonly do: 'fail'; readonly code?: string; readonly afterMs?: number }
  /** It takes effect, and its answer is lost. */
  | { readonly do: 'cut' }
  /** The first `failed` of every `of` entries fail or stay unprocessed. The others take effect. */
  | { readonly do: 'partial'; readonly failed: number; readonly of: number }
  /** It takes effect `ms` later. */
  | { readonly do: 'delay'; readonly ms: number }
  /** It takes effect at once, and its answer arrives `ms` later. */
  | { readonly do: 'delay_answer'; readonly ms: number }
  /** The calling environment is killed before the call takes effect. */
  | { readonly do: 'kill_before' }
  /** The calling environment is killed after the call took effect, and does not receive the answer. */
  | { readonly do: 'kill_after' };

/**
 * Kills a sender at a POST to a customer's endpoint. The local cloud cannot observe these requests: it supports only
 * `kill_after` without `to`, and kills the sender at its first write of a record.
 */
export interface PostFault {
  readonly fault: 'post';
  readonly effect: PostEffect;
  /** Part of a function's name. Default: any function. */
  readonly by?: string;
  /** Only POSTs to URLs that start with this text are counted. Default: all. */
  readonly to?: string;
  readonly when?: When;
}

/**
 * - `kill_before`: the environment is killed before the request is sent
 * - `kill_open`: the environment is killed while the request is open
 * - `kill_after`: the environment is killed when the endpoint has answered and nothing is recorded
 */
export type PostEffect = 'kill_before' | 'kill_open' | 'kill_after';

/** Kills an environment that long after it started to run an event, if the event is still running. */
export interface KillFault {
  readonly fault: 'kill';
  /** Part of a function's name. Default: any function. */
  readonly function?: string;
  readonly afterMs: number;
  readonly when?: When;
}

/**
 * An environment pauses for a time before its run returns, like one that gets no CPU time. After the function's timeout
 * it is killed. Not on the local cloud.
 */
export interface PauseFault {
  readonly fault: 'pause';
  /** Part of a function's name. Default: any function. */
  readonly function?: string;
  readonly ms: number;
  readonly when?: When;
}

/** Lambda refuses an invocation for lack of concurrency. Not on the local cloud: use `concurrency`. */
export interface ThrottleFault {
  readonly fault: 'throttle';
  /** Part of a function's name. Default: any function. */
  readonly function?: string;
  readonly when?: When;
}

/**
 * At most `limit` environments of a function run events. Further events wait. Not on the simulated cloud: its
 * scenarios have a number of environments.
 */
export interface ConcurrencyFault {
  readonly fault: 'concurrency';
  readonly function: string;
  readonly limit: number;
  readonly forMs: number;
}

/** SQS delivers a message a second time, with the receive count of a first delivery. */
export interface MessageTwiceFault {
  readonly fault: 'message_twice';
  /** A queue by the name of its output, such as `FirstQueue`. Default: any queue of a function. */
  readonly queue?: string;
  readonly second: SecondDelivery;
  readonly when?: When;
}

/**
 * When the second delivery of a message happens.
 * - `parallel`: at once, to another environment. Not on the simulated cloud.
 * - `in_turn`: after the function has handled the first one. Not on the simulated cloud.
 * - a number: milliseconds after the first one. Not on the local cloud.
 */
export type SecondDelivery = 'in_turn' | 'parallel' | number;

/** The bus delivers an event twice. */
export interface EventTwiceFault {
  readonly fault: 'event_twice';
  /** Time between the deliveries. Default: 0. */
  readonly afterMs?: number;
  readonly when?: When;
}

/** The bus sends an event to the rule's dead-letter queue instead of its target. Not on the local cloud. */
export interface BusCannotSendFault {
  readonly fault: 'bus_cannot_send';
  /** Whether the dead-letter queue refuses the event, too, so that it is lost. Default: false. */
  readonly isLost?: boolean;
  readonly when?: When;
}

/**
 * On which of the matching occasions the fault happens, counted from 1 since the fault was added. Default: on the
 * first one alone, or with `forMs` on all of that time.
 */
export interface When {
  readonly from?: number;
  /** Default: `from`, or as many occasions as there are effects. */
  readonly to?: number;
  /** Occasions before that time are not counted. Default: 0. */
  readonly afterMs?: number;
  /** The fault ends that long after `afterMs`. */
  readonly forMs?: number;
}

/** The calls that the functions and Lambda's pollers make. */
const ACTIONS = {
  dynamodb: ['BatchGetItem', 'BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
  events: ['PutEvents'],
  kms: ['Decrypt', 'GenerateDataKey'],
  sqs: [
    'ChangeMessageVisibilityBatch',
    'DeleteMessage',
    'DeleteMessageBatch',
    'GetQueueAttributes',
    'ReceiveMessage',
    'SendMessage',
    'SendMessageBatch',
  ],
} as const;
type Actions = typeof ACTIONS;

/** A call that a fault can name. */
export type CallName = {
  [Service in keyof Actions]: `${Service}:${Actions[Service][number] | '*'}`;
}[keyof Actions];

/** All names, in the order of the services. */
export const CALL_NAMES: readonly string[] = Object.entries(ACTIONS).flatMap(([service, actions]) =>
  [...actions, '*'].map((action) => `${service}:${action}`),
);

/** Calls whose entries can fail separately. */
export const PARTIAL_CALLS: readonly CallName[] = [
  'dynamodb:BatchGetItem',
  'dynamodb:BatchWriteItem',
  'events:PutEvents',
  'sqs:ChangeMessageVisibilityBatch',
  'sqs:DeleteMessageBatch',
  'sqs:SendMessageBatch',
];

export function isCallName(text: string): text is CallName {
  return CALL_NAMES.includes(text);
}

export function isKill({ do: effect }: CallEffect): boolean {
  return effect === 'kill_before' || effect === 'kill_after';
}

/** A call in the notation of faults. */
export function nameOfCall({
  service,
  action,
}: {
  readonly service: string;
  readonly action: string;
}): string {
  return `${service}:${action}`;
}

/** Why a cloud refuses a fault that it cannot make happen. */
export function unsupported(fault: Fault, cloud: 'local' | 'simulated', reason: string): Error {
  return new Error(`the ${cloud} cloud cannot make the fault ${JSON.stringify(fault)} happen: ${reason}`);
}
