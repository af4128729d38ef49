/** What one run is made of: data, so that it can be printed, shrunk and kept as a regression. */
export interface Scenario {
  readonly webhooks: readonly WebhookSpec[];
  /** More webhooks of account 0 that answer 200: one event fans out to all of them. */
  readonly crowd: number;
  readonly steps: readonly Step[];
  readonly faults: readonly Fault[];
  /** Execution environments of each function at once. */
  readonly environments: number;
}

export const ACCOUNTS = 2;

/** How an endpoint answers the POSTs of one delivery, one after the other; the last answer stays. */
export type Answers = readonly [Answer, ...Answer[]];

/**
 * - `ok`: 200, and a challenge echoed
 * - `wrong`: 200, and a challenge answered with another
 * - `slow`: as `ok`, after 7 s
 * - `crawl`: as `ok`, so late that hardly any time is left to record it
 * - `error`: 500
 * - `redirect`: 302
 * - `hang`: no answer within 30 s
 * - `unreachable`: the connection is refused
 * - `private`: its name leads to an address that is refused
 */
export const ANSWERS = [
  'ok',
  'wrong',
  'slow',
  'crawl',
  'error',
  'redirect',
  'hang',
  'unreachable',
  'private',
] as const;
export type Answer = (typeof ANSWERS)[number];

export interface WebhookSpec {
  readonly account: number;
  readonly events: (typeof SUBSCRIPTIONS)[number];
  /** `sealed_elsewhere`: active, but its secret does not open. */
  readonly state: 'active' | 'disabled' | 'pending' | 'unreadable' | 'sealed_elsewhere';
  /** The dispatcher already knows that it hangs. */
  readonly markedSlow: boolean;
  readonly answers: Answers;
  /** How the URL answers that `repoint` gives it. */
  readonly answersElsewhere: Answers;
}

/** Patterns, with a comma between. The last one also hears of its own failures. */
export const SUBSCRIPTIONS = [
  '*',
  'file.*',
  'file.uploaded',
  'webhook.*',
  'webhook.retry',
  '*,webhook.*',
] as const;
export const EVENT_TYPES = ['file.uploaded', 'file.deleted', 'user.subscribed'] as const;
/** Queues that a person may move exhausted messages to. */
export const REDRIVE_TARGETS = ['first', 'retry1', 'slow'] as const;
export const POISONS = ['text', 'other version', 'missing field'] as const;

/** What people and publishers do. `at`: milliseconds from the start. */
export type Step = { readonly at: number } & (
  | {
      readonly do: 'publish';
      readonly account: number;
      /** The publisher's id is `evt_<event>`: published again, it is the same event. */
      readonly event: number;
      readonly type: (typeof EVENT_TYPES)[number];
      readonly body: number;
    }
  /** An event that can never be dispatched. */
  | { readonly do: 'publish_invalid'; readonly account: number }
  /** `repoint_again`: to the URL that was asked for last. */
  | {
      readonly do:
        | 'create'
        | 'disable'
        | 'enable'
        | 'delete'
        | 'repoint'
        | 'repoint_again'
        | 'verify'
        | 'test';
      readonly webhook: number;
    }
  /** The item or the secret of a webhook is damaged by somebody else. */
  | { readonly do: 'break_item' | 'break_secret'; readonly webhook: number }
  | { readonly do: 'redrive'; readonly to: (typeof REDRIVE_TARGETS)[number] }
  | {
      readonly do: 'poison';
      readonly queue: (typeof REDRIVE_TARGETS)[number];
      readonly as: (typeof POISONS)[number];
    }
);

/** The services that may fail, with the actions that the functions and their pollers use. */
export const FAILING_CALLS = [
  'dynamodb.Query',
  'dynamodb.PutItem',
  'dynamodb.GetItem',
  'dynamodb.UpdateItem',
  'dynamodb.BatchGetItem',
  'dynamodb.BatchWriteItem',
  'kms.Decrypt',
  'events.PutEvents',
  'sqs.SendMessageBatch',
  'sqs.SendMessage',
  'sqs.ReceiveMessage',
  'sqs.DeleteMessageBatch',
  'sqs.ChangeMessageVisibilityBatch',
  'sqs.GetQueueAttributes',
  'sqs.DeleteMessage',
] as const;
export type FailingCall = (typeof FAILING_CALLS)[number];

/**
 * - `refuse`: it fails without effect, as a throttled call does
 * - `cut`: it takes effect, but its answer is lost
 * - `partial`: some of its entries fail, or are left unprocessed
 * - `late`: it takes effect after `delayMs`
 * - `answer_late`: it takes effect at once, and the answer comes after `delayMs`
 * - `kill_before`, `kill_after`: the environment that calls dies
 */
export const CALL_EFFECTS = [
  'refuse',
  'cut',
  'partial',
  'late',
  'answer_late',
  'kill_before',
  'kill_after',
] as const;
export type CallEffect = (typeof CALL_EFFECTS)[number];

/** What goes wrong. The nth of its kind counts from 1, over the whole run. */
export type Fault =
  | {
      readonly fault: 'call';
      readonly call: FailingCall;
      readonly nth: number;
      /** How many in a row. */
      readonly times: number;
      readonly effect: CallEffect;
      readonly delayMs: number;
    }
  /** The environment dies before its nth POST is out, or after the endpoint has answered. */
  | { readonly fault: 'post'; readonly nth: number; readonly effect: 'kill_before' | 'kill_after' }
  /** The nth run dies so long after it began, if it has not ended by then. */
  | { readonly fault: 'kill'; readonly nth: number; readonly afterMs: number }
  /** A service is down. `slowly`: calls hang for a while before they fail. */
  | {
      readonly fault: 'down';
      readonly service: 'dynamodb' | 'kms' | 'events' | 'sqs';
      readonly from: number;
      readonly forMs: number;
      readonly slowly: boolean;
    }
  /** Queues say of themselves that many messages wait: their counts lag behind. */
  | { readonly fault: 'stale_counts' }
  /** A connection that is open while its environment is frozen breaks after a minute. */
  | { readonly fault: 'frozen_connections_break' }
  /** The nth invocation is refused for want of concurrency: it never starts. */
  | { readonly fault: 'throttle'; readonly nth: number }
  /** The nth message that SQS hands out is handed out once more, as if for the first time. */
  | { readonly fault: 'copy'; readonly nth: number; readonly afterMs: number }
  /** The bus delivers the nth event twice. */
  | { readonly fault: 'bus_twice'; readonly nth: number; readonly afterMs: number }
  /** The bus cannot invoke the dispatcher for the nth event. */
  | { readonly fault: 'bus_cannot_invoke'; readonly nth: number };
