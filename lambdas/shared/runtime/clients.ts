import { NodeHttpHandler } from '@smithy/node-http-handler';

/** AWS answers within milliseconds; a call that takes longer is better tried again than waited for. */
const REQUEST_TIMEOUT_MS = 2_000;
const CONNECTION_TIMEOUT_MS = 1_000;
/** The SDK's own default: one call and two retries, with jittered backoff. */
const MAX_ATTEMPTS = 3;

/**
 * Settings that every AWS client of a function shares: one keep-alive connection pool, at least as large
 * as the function's own concurrency, and a bound on every request.
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
      // Without this the handler only warns when the time is up.
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets },
      httpsAgent: { keepAlive: true, maxSockets },
    }),
  };
}
