import { setTimeout as wait } from 'node:timers/promises';
import type { AccountId } from '../../lambdas/shared/domain/ids.ts';
import { createPublisher } from './publish.ts';
import type { UnitCloud } from './unit-cloud.ts';

/** Events of one step: few enough that all deliveries are sent while their signatures are fresh. */
const EVENTS_A_STEP = 50;
const DELIVERIES_A_STEP = 300;
/** The batch size of both functions. */
const BATCH = 10;
const CHECK_EVERY_MS = 2;
const LIMIT_MS = 30_000;

/** CPU time in microseconds of the two functions. */
export interface UnitRound {
  readonly events: number;
  readonly deliveries: number;
  readonly dispatchUs: number;
  readonly sendUs: number;
  readonly failures: readonly string[];
}

export interface RoundSettings {
  /** Events are published for these accounts in turn. All have the same fan-out. */
  readonly accounts: readonly AccountId[];
  readonly fanOut: number;
  readonly events: number;
  /** Additional bytes of `data`. */
  readonly padding?: number;
  /** Messages that a function receives at once. Default: 10. */
  readonly batch?: number;
}

/** Publishes events and runs both functions over them, in full batches of ten, and checks what arrived. */
export function createRounds(units: UnitCloud): (settings: RoundSettings) => Promise<UnitRound> {
  const publisher = createPublisher(units.cloud);
  return async ({ accounts, fanOut, events, padding, batch: size = BATCH }) => {
    const total = { dispatchUs: 0, sendUs: 0, deliveries: 0 };
    const failures: string[] = [];
    const step = Math.max(1, Math.min(EVENTS_A_STEP, Math.floor(DELIVERIES_A_STEP / fanOut)));
    for (let done = 0; done < events; done += step) {
      const count = Math.min(step, events - done);
      const chosen = Array.from({ length: count }, (_, n) => accounts[(done + n) % accounts.length]);
      const numbers = await publisher.burst(
        chosen.filter((id) => id !== undefined),
        'bus',
        padding,
      );
      await untilVisible(units, count);
      for (let batch = await units.runBatch(units.dispatch, size); batch !== undefined; ) {
        total.dispatchUs += batch.ended.cpuUs;
        batch = await units.runBatch(units.dispatch, size);
      }
      for (let batch = await units.runBatch(units.send, size); batch !== undefined; ) {
        total.sendUs += batch.ended.cpuUs;
        total.deliveries += batch.records.length;
        batch = await units.runBatch(units.send, size);
      }
      const receipts = (await units.receivers.take()).map(({ number }) => number);
      failures.push(...checkNumbers(numbers, receipts, fanOut));
    }
    return { events, ...total, failures };
  };
}

/** Each event must arrive once at each of its webhooks. */
export function checkNumbers(
  published: readonly number[],
  received: readonly number[],
  fanOut: number,
): string[] {
  const counts = Map.groupBy(received, (number) => number);
  return published
    .filter((number) => (counts.get(number)?.length ?? 0) !== fanOut)
    .map((number) => `event ${number} arrived ${counts.get(number)?.length ?? 0} times, expected ${fanOut}`)
    .slice(0, 3);
}

/** The bus sends events to the queue after it has answered. */
async function untilVisible({ cloud, dispatch }: UnitCloud, count: number): Promise<void> {
  const giveUpAt = Date.now() + LIMIT_MS;
  while (cloud.queues.counts(dispatch.queueUrl).visible < count) {
    if (Date.now() > giveUpAt) throw new Error(`fewer than ${count} events reached the events queue`);
    await wait(CHECK_EVERY_MS);
  }
}
