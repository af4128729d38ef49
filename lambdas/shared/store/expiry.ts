import { absent, anyOf, type Clause, isBefore } from './expressions.ts';
import { PARTITION_KEY, TTL_ATTRIBUTE } from './iam-attributes.ts';
import { type Item, numberOf } from './items.ts';
import { secondsOf } from './retention.ts';

/** DynamoDB may delete an expired item days later, so reads must check this. `now` is in milliseconds since 1970. */
export function hasExpired(item: Item, now: number): boolean {
  const expiresAt = numberOf(item[TTL_ATTRIBUTE]);
  return expiresAt !== undefined && expiresAt < secondsOf(now);
}

/** The condition of a write that may replace an item only after it has expired. */
export function isNewOrExpired(now: number): Clause {
  return anyOf(absent(PARTITION_KEY), isBefore(TTL_ATTRIBUTE, secondsOf(now)));
}
