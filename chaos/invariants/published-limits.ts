/** The published retry delays. Not imported from the functions on purpose: those could be wrong. */
export const RETRY_DELAYS_MS: readonly number[] = [1_000, 5_000, 30_000];
export const MAX_ATTEMPTS = 4;
/** The longest wait that an endpoint can request with `Retry-After`. */
export const MAX_RETRY_AFTER_MS = 900_000;
/** The longest delay of a queue. From the first longer one on, retries have no queue of their own. */
export const MAX_QUEUE_DELAY_MS = 900_000;
/** How long after its time a follow-up is overdue: the visibility timeout and the function timeout. */
export const FOLLOW_UP_MARGIN_MS = 180_000;
/** How many times a sender tries to write a record. */
export const RECORD_WRITES = 4;
