/** Seconds after which Lambda ends a function that a queue invokes. Above the 30 s that one attempt may take. */
export const FUNCTION_TIMEOUT_SECONDS = 60;

/**
 * Seconds that a message stays invisible after a receipt: two runs of the function. A run returns what it did not
 * finish before its own deadline, so the six runs that AWS advises would only delay the messages of a run that was
 * killed.
 */
export const VISIBILITY_TIMEOUT_SECONDS = 2 * FUNCTION_TIMEOUT_SECONDS;
