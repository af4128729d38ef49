import { setTimeout as wait } from 'node:timers/promises';
import type { AccountId } from '../../lambdas/shared/domain/ids.ts';
import { ADMINISTRATOR } from '../../local/aws-calls.ts';
import type { Cloud } from '../../local/cloud.ts';
import { createRandom, drawGapMs } from '../../measurement/random.ts';

/** EventBridge quota: entries of one PutEvents. */
const MAX_ENTRIES = 10;
/** Time between two checks for events that are due. */
const TICK_MS = 5;
/** Makes an event about 1 KiB long. */
const PADDING = 'x'.repeat(900);

export interface Rate {
  readonly eventsPerSecond: number;
  readonly seconds: number;
  /** The seed of the random accounts and of the random times between events. */
  readonly seed: number;
}

/** Publishes events, numbered from 0 over the life of the publisher. */
export interface Publisher {
  /** Publishes one event for each of these accounts at once, ten in each PutEvents. Resolves to their numbers. */
  burst(accounts: readonly AccountId[]): Promise<number[]>;
  /**
   * Publishes events as a Poisson process, each for an account that is drawn with equal probability, also while
   * earlier events are not delivered. Events that are due at the same time share a PutEvents. Resolves to the index
   * of each event's account, by the event's number.
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
