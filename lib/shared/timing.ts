import { Duration } from 'aws-cdk-lib/core';

/** Longer than the deadline of 30 s of a POST, with time for the work before and after it. */
export const FUNCTION_TIMEOUT = Duration.seconds(60);

/**
 * How long a message is invisible after a receive: two function timeouts. A function returns unfinished messages before
 * its timeout. AWS recommends six function timeouts, which would only delay the messages of an invocation that was
 * killed. The sender relies on the factor of two.
 */
export const VISIBILITY_TIMEOUT = Duration.seconds(2 * FUNCTION_TIMEOUT.toSeconds());

/** Below the integration timeout of an HTTP API, which is 30 s. */
export const API_FUNCTION_TIMEOUT = Duration.seconds(29);
