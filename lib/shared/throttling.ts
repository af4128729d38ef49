import { isRecord, isWholeNumber } from './input.ts';

export interface Throttling {
  /** Sustained requests a second, for all customers together. */
  readonly requestsPerSecond: number;
  /** API Gateway's burst limit: requests that are accepted at once. */
  readonly burst: number;
}

/**
 * Customers rarely change webhooks. The limit prevents that one client's loop uses the account's whole quota. Both
 * numbers are below the quota of API Gateway in its smaller regions: 2,500 a second and a burst of 1,250.
 */
export const DEFAULT_THROTTLING: Throttling = { requestsPerSecond: 1_000, burst: 1_000 };

/** The largest integer of CloudFormation. The account's quota of API Gateway is usually lower. */
const MAX_LIMIT = 2 ** 31 - 1;

export const LIMIT_RULE = `a whole number from 1 to ${MAX_LIMIT}`;

export function isLimit(value: unknown): value is number {
  return isWholeNumber(value, 1, MAX_LIMIT);
}

export function isThrottling(value: unknown): value is Throttling {
  return (
    isRecord(value) &&
    Object.keys(value).every((name) => Object.hasOwn(DEFAULT_THROTTLING, name)) &&
    isLimit(value.requestsPerSecond) &&
    isLimit(value.burst)
  );
}
