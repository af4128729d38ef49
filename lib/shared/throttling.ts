import { isRecord, isWhole } from './input.ts';

export interface Throttling {
  /** Requests a second that the API serves in the long run, all customers together. */
  readonly requestsPerSecond: number;
  /** Requests that it serves at the same time. */
  readonly burst: number;
}

/**
 * Webhooks are changed rarely; the limit keeps one client's loop from using up what the others need. Both numbers
 * stay below what API Gateway gives an account in its smaller regions: 2,500 a second and a burst of 1,250.
 */
export const DEFAULT_THROTTLING: Throttling = { requestsPerSecond: 1_000, burst: 1_000 };

/** CloudFormation's integer. What an account really gets is a quota of API Gateway. */
const MAX_LIMIT = 2 ** 31 - 1;

export const LIMIT_RULE = `a whole number from 1 to ${MAX_LIMIT}`;

export function isLimit(value: unknown): value is number {
  return isWhole(value, 1, MAX_LIMIT);
}

export function isThrottling(value: unknown): value is Throttling {
  return (
    isRecord(value) &&
    Object.keys(value).every((name) => Object.hasOwn(DEFAULT_THROTTLING, name)) &&
    isLimit(value.requestsPerSecond) &&
    isLimit(value.burst)
  );
}
