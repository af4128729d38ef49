import { Duration } from 'aws-cdk-lib/core';
import { FUNCTION_TIMEOUT_SECONDS, VISIBILITY_TIMEOUT_SECONDS } from '../../lambdas/shared/runtime/timing.ts';

/** The limit of every function that a queue invokes. */
export const FUNCTION_TIMEOUT = Duration.seconds(FUNCTION_TIMEOUT_SECONDS);

/** How long a message stays invisible after a receipt. */
export const VISIBILITY_TIMEOUT = Duration.seconds(VISIBILITY_TIMEOUT_SECONDS);

/** An HTTP API gives up after 30 s, whatever its function does. */
export const API_FUNCTION_TIMEOUT = Duration.seconds(29);
