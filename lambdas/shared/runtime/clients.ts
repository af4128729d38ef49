import { NodeHttpHandler } from '@smithy/node-http-handler';

/** AWS usually responds within milliseconds, so a call that takes longer is retried. */
const REQUEST_TIMEOUT_MS = 2_000;
const CONNECTION_TIMEOUT_MS = 1_000;
/** The SDK's own default: one call and two retries, with jittered backoff. */
const MAX_ATTEMPTS = 3;

/**
 * Settings that all AWS clients of a function share: a keep-alive connection pool and timeouts for every request.
 * `maxSockets` must be at least the number of the function's concurrent calls.
 */
export function awsClientSettings(maxSockets: number): {
  requestHandler: NodeHttpHandler;
  maxAttempts: number;
} {
  return {
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      // Without this, the handler only logs a warning on a timeout.
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets },
      httpsAgent: { keepAlive: true, maxSockets },
    }),
  };
}
