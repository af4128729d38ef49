/** Invocations at once of each event source. */
export interface Concurrency {
  readonly first: number;
  /** Of each retry queue. */
  readonly retry: number;
  readonly slow: number;
  /** Of the events queue. */
  readonly dispatch: number;
}

/** The defaults. Their sum leaves room in an account's 1,000 for the API and for the account's other functions. */
export const CONCURRENCY = {
  /** 300 batches of 10 under way: 10,000 deliveries a second to endpoints that answer in 0.3 s. */
  first: 300,
  /** Of each retry queue. */
  retry: 50,
  /** 50 environments of 100 sockets each hold 5,000 hanging requests. */
  slow: 50,
  /** 100 batches of 10 events at once: 10,000 events a second at 0.1 s for a batch. */
  dispatch: 100,
} as const satisfies Concurrency;

/** Lambda quota: the maximum concurrency of an SQS event source. */
const MIN_MAXIMUM_CONCURRENCY = 2;
const MAX_MAXIMUM_CONCURRENCY = 1_000;

/** The defaults with what the operator chose. Throws on a number that no event source can have. */
export function readConcurrency(chosen: Partial<Concurrency>): Concurrency {
  const concurrency = { ...CONCURRENCY, ...chosen };
  for (const [name, value] of Object.entries(concurrency)) {
    if (Number.isInteger(value) && value >= MIN_MAXIMUM_CONCURRENCY && value <= MAX_MAXIMUM_CONCURRENCY)
      continue;
    throw new Error(
      `concurrency.${name} is ${value}; allowed are whole numbers from ${MIN_MAXIMUM_CONCURRENCY} to ${MAX_MAXIMUM_CONCURRENCY}, Lambda's limits for an SQS event source. Leave it out for the default of ${Reflect.get(CONCURRENCY, name) ?? 'the lane'}.`,
    );
  }
  return concurrency;
}

/** All invocations at once that the event sources may cause together. */
export function totalConcurrency(concurrency: Concurrency, retries: number): number {
  const { first, retry, slow, dispatch } = concurrency;
  return first + retry * retries + slow + dispatch;
}
