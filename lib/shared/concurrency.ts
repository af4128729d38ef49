/**
 * Invocations at once of each event source. Together they leave room in an account's 1,000 for the
 * dispatcher that the bus invokes, for the API, and for whatever else the account runs.
 */
export const CONCURRENCY = {
  /** 300 batches of 10 under way: 10,000 deliveries a second to endpoints that answer in 0.3 s. */
  first: 300,
  /** Of each retry queue. */
  retry: 50,
  /** 50 environments of 100 sockets each hold 5,000 hanging requests. */
  slow: 50,
  parked: 10,
} as const;
