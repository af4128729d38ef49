import { setTimeout as wait } from 'node:timers/promises';
import type { AccountId } from '../../lambdas/shared/domain/ids.ts';
import type { Via } from '../bill/usage.ts';
import type { Expected } from '../shared/arrivals.ts';
import type { Receipt } from '../shared/endpoints.ts';
import type { LoadedCloud } from '../shared/loaded-cloud.ts';
import { createPublisher } from '../shared/publish.ts';
import type { ReceiveControl } from './receive-control.ts';
import type { FanOut, Scenario } from './scenarios.ts';

const CHECK_EVERY_MS = 20;
/** A delivery that has not arrived after this time is lost: a message is redelivered after at most 120 s. */
const LIMIT_MS = 180_000;

/** An account, all of whose webhooks subscribe to every event. */
export interface Customer {
  readonly fanOut: FanOut;
  readonly endpoints: readonly number[];
}

export interface Sent {
  readonly expected: readonly Expected[];
  readonly receipts: readonly Receipt[];
}

export interface Traffic {
  /** Publishes a scenario's events. Resolves when all deliveries have arrived, or after three minutes. */
  run(scenario: Scenario): Promise<Sent>;
}

export function createTraffic(deps: {
  readonly loaded: LoadedCloud;
  readonly receives: ReceiveControl;
  /** In the order of the loaded cloud's accounts. */
  readonly customers: readonly Customer[];
}): Traffic {
  const { loaded, receives, customers } = deps;
  const publisher = createPublisher(loaded.cloud);

  const accountsOf = (fanOut: FanOut): { id: AccountId; endpoints: readonly number[] }[] =>
    loaded.accounts.flatMap((id, index) => {
      const customer = customers[index];
      return customer?.fanOut === fanOut ? [{ id, endpoints: customer.endpoints }] : [];
    });

  /** Publishes this many events at once, for the accounts in turn. */
  const burst = async (fanOut: FanOut, events: number, via?: Via): Promise<Expected[]> => {
    const accounts = accountsOf(fanOut);
    const chosen = Array.from({ length: events }, (_, n) => accounts[n % accounts.length]).filter(
      (account) => account !== undefined,
    );
    const numbers = await publisher.burst(
      chosen.map(({ id }) => id),
      via,
    );
    return numbers.map((number, n) => ({ number, endpoints: chosen[n]?.endpoints ?? [] }));
  };

  const receive = async (expected: readonly Expected[]): Promise<Receipt[]> => {
    const deliveries = expected.reduce((total, { endpoints }) => total + endpoints.length, 0);
    const receipts: Receipt[] = [];
    const giveUpAt = Date.now() + LIMIT_MS;
    while (receipts.length < deliveries && Date.now() < giveUpAt) {
      await wait(CHECK_EVERY_MS);
      receipts.push(...(await loaded.endpoints.takeReceipts()));
    }
    return receipts;
  };

  return {
    async run({ fanOut, traffic }) {
      switch (traffic.kind) {
        case 'rounds': {
          receives.allowFullBatches();
          const sent: { expected: Expected[]; receipts: Receipt[] } = { expected: [], receipts: [] };
          for (let round = 0; round < traffic.rounds; round += 1) {
            const expected = await burst(fanOut, traffic.events, traffic.via);
            sent.expected.push(...expected);
            sent.receipts.push(...(await receive(expected)));
            await receives.untilIdle();
          }
          return sent;
        }
        case 'rate': {
          receives.allowAll();
          const accounts = accountsOf(fanOut);
          const published = await publisher.atRate(
            accounts.map(({ id }) => id),
            { ...traffic, seed: 1 },
          );
          const expected = [...published].map(([number, index]) => ({
            number,
            endpoints: accounts[index]?.endpoints ?? [],
          }));
          return { expected, receipts: await receive(expected) };
        }
        case 'backlog': {
          receives.blockAll();
          const expected = await burst(fanOut, traffic.events);
          await receives.drainQueuesInTurn(traffic.waitSeconds * 1000);
          return { expected, receipts: await receive(expected) };
        }
      }
    },
  };
}
