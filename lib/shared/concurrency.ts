import { delayQueues } from '../../lambdas/shared/domain/retry-schedule.ts';
import { accept, InputError, isRecord, isWholeNumber, type ParseResult, refuse, show } from './input.ts';
import { CONCURRENCY_OF_A_POLLER, type Pollers } from './pollers.ts';

/** The maximum concurrency of each event source: whole numbers from 2 to 1,000. */
export interface ConcurrencyOptions {
  /**
   * For first attempts.
   *
   * @default 300
   */
  readonly first?: number;
  /**
   * For each retry queue, and for the later queue.
   *
   * @default 50
   */
  readonly retry?: number;
  /**
   * For deliveries to endpoints that answer slowly.
   *
   * @default 100
   */
  readonly slow?: number;
  /**
   * For events that are dispatched.
   *
   * @default 100
   */
  readonly dispatch?: number;
}

export type Concurrency = Required<ConcurrencyOptions>;

/**
 * The defaults. With six retry queues and the later queue their sum is 850. An account has 1,000 by default, so that
 * 150 remain for the API, for recoveries and for other functions.
 */
export const CONCURRENCY = {
  /** 300 batches of 10 in progress: 10,000 deliveries a second to endpoints that answer in 0.3 s. */
  first: 300,
  /** For each retry queue, and for the later queue. */
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

/** The values that the operator gave. A name with the value undefined counts as not given. */
export function parseConcurrency(given: unknown): ParseResult<ConcurrencyOptions> {
  if (!isRecord(given)) return refuse(`it is ${show(given)}`);
  const parsed: { -readonly [Name in keyof Concurrency]?: number } = {};
  for (const [name, value] of Object.entries(given)) {
    if (!isName(name)) return refuse(`${show(name)} is not one of them`);
    if (value === undefined) continue;
    if (!isWholeNumber(value, MIN_MAXIMUM_CONCURRENCY, MAX_MAXIMUM_CONCURRENCY)) {
      return refuse(`concurrency.${name} is ${show(value)}`);
    }
    parsed[name] = value;
  }
  return accept(parsed);
}

function isName(name: string): name is keyof Concurrency {
  return Object.hasOwn(CONCURRENCY, name);
}

/** The values that the operator gave. Throws on a number that Lambda does not allow. */
export function readConcurrency(given: ConcurrencyOptions): ConcurrencyOptions {
  const result = parseConcurrency(given);
  if (result.ok) return result.value;
  throw new InputError(
    `concurrency: ${result.problem}; allowed are ${CONCURRENCY_RULE}, Lambda's limits for an SQS event source. Leave a name out for its default: ${JSON.stringify(CONCURRENCY)}.`,
  );
}

/** The sum of the maximum concurrencies of all event sources. */
export function totalConcurrency(
  { first, retry, slow, dispatch }: Concurrency,
  retryDelaysSeconds: readonly number[],
  pollers?: Pollers,
): number {
  const ofFirstLane = pollers === undefined ? first : pollers.maximum * CONCURRENCY_OF_A_POLLER;
  const ofRetryLane = retry * (delayQueues(retryDelaysSeconds).length + 1);
  return ofFirstLane + ofRetryLane + slow + dispatch;
}
