/** The default load of `npm run bench:isolation`. The simulator runs the same load. */
export const ISOLATION_LOAD = {
  endpoints: 100,
  /** Endpoints that hang from the onset on. */
  hanging: 5,
  /** The duration of a response of an endpoint that does not hang. */
  responseMs: 500,
  /** Environments of the first lane that the load needs. */
  neededEnvironments: 4,
  /** Each function may have this many times the needed environments. */
  headroom: 4,
  settleSeconds: 60,
  measuredSeconds: 30,
} as const;
