import type { DisableAfter } from '../lambdas/shared/domain/health.ts';
import type { Fault } from '../local/faults/fault.ts';
import type { UserAction } from './actions/user-action.ts';

/** The input of one run. It is data, so that it can be printed, made smaller and kept as a regression test. */
export interface Scenario {
  readonly webhooks: readonly WebhookSpec[];
  /** How many more webhooks account 0 has. They answer 200, so that one event has many deliveries. */
  readonly extraWebhooks: number;
  /** Whether account 0 has a listener that subscribes to all events. It must not change what webhooks receive. */
  readonly listens?: true;
  readonly actions: readonly UserAction[];
  readonly faults: readonly Fault[];
  /** When a failing webhook is disabled. Absent: the default, which no run reaches. */
  readonly disableAfter?: DisableAfter;
  /**
   * The dispatcher keeps lists of at least this many webhooks of an account while the account's version is the same.
   * Absent: the deployed number.
   */
  readonly keepListsFrom?: number;
  /** The most execution environments of one function at the same time. */
  readonly environments: number;
  /** Deployments of other code, in order of time. Absent: the same code all the time. */
  readonly deployments?: readonly Deployment[];
  /** The delay before each of the three retries. Default: the published ones. */
  readonly retryDelaysSeconds?: RetryDelays;
}

/** A deployment of code. Until its shift ends, invocations get the code before it and its own in turn. */
export interface Deployment {
  /** Milliseconds since the start. */
  readonly at: number;
  readonly shiftMs: number;
  /** The code of this project, or that of another version. */
  readonly to: 'this' | 'other';
}

export type RetryDelays = readonly [number, number, number];

/** How many accounts a scenario has. */
export const ACCOUNTS = 2;

export interface WebhookSpec {
  readonly account: number;
  readonly events: (typeof SUBSCRIPTIONS)[number];
  /**
   * - `pending`: its customer creates it at the start
   * - `unreadable`: its item in the table is damaged
   * - `sealed_elsewhere`: active, but its secret cannot be decrypted
   */
  readonly state: 'active' | 'disabled' | 'pending' | 'unreadable' | 'sealed_elsewhere';
  /** Whether the table marks it as slow from the start. */
  readonly markedSlow: boolean;
  readonly answers: Answers;
  /** Numbers of events to which it answers `ok` instead of `answers`. */
  readonly okEvents?: readonly number[];
  /** The answers at the URLs that `repoint` sets. */
  readonly answersElsewhere: Answers;
}

/** Event type patterns, separated by commas. The last one also matches events about the webhook's own failures. */
export const SUBSCRIPTIONS = [
  '*',
  'file.*',
  'file.uploaded',
  'webhook.*',
  'webhook.retry',
  '*,webhook.*',
] as const;

/** How an endpoint answers the POSTs of one delivery, in order. The last answer repeats. */
export type Answers = readonly [Answer, ...Answer[]];

/**
 * - `ok`: 200, and a challenge is echoed
 * - `wrong`: 200, and a challenge is answered with another text
 * - `stale`: 200, and a challenge is answered with the challenge of an earlier verification, if there was one
 * - `slow`: as `ok`, after 7 s
 * - `crawl`: as `ok`, after 29.5 s, so that the sender has little time to record it
 * - `error`: 500
 * - `busy`: 503, with a `Retry-After` of 20 s
 * - `throttled`: 429, with a `Retry-After` of 20 minutes, which is more than the deployed cap
 * - `redirect`: 302
 * - `gone`: 410
 * - `hang`: no answer within 30 s
 * - `unreachable`: the connection is refused
 * - `private`: its host name resolves to an address that is refused
 */
export const ANSWERS = [
  'ok',
  'wrong',
  'stale',
  'slow',
  'crawl',
  'error',
  'busy',
  'throttled',
  'redirect',
  'gone',
  'hang',
  'unreachable',
  'private',
] as const;
export type Answer = (typeof ANSWERS)[number];
