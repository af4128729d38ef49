import type { FaultyCall } from '../local/faults/fault.ts';

/** The calls that fail: those that the functions and AWS's own pollers make. */
export const FAILING_CALLS = [
  'dynamodb:Query',
  'dynamodb:PutItem',
  'dynamodb:GetItem',
  'dynamodb:UpdateItem',
  'dynamodb:BatchGetItem',
  'dynamodb:BatchWriteItem',
  'kms:Decrypt',
  'events:PutEvents',
  'sqs:SendMessageBatch',
  'sqs:ReceiveMessage',
  'sqs:DeleteMessageBatch',
  'sqs:ChangeMessageVisibilityBatch',
] as const satisfies readonly FaultyCall[];
export type FailingCall = (typeof FAILING_CALLS)[number];

/**
 * The names of the local cloud's faults, and one more.
 * - `fail`: refused without effect, as a throttled call is
 * - `cut`: it takes effect, but its answer is lost
 * - `partial`: some of its entries fail, or are left unprocessed
 * - `delay`: it takes effect after `delayMs`
 * - `delay_answer`: it takes effect at once, and the answer comes after `delayMs`
 * - `kill_before`, `kill_after`: the environment that calls dies
 */
export const CALL_EFFECTS = [
  'fail',
  'cut',
  'partial',
  'delay',
  'delay_answer',
  'kill_before',
  'kill_after',
] as const;
export type CallEffect = (typeof CALL_EFFECTS)[number];

/** Effects on one matching call and on those that follow it. */
export type CallEffects = readonly [CallEffect, ...CallEffect[]];

/**
 * - `kill_before`: the environment dies before the request is sent
 * - `kill_open`: the environment dies while the endpoint answers
 * - `kill_after`: the environment dies when the endpoint has answered
 */
export const POST_EFFECTS = ['kill_before', 'kill_open', 'kill_after'] as const;

/** What goes wrong. The nth of its kind counts from 1, over the whole run. */
export type Fault =
  | {
      readonly fault: 'call';
      readonly call: FailingCall;
      /** Only calls on this table are counted. Default: all. */
      readonly on?: 'webhooks' | 'deliveries';
      /** The first call that fails; each further effect happens to the call after it. */
      readonly nth: number;
      readonly effects: CallEffects;
      readonly delayMs: number;
    }
  /** Of the POSTs to one webhook where `webhook` is given, otherwise of all. */
  | {
      readonly fault: 'post';
      readonly nth: number;
      readonly webhook?: number;
      readonly effect: (typeof POST_EFFECTS)[number];
    }
  /** The environment of the nth run dies after that time, if the run has not ended by then. */
  | { readonly fault: 'kill'; readonly nth: number; readonly afterMs: number }
  /** A service is down. `slowly`: calls wait for a while before they fail. */
  | {
      readonly fault: 'down';
      readonly service: 'dynamodb' | 'kms' | 'events' | 'sqs';
      readonly from: number;
      readonly forMs: number;
      readonly slowly: boolean;
    }
  /** The nth invocation is refused for lack of concurrency: it never starts. */
  | { readonly fault: 'throttle'; readonly nth: number }
  /** SQS delivers the nth message twice, the second time as if for the first time. */
  | { readonly fault: 'message_twice'; readonly nth: number; readonly afterMs: number }
  /** The bus delivers the nth event twice. */
  | { readonly fault: 'event_twice'; readonly nth: number; readonly afterMs: number }
  /** The bus cannot send the nth event to the events queue: it sends it to the rule's dead-letter queue. */
  | { readonly fault: 'bus_cannot_send'; readonly nth: number };
