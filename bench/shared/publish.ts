import { setTimeout as wait } from 'node:timers/promises';
import { createRandom, drawGapMs } from '../../figures/random.ts';
import type { AccountId } from '../../lambdas/shared/domain/ids.ts';
import { ADMINISTRATOR } from '../../local/aws-calls.ts';
import type { Cloud } from '../../local/cloud.ts';

/** EventBridge: entries of one PutEvents. */
const MAX_ENTRIES = 10;
/** Between two checks of what is due. */
const TICK_MS = 5;
/** So that an event, with its names, has about 1 KiB. */
const PADDING = 'x'.repeat(900);

export interface Rate {
  readonly eventsPerSecond: number;
  readonly seconds: number;
  /** Selects another sequence of random accounts and gaps. */
  readonly seed: number;
}

/** Publishes events, numbered from 0 over the life of the publisher. */
export interface Publisher {
  /** One event for each of these accounts, as fast as possible, ten with each PutEvents. Resolves to their numbers. */
  burst(accounts: readonly AccountId[]): Promise<number[]>;
  /**
   * Open loop: events are independent of each other, each for an account that is drawn evenly. Events that
   * are due at the same time share a PutEvents. Resolves to the index of each event's account, by number.
   */
  atRate(accounts: readonly AccountId[], rate: Rate): Promise<Map<number, number>>;
}

export function createPublisher(cloud: Cloud): Publisher {
  let published = 0;

  const put = async (accounts: readonly AccountId[]): Promise<number[]> => {
    const numbers = accounts.map(() => published++);
    const Entries = accounts.map((account, index) => ({
      EventBusName: cloud.outputs.EventBusName,
      Source: 'bench',
      DetailType: 'ppt.generation.completed',
      Detail: JSON.stringify({
        account_id: account,
        data: { number: numbers[index], published_at: Date.now(), padding: PADDING },
      }),
    }));
    const call = { principal: ADMINISTRATOR, service: 'events', action: 'PutEvents' } as const;
    await cloud.calls.call({ ...call, input: { Entries } });
    return numbers;
  };

  const burst = async (accounts: readonly AccountId[]): Promise<number[]> => {
    const numbers: number[] = [];
    for (let start = 0; start < accounts.length; start += MAX_ENTRIES) {
      numbers.push(...(await put(accounts.slice(start, start + MAX_ENTRIES))));
    }
    return numbers;
  };

  return {
    burst,
    async atRate(accounts, { eventsPerSecond, seconds, seed }) {
      const random = createRandom(seed);
      const beganAt = Date.now();
      const indexes = new Map<number, number>();
      let nextMs = drawGapMs(random, eventsPerSecond);
      while (nextMs < seconds * 1000) {
        const due: number[] = [];
        while (nextMs < Math.min(seconds * 1000, Date.now() - beganAt)) {
          due.push(Math.floor(random() * accounts.length));
          nextMs += drawGapMs(random, eventsPerSecond);
        }
        const numbers = await burst(due.flatMap((index) => accounts[index] ?? []));
        numbers.forEach((number, position) => {
          indexes.set(number, due[position] ?? 0);
        });
        await wait(TICK_MS);
      }
      return indexes;
    },
  };
}
