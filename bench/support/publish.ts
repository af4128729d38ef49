import { setTimeout as wait } from 'node:timers/promises';
import type { AccountId } from '../../lambdas/shared/domain/ids.ts';
import { ADMINISTRATOR, type Json } from '../../local/calls.ts';
import type { Cloud } from '../../local/cloud.ts';
import { createRandom, drawGapMs } from '../../simulate/random.ts';

/** EventBridge: entries of one PutEvents. */
const MAX_ENTRIES = 10;
/** Between two looks at what is due. */
const TICK_MS = 5;
/** So that an event, with its names, has about 1 KiB. */
const PADDING = 'x'.repeat(900);

export interface Load {
  readonly eventsPerSecond: number;
  readonly seconds: number;
  /** Another draw of the same. */
  readonly seed: number;
}

/**
 * Open loop: events come independently of each other, each to an account that is drawn evenly. Resolves to
 * the index of each event's account, in the order of their numbers.
 */
export async function publish(
  cloud: Cloud,
  accounts: readonly AccountId[],
  { eventsPerSecond, seconds, seed }: Load,
): Promise<number[]> {
  const random = createRandom(seed);
  const beganAt = Date.now();
  const published: number[] = [];
  let nextMs = drawGapMs(random, eventsPerSecond);
  while (nextMs < seconds * 1000) {
    const entries: Json[] = [];
    for (
      ;
      nextMs < Math.min(seconds * 1000, Date.now() - beganAt);
      nextMs += drawGapMs(random, eventsPerSecond)
    ) {
      const index = Math.floor(random() * accounts.length);
      const number = published.push(index) - 1;
      const data = { number, published_at: Date.now(), padding: PADDING };
      entries.push({
        EventBusName: cloud.outputs.EventBusName,
        Source: 'bench',
        DetailType: 'ppt.generation.completed',
        Detail: JSON.stringify({ account_id: accounts[index], data }),
      });
    }
    for (let start = 0; start < entries.length; start += MAX_ENTRIES) {
      await cloud.calls.call({
        principal: ADMINISTRATOR,
        service: 'events',
        action: 'PutEvents',
        input: { Entries: entries.slice(start, start + MAX_ENTRIES) },
      });
    }
    await wait(TICK_MS);
  }
  return published;
}
