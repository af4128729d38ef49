import type { Fault } from './fault.ts';

/** What one run consists of: data, so that it can be printed, shrunk and kept as a regression. */
export interface Scenario {
  readonly webhooks: readonly WebhookSpec[];
  /** More webhooks of account 0 that answer 200: one event fans out to all of them. */
  readonly crowd: number;
  readonly actions: readonly UserAction[];
  readonly faults: readonly Fault[];
  /** Execution environments that each function may have at the same time. */
  readonly environments: number;
}

export const ACCOUNTS = 2;

/** How an endpoint answers the POSTs of one delivery, in their order; the last answer repeats. */
export type Answers = readonly [Answer, ...Answer[]];

/**
 * - `ok`: 200, and a challenge is echoed
 * - `wrong`: 200, and a challenge is answered with another text
 * - `stale`: 200, and a challenge is answered with the challenge of an earlier verification, if there was one
 * - `slow`: as `ok`, after 7 s
 * - `crawl`: as `ok`, so late that hardly any time is left to record it
 * - `error`: 500
 * - `redirect`: 302
 * - `hang`: no answer within 30 s
 * - `unreachable`: the connection is refused
 * - `private`: its name resolves to an address that is refused
 */
export const ANSWERS = [
  'ok',
  'wrong',
  'stale',
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
  /** `sealed_elsewhere`: active, but its secret cannot be opened. */
  readonly state: 'active' | 'disabled' | 'pending' | 'unreadable' | 'sealed_elsewhere';
  /** Whether the table marks it slow from the start. */
  readonly markedSlow: boolean;
  readonly answers: Answers;
  /** How the URLs answer that `repoint` gives it. */
  readonly answersElsewhere: Answers;
}

/** Patterns, separated by commas. The last one also receives events about its own failures. */
export const SUBSCRIPTIONS = [
  '*',
  'file.*',
  'file.uploaded',
  'webhook.*',
  'webhook.retry',
  '*,webhook.*',
] as const;
export const EVENT_TYPES = ['file.uploaded', 'file.deleted', 'user.subscribed'] as const;
/** Queues that an operator may redrive exhausted messages to. */
export const REDRIVE_TARGETS = ['first', 'retry1', 'slow'] as const;
export const POISONS = ['text', 'other version', 'missing field'] as const;

/**
 * What a customer asks of the API for a webhook that exists.
 * - `repoint`: a new URL
 * - `repoint_again`: the URL that was asked for last
 * - `repoint_back`: the URL that the webhook had at first
 * - `narrow`: from now on, events of one type only
 * - `widen`: from now on, events of all types
 */
export const REQUESTS_FOR_A_WEBHOOK = [
  'disable',
  'enable',
  'delete',
  'repoint',
  'repoint_again',
  'repoint_back',
  'narrow',
  'widen',
  'verify',
  'test',
] as const;
export const CUSTOMER_REQUESTS = ['create', ...REQUESTS_FOR_A_WEBHOOK] as const;
/** The only type that a webhook wants after `narrow`. */
export const NARROW_TYPE = 'user.subscribed' satisfies (typeof EVENT_TYPES)[number];
export type CustomerRequest = (typeof CUSTOMER_REQUESTS)[number];

/** What publishers, customers and operators do. `at`: milliseconds from the start. */
export type UserAction = { readonly at: number } & (
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
  | { readonly do: CustomerRequest; readonly webhook: number }
  /** Another program damages the item or the secret of a webhook. */
  | { readonly do: 'break_item' | 'break_secret'; readonly webhook: number }
  | { readonly do: 'redrive'; readonly to: (typeof REDRIVE_TARGETS)[number] }
  | {
      readonly do: 'poison';
      readonly queue: (typeof REDRIVE_TARGETS)[number];
      readonly as: (typeof POISONS)[number];
    }
);
