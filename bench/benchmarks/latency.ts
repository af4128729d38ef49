import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from '../../lambdas/shared/runtime/percentile.ts';
import { createPublisher } from '../shared/publish.ts';
import { atMost, withoutTarget } from '../shared/rows.ts';
import { type Batch, startUnitCloud, type UnitCloud } from '../shared/unit-cloud.ts';
import { checkNumbers } from '../shared/unit-rounds.ts';
import type { Benchmark } from '../suite/benchmark.ts';
import type { Ended } from '../units/function-protocol.ts';

const ACCOUNTS = 40;
const ORIGINS = 8;
const EVENTS_PER_SECOND = 200;
const SECONDS = 30;
const QUICK_SECONDS = 5;
/** Time before the measurement, in which V8 compiles the code. */
const WARM_UP_SECONDS = 5;
const QUICK_WARM_UP_SECONDS = 3;
const LIMIT_MS = 60_000;
const MAX_OWN_P99_MS = 15;

/** `ownMs` is the time in a function's own code, without the waits for AWS and for an environment. */
export interface Latencies {
  readonly ownMs: readonly number[];
  /** From publishing to the receipt, on the local cloud. */
  readonly totalMs: readonly number[];
  readonly failures: readonly string[];
}

export interface LatencyLoad {
  readonly eventsPerSecond: number;
  readonly seconds: number;
  readonly fanOut: number;
  readonly accounts: UnitCloud['accounts'];
  readonly padding?: number;
}

export const latency: Benchmark = {
  name: 'latency',
  measures: `time in the functions' own code from publishing to the receipt, at ${EVENTS_PER_SECOND} events a second`,
  hasExactRows: false,
  async run({ assemblyDirectory, quick }) {
    const accounts = Array.from({ length: ACCOUNTS }, (_, n) => [n % ORIGINS]);
    const units = await startUnitCloud({ assemblyDirectory, endpoints: ORIGINS, answerMs: 0, accounts });
    try {
      const load = { eventsPerSecond: EVENTS_PER_SECOND, fanOut: 1, accounts: units.accounts };
      await measureLatency(units, { ...load, seconds: quick ? QUICK_WARM_UP_SECONDS : WARM_UP_SECONDS });
      const measured = await measureLatency(units, { ...load, seconds: quick ? QUICK_SECONDS : SECONDS });
      const { ownMs, totalMs, failures } = measured;
      const format = (ms: number): string => `${ms.toFixed(1)} ms`;
      return {
        rows: [
          atMost('own code, p99', percentile(ownMs, 0.99), { limit: MAX_OWN_P99_MS, format }),
          withoutTarget('own code, median', format(percentile(ownMs, 0.5))),
          withoutTarget('with the emulators, median', format(percentile(totalMs, 0.5))),
          withoutTarget('with the emulators, p99', format(percentile(totalMs, 0.99))),
          withoutTarget('deliveries', String(ownMs.length)),
        ],
        failures,
      };
    } finally {
      await units.close();
    }
  },
};

/**
 * Publishes in an open loop: the next events do not wait for earlier ones. Own time of a delivery is the dispatcher's
 * whole invocation and the sender's until the receipt, each without the time in which an AWS call was open.
 */
export async function measureLatency(units: UnitCloud, load: LatencyLoad): Promise<Latencies> {
  const dispatched = new Map<number, number>();
  const stopDispatch = units.pump(units.dispatch, ({ records, ended }: Batch) => {
    const ownMs = ownTime(ended, ended.endedAt);
    for (const { body } of records) dispatched.set(numberIn(body), ownMs);
  });
  const batches: Batch[] = [];
  const stopSend = units.pump(units.send, (batch) => void batches.push(batch));
  const beganAt = performance.now();
  const monotonicOffset = Number(process.hrtime.bigint()) / 1e6 - beganAt;
  const publishedAt = new Map<number, number>();
  const publisher = createPublisher(units.cloud, (number) => {
    publishedAt.set(number, performance.now() + monotonicOffset);
  });
  const published = await publisher.atRate(load.accounts, { ...load, seed: 1 });
  const expected = published.size * load.fanOut;
  const receipts = [...(await units.receivers.take())];
  const giveUpAt = Date.now() + LIMIT_MS;
  while (receipts.length < expected && Date.now() < giveUpAt) {
    await wait(20);
    receipts.push(...(await units.receivers.take()));
  }
  await stopDispatch();
  await stopSend();
  receipts.push(...(await units.receivers.take()));

  // One process sends one batch after another: the time of a receipt identifies its batch.
  const batchAt = (ms: number): Ended | undefined =>
    batches.find(({ ended }) => ended.startedAt <= ms && ms <= ended.endedAt)?.ended;
  const ownMs: number[] = [];
  const totalMs: number[] = [];
  for (const { number, receivedAtMs } of receipts) {
    const ended = batchAt(receivedAtMs);
    const dispatchMs = dispatched.get(number);
    if (ended === undefined || dispatchMs === undefined) continue;
    ownMs.push(dispatchMs + ownTime(ended, receivedAtMs));
    totalMs.push(receivedAtMs - (publishedAt.get(number) ?? Number.NaN));
  }
  return {
    ownMs,
    totalMs,
    failures: checkNumbers(
      [...published.keys()],
      receipts.map(({ number }) => number),
      load.fanOut,
    ),
  };
}

/** Milliseconds from the start of an invocation until `until`, without those in which an AWS call was open. */
export function ownTime({ startedAt, waits }: Pick<Ended, 'startedAt' | 'waits'>, until: number): number {
  let own = until - startedAt;
  let covered = startedAt;
  for (const wait of waits.toSorted((a, b) => a.startedAt - b.startedAt)) {
    const from = Math.max(covered, wait.startedAt);
    const to = Math.min(until, wait.endedAt);
    if (to <= from) continue;
    own -= to - from;
    covered = to;
  }
  return own;
}

/** Reads the event's number from the text of a queue message. The quotes around its name may be escaped. */
function numberIn(text: string): number {
  return Number(/\\*"number\\*":(\d+)/.exec(text)?.[1] ?? Number.NaN);
}
