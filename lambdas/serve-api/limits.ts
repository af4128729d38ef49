import type { RateLimit } from '../shared/store/rate-limits.ts';

/** Webhooks of one account, of any status: one event is dispatched to all of them in one invocation. */
export const MAX_WEBHOOKS = 1_000;

/**
 * Those of them that may subscribe to system events. Each failed attempt of each webhook is told to all of these:
 * without a limit of its own, one event would grow with the square of the account's webhooks.
 */
export const MAX_LISTENING_WEBHOOKS = 5;

/**
 * Every one of these calls makes this service send a request to an address of the caller's choice, so each is
 * bounded by account: enough for people and scripts, too little to probe other networks.
 */
export const CREATE_LIMIT: RateLimit = { name: 'create', count: 2 * MAX_WEBHOOKS, windowSeconds: 3_600 };
/** Challenges that are asked for again, and those of new URLs. */
export const VERIFY_LIMIT: RateLimit = { name: 'verify', count: 60, windowSeconds: 60 };
export const TEST_LIMIT: RateLimit = { name: 'test', count: 60, windowSeconds: 60 };
