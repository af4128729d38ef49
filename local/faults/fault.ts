/** What can go wrong in the local cloud, as data: written in a test, or parsed from the command line. */
export type Fault = CallFault | KillAfter | MessageTwice | EventTwice | LimitConcurrency;

/** Something happens to calls of AWS's API that the functions make, or that Lambda makes in their name. */
export interface CallFault {
  readonly fault: 'call';
  /** `<service>:<Action>`, or `<service>:*`. Several: the first of any of them. */
  readonly calls: readonly FaultyCall[];
  readonly effect: CallEffect;
  /** Part of a function's name, as `FirstLane` or `SendDelivery.FirstLane`. Default: any function. */
  readonly by?: string;
  /** A queue or table by its output's name, as `Retry1Queue` or `DeliveriesTable`. Default: any. */
  readonly on?: string;
  readonly when?: When;
}

export type CallEffect =
  /** It is refused and has no effect. Default: `ServiceUnavailable`. */
  | { readonly do: 'fail'; readonly code?: string }
  /** The first `failed` of every `of` entries fail, or stay unprocessed; the others take effect. */
  | { readonly do: 'partial'; readonly failed: number; readonly of: number }
  /** It takes effect, and its answer is lost. */
  | { readonly do: 'cut' }
  /** It takes effect so much later. */
  | { readonly do: 'delay'; readonly ms: number }
  /** The environment that calls dies: the call never has an effect, or its answer is never seen. */
  | { readonly do: 'kill_before' }
  | { readonly do: 'kill_after' };

/** An environment dies so long after it began to run an event, if it still does. */
export interface KillAfter {
  readonly fault: 'kill';
  readonly function: string;
  readonly afterMs: number;
  readonly when?: When;
}

/**
 * SQS hands out a message once more, as if for the first time: at once to another environment, or after the
 * function is done with it.
 */
export interface MessageTwice {
  readonly fault: 'message_twice';
  readonly queue: string;
  readonly how: 'in_turn' | 'parallel';
  readonly when?: When;
}

/** The bus delivers an event twice. */
export interface EventTwice {
  readonly fault: 'event_twice';
  /** Default: at once. */
  readonly afterMs?: number;
  readonly when?: When;
}

/** No more than `limit` environments of a function run events; whatever wants another waits. */
export interface LimitConcurrency {
  readonly fault: 'concurrency';
  readonly function: string;
  readonly limit: number;
  readonly forMs: number;
}

/**
 * Which of the matching occasions, counted from 1 since the fault was added. Default: the first alone, or
 * with `forMs` all of that time.
 */
export interface When {
  readonly from?: number;
  /** Default: `from`. */
  readonly to?: number;
  /** The fault ends after that. */
  readonly forMs?: number;
}

/** The calls that the functions and their pollers make. */
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

export type FaultyCall = {
  [Service in keyof Actions]: `${Service}:${Actions[Service][number] | '*'}`;
}[keyof Actions];

/** All that a fault may name, in the order of the services. */
export const FAULTY_CALLS: readonly string[] = Object.entries(ACTIONS).flatMap(([service, actions]) =>
  [...actions, '*'].map((action) => `${service}:${action}`),
);

/** Calls whose entries can fail separately. */
export const PARTIAL_CALLS: readonly FaultyCall[] = [
  'dynamodb:BatchGetItem',
  'dynamodb:BatchWriteItem',
  'events:PutEvents',
  'sqs:ChangeMessageVisibilityBatch',
  'sqs:DeleteMessageBatch',
  'sqs:SendMessageBatch',
];

export function isFaultyCall(text: string): text is FaultyCall {
  return FAULTY_CALLS.includes(text);
}

/** The first of these comes right after an answer to a POST: nothing is recorded yet. */
export const AFTER_POST: readonly FaultyCall[] = ['dynamodb:BatchWriteItem', 'dynamodb:UpdateItem'];
