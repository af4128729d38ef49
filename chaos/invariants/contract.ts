/** The published schedule. It is written anew on purpose: the functions' own might be wrong. */
export const RETRY_DELAYS_MS: readonly number[] = [1_000, 5_000, 30_000];
export const MAX_ATTEMPTS = 4;
/** The follow-up of an attempt has been received and attempted by then: visibility and function timeout. */
export const FOLLOW_UP_MARGIN_MS = 180_000;
/** The write of a record is tried so often in place. */
export const RECORD_WRITES = 4;
