import { Duration } from 'aws-cdk-lib/core';

/** Longer than the 30 s that one POST may take, with time for what comes before and after it. */
export const FUNCTION_TIMEOUT = Duration.seconds(60);

/**
 * How long a message stays invisible after a receipt: two runs of the function. A run returns what it did not finish
 * before its own deadline, so the six runs that AWS advises would only delay the messages of a run that was killed.
 * The sender relies on the factor of two.
 */
export const VISIBILITY_TIMEOUT = Duration.seconds(2 * FUNCTION_TIMEOUT.toSeconds());

/** An HTTP API gives up after 30 s, whatever its function does. */
export const API_FUNCTION_TIMEOUT = Duration.seconds(29);
