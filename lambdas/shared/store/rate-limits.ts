import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { AccountId } from '../domain/ids.ts';
import { type Table, unlessRefused } from './client.ts';
import { decodeItem, encodeItem, type Item, numberOf } from './items.ts';
import { rateLimitKey } from './keys.ts';

/** At most `count` uses in each window. Windows begin at multiples of their length since 1970. */
export interface RateLimit {
  /** A constant of this code. Each name has its own counter. */
  readonly name: string;
  readonly count: number;
  readonly windowSeconds: number;
}

export type RateLimitResult =
  | {
      readonly ok: true;
      /** Uses that remain for the account in this window. */
      readonly remaining: number;
      /** Seconds until the window ends. */
      readonly resetSeconds: number;
    }
  | { readonly ok: false; readonly retryAfterSeconds: number };

export interface RateLimits {
  /** Counts one use, atomically, unless the limit of this window is reached. `now` is in milliseconds since 1970. */
  take(accountId: AccountId, limit: RateLimit, now: number): Promise<RateLimitResult>;
}

/**
 * Each account and limit has one item in the account's partition, which the next window reuses: no item must be
 * deleted. A use costs one write, and the first use of a window two.
 */
export function createRateLimits({ dynamodb, tableName }: Table): RateLimits {
  /** Resolves to the number used in the window, or to undefined when the condition does not hold. */
  const update = async (key: Record<string, unknown>, change: string, condition: string, values: Item) => {
    const updated = await unlessRefused(
      dynamodb.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: encodeItem(key),
          UpdateExpression: change,
          ConditionExpression: condition,
          ExpressionAttributeNames: { '#window': 'window_start', '#used': 'used' },
          ExpressionAttributeValues: encodeItem(values),
          ReturnValues: 'UPDATED_NEW',
        }),
      ),
      undefined,
    );
    return updated && (numberOf(decodeItem(updated.Attributes ?? {}).used) ?? 0);
  };

  return {
    async take(accountId, limit, now) {
      const key = { ...rateLimitKey(accountId, limit.name) };
      const nowSeconds = Math.floor(now / 1000);
      const window = nowSeconds - (nowSeconds % limit.windowSeconds);

      const hasRoom = '#window >= :window AND #used < :count';
      const countOne = () =>
        update(key, 'SET #used = #used + :one', hasRoom, {
          ':window': window,
          ':count': limit.count,
          ':one': 1,
        });
      const isOver = 'attribute_not_exists(#window) OR #window < :window';
      const beginWindow = () =>
        update(key, 'SET #window = :window, #used = :one', isOver, { ':window': window, ':one': 1 });

      // The last call is needed when another request has begun the window in between.
      const used = (await countOne()) ?? (await beginWindow()) ?? (await countOne());
      const secondsLeft = window + limit.windowSeconds - nowSeconds;
      return used === undefined
        ? { ok: false, retryAfterSeconds: secondsLeft }
        : { ok: true, remaining: limit.count - used, resetSeconds: secondsLeft };
    },
  };
}
