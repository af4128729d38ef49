import { accept, InputError, isRecord, isWhole, type Reading, refuse, show } from './input.ts';
import { CONCURRENCY_OF_A_POLLER, type Pollers } from './pollers.ts';

/** The most invocations at once of each event source. */
export interface Concurrency {
  readonly first: number;
  /** Of each retry queue. */
  readonly retry: number;
  readonly slow: number;
  readonly dispatch: number;
}

/**
 * The defaults. With six retry queues their sum is 800, which leaves room in an account's 1,000 for the API and
 * for other functions.
 */
export const CONCURRENCY = {
  /** 300 batches of 10 in progress: 10,000 deliveries a second to endpoints that answer in 0.3 s. */
  first: 300,
  /** Of each retry queue. */
  retry: 50,
  /** 100 environments of 100 sockets each hold 10,000 hanging requests. */
  slow: 100,
  /** 100 batches of 10 events. */
  dispatch: 100,
} as const satisfies Concurrency;

/** Lambda quota: the maximum concurrency of an SQS event source. */
const MIN_MAXIMUM_CONCURRENCY = 2;
const MAX_MAXIMUM_CONCURRENCY = 1_000;

export const CONCURRENCY_RULE = `whole numbers from ${MIN_MAXIMUM_CONCURRENCY} to ${MAX_MAXIMUM_CONCURRENCY} for any of ${Object.keys(CONCURRENCY).join(', ')}`;

/** What the operator chose. A name that is undefined counts as left out. */
export function parseConcurrency(chosen: unknown): Reading<Partial<Concurrency>> {
  if (!isRecord(chosen)) return refuse(`it is ${show(chosen)}`);
  const parsed: { -readonly [Name in keyof Concurrency]?: number } = {};
  for (const [name, value] of Object.entries(chosen)) {
    if (!isName(name)) return refuse(`${show(name)} is none of them`);
    if (value === undefined) continue;
    if (!isWhole(value, MIN_MAXIMUM_CONCURRENCY, MAX_MAXIMUM_CONCURRENCY)) {
      return refuse(`concurrency.${name} is ${show(value)}`);
    }
    parsed[name] = value;
  }
  return accept(parsed);
}

function isName(name: string): name is keyof Concurrency {
  return Object.hasOwn(CONCURRENCY, name);
}

/** What the operator chose. Throws on a number that no event source can have. */
export function readConcurrency(chosen: Partial<Concurrency>): Partial<Concurrency> {
  const reading = parseConcurrency(chosen);
  if (reading.ok) return reading.value;
  throw new InputError(
    `concurrency: ${reading.problem}; allowed are ${CONCURRENCY_RULE}, Lambda's limits for an SQS event source. Leave a name out for its default: ${JSON.stringify(CONCURRENCY)}.`,
  );
}

/** All invocations at once that the event sources may cause together. */
export function totalConcurrency(
  { first, retry, slow, dispatch }: Concurrency,
  retries: number,
  pollers?: Pollers,
): number {
  const ofFirstLane = pollers === undefined ? first : pollers.maximum * CONCURRENCY_OF_A_POLLER;
  return ofFirstLane + retry * retries + slow + dispatch;
}
