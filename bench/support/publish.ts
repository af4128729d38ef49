import { setTimeout as wait } from 'node:timers/promises';
import type { AccountId } from '../../lambdas/shared/domain/ids.ts';
import { ADMINISTRATOR } from '../../local/calls.ts';
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

/** Open loop: events come independently of each other, each to an account that is drawn evenly. Resolves to their number. */
export async function publish(cloud: Cloud, accounts: readonly AccountId[], load: Load): Promise<number> {
  const random = createRandom(load.seed);
  const beginAt = Date.now();
  const endMs = load.seconds * 1000;
  let published = 0;
  let nextMs = drawGapMs(random, load.eventsPerSecond);
  while (nextMs < endMs) {
    const due: AccountId[] = [];
    while (nextMs < Math.min(endMs, Date.now() - beginAt)) {
      due.push(...accounts.slice(Math.floor(random() * accounts.length)).slice(0, 1));
      nextMs += drawGapMs(random, load.eventsPerSecond);
    }
    for (let start = 0; start < due.length; start += MAX_ENTRIES) {
      const entries = due.slice(start, start + MAX_ENTRIES).map((account, index) => ({
        EventBusName: cloud.outputs.EventBusName,
        Source: 'bench',
        DetailType: 'ppt.generation.completed',
        Detail: JSON.stringify({
          account_id: account,
          data: { number: published + start + index, published_at: Date.now(), padding: PADDING },
        }),
      }));
      await cloud.calls.call({
        principal: ADMINISTRATOR,
        service: 'events',
        action: 'PutEvents',
        input: { Entries: entries },
      });
    }
    published += due.length;
    await wait(TICK_MS);
  }
  return published;
}
