import type { RateLimit } from '../shared/store/rate-limits.ts';

/** Webhooks of one account, of any status: one event is dispatched to all of them in one invocation. */
export const MAX_WEBHOOKS = 1_000;

/**
 * Webhooks of one account that subscribe to system events. Every failed attempt of every webhook is sent to all of
 * these: without this limit, one event could cause a number of requests that grows with the square of MAX_WEBHOOKS.
 */
export const MAX_SYSTEM_EVENT_WEBHOOKS = 5;

/**
 * Each of these calls makes this service send a request to an address that the caller chooses. The limits per account
 * are enough for people and scripts, and too low to probe other networks.
 */
export const CREATE_RATE_LIMIT: RateLimit = { name: 'create', count: 2 * MAX_WEBHOOKS, windowSeconds: 3_600 };
/** Repeated challenges, and challenges of new URLs. */
export const VERIFY_RATE_LIMIT: RateLimit = { name: 'verify', count: 60, windowSeconds: 60 };
/** One call reads up to 2,000 records, which may be a third of what a partition can read in a second. */
export const HEALTH_RATE_LIMIT: RateLimit = { name: 'health', count: 60, windowSeconds: 60 };
/**
 * Lists of deliveries with a filter, each of which examines up to 1,000 records and 4 MB, and lists of webhooks in the
 * order of attention, each of which reads all webhooks of the account. Other lists read little more than they return.
 */
export const SEARCH_RATE_LIMIT: RateLimit = { name: 'search', count: 120, windowSeconds: 60 };
/** Each reads up to 250 records of each of 20 webhooks. */
export const ACTIVITY_RATE_LIMIT: RateLimit = { name: 'activity', count: 60, windowSeconds: 60 };
export const TEST_RATE_LIMIT: RateLimit = { name: 'test', count: 60, windowSeconds: 60 };
/** Each rotation decrypts and encrypts secrets and writes the webhook's item, which every event of the account reads. */
export const ROTATE_RATE_LIMIT: RateLimit = { name: 'rotate', count: 60, windowSeconds: 60 };

/**
 * Secrets of one webhook that sign at the same time: the current one and four earlier ones. `webhook-signature` then has
 * 240 characters, and the item of the webhook at most 3 KB of secrets.
 */
export const MAX_LIVE_SECRETS = 5;
/** How long a replaced secret signs in addition to the new one. */
export const DEFAULT_GRACE_SECONDS = 86_400;
export const MAX_GRACE_SECONDS = 7 * 86_400;

/** Listeners of one account that have not expired. Each matching event is stored once for each of them. */
export const MAX_LISTENERS = 5;
/** Each stores an item that every event of the account reads, until the account creates another listener. */
export const LISTEN_RATE_LIMIT: RateLimit = { name: 'listen', count: 60, windowSeconds: 60 };
/**
 * Bodies of one page of a listener after its first delivery. A body is escaped twice, in the page and by Lambda, and may
 * then be four times as large; Lambda's limit for an answer is 6 MB.
 */
export const MAX_LISTENED_BYTES = 1024 * 1024;

/** Each stores an item, which is kept for a week, and two entries of the audit log. */
export const SESSION_RATE_LIMIT: RateLimit = { name: 'session', count: 60, windowSeconds: 60 };

/** Records of each webhook that an activity is counted from, in one read of at most 1 MB. */
export const MAX_ACTIVITY_RECORDS = 250;

/** Recoveries that a list examines. About 500 bytes each: at most 32 read units. An account can start 60 in an hour. */
export const MAX_LISTED_RECOVERIES = 250;

/** Each makes this service send a request to a verified address of the account. */
export const RESEND_RATE_LIMIT: RateLimit = { name: 'resend', count: 300, windowSeconds: 60 };
/** Each recovery reads all deliveries of its time, and repeats many of them. */
export const RECOVER_RATE_LIMIT: RateLimit = { name: 'recover', count: 60, windowSeconds: 3_600 };
/** Each reads at most 10,000 records. */
export const DRY_RUN_RATE_LIMIT: RateLimit = { name: 'preview', count: 30, windowSeconds: 60 };
