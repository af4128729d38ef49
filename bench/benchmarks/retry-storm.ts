import { setTimeout as wait } from 'node:timers/promises';
import { formatTable } from '../../measurement/text-table.ts';
import { createReceiveControl } from '../calls/receive-control.ts';
import { type CallCount, countCalls } from '../shared/count-calls.ts';
import type { Receipt } from '../shared/endpoints.ts';
import { shortFunctionNames } from '../shared/lambda-seconds.ts';
import { startLoadedCloud } from '../shared/loaded-cloud.ts';
import { createPublisher } from '../shared/publish.ts';
import { remainingMessages } from '../shared/remaining-messages.ts';
import { atMost, withoutTarget } from '../shared/rows.ts';
import type { Benchmark } from '../suite/benchmark.ts';

const DELIVERIES = 10_000;
const QUICK_DELIVERIES = 400;
const ACCOUNTS = 100;
/** With more environments, an AWS call may take so long that the SDK repeats it and sends messages twice. */
const ENVIRONMENTS = 4;
/** Deliveries before the measurement, which start the environments. */
const WARM_UP_DELIVERIES = 200;
/** All first attempts fail, and the second attempts of every other event. */
const FAILED_ATTEMPTS = 2;
const CHECK_EVERY_MS = 50;
/** A message is redelivered after at most 120 s. A delivery that did not arrive within this time is lost. */
const LIMIT_MS = 240_000;

const MAX_CALLS_A_RETRY = 1.6;

export const retryStorm: Benchmark = {
  name: 'retries',
  measures:
    'AWS calls for each retry when all deliveries fail and then recover, and what is lost or repeated',
  hasExactRows: true,
  async run({ assemblyDirectory, quick, progress }) {
    const deliveries = quick ? QUICK_DELIVERIES : DELIVERIES;
    const loaded = await startLoadedCloud({
      assemblyDirectory,
      environments: ENVIRONMENTS,
      endpoints: ACCOUNTS,
      answerMs: 0,
      accounts: Array.from({ length: ACCOUNTS }, (_, endpoint) => [endpoint]),
    });
    const { cloud, endpoints, accounts } = loaded;
    const receives = createReceiveControl(cloud);
    try {
      receives.allowFullBatches();
      const publisher = createPublisher(cloud);
      const run = async (count: number): Promise<Retries> => {
        await receives.untilIdle();
        await endpoints.takeReceipts();
        cloud.meter.reset();
        const published = await publisher.burst(
          Array.from({ length: count }, (_, n) => accounts[n % ACCOUNTS]).filter((id) => id !== undefined),
        );
        const receipts: Receipt[] = [];
        const giveUpAt = Date.now() + LIMIT_MS;
        let delivered = 0;
        while (delivered < count && Date.now() < giveUpAt) {
          await wait(CHECK_EVERY_MS);
          const received = await endpoints.takeReceipts();
          delivered += received.filter(({ status }) => status === 200).length;
          receipts.push(...received);
        }
        await receives.untilIdle();
        return { published, receipts: [...receipts, ...(await endpoints.takeReceipts())] };
      };
      // A second retry waits for 5 s, which a quick run saves in the warm-up.
      endpoints.fail(quick ? 1 : FAILED_ATTEMPTS);
      await run(WARM_UP_DELIVERIES);
      endpoints.fail(FAILED_ATTEMPTS);
      progress('  warm');
      const { published, receipts } = await run(deliveries);
      const counts = countCalls(cloud.meter.snapshot(), shortFunctionNames(cloud)).filter(isCausedByRetry);
      const retries = receipts.filter(({ attempt }) => attempt > 1).length;
      const calls = counts.reduce((total, count) => total + count.calls, 0);
      const { lost, repeated } = checkDeliveries(published, receipts);
      return {
        rows: [
          { ...atMost('calls for each retry', calls / retries, { limit: MAX_CALLS_A_RETRY }), exact: true },
          { ...atMost('lost deliveries', lost, NONE), exact: true },
          { ...atMost('repeated attempts', repeated, NONE), exact: true },
          withoutTarget('deliveries, retries', `${deliveries}, ${retries}`),
        ],
        details: formatTable(
          {
            head: ['caller', 'action', 'calls for each retry'],
            rows: counts.map((count) => [count.caller, count.action, (count.calls / retries).toFixed(3)]),
            words: [0, 1],
          },
          'text',
        ),
        failures: [
          ...(lost === 0 ? [] : [`${lost} deliveries were lost`]),
          ...(repeated === 0 ? [] : [`${repeated} attempts were made more than once`]),
          ...remainingMessages(cloud),
          ...loaded.problems,
        ],
      };
    } finally {
      receives.allowAll();
      await loaded.close();
    }
  },
};

interface Retries {
  readonly published: readonly number[];
  readonly receipts: readonly Receipt[];
}

const NONE = { limit: 0, format: String };

/** Whether a call is caused by a retry: any call of the retry lane, or a send of the first lane to a retry queue. */
function isCausedByRetry({ caller, action }: CallCount): boolean {
  return caller === 'retry' || (caller === 'first' && action.startsWith('sqs:SendMessage'));
}

/** Deliveries without a successful attempt, and attempts that were received again. */
export function checkDeliveries(
  published: readonly number[],
  receipts: readonly Pick<Receipt, 'number' | 'attempt' | 'status'>[],
): { lost: number; repeated: number } {
  const delivered = new Set(receipts.filter(({ status }) => status === 200).map(({ number }) => number));
  const attempts = new Set(receipts.map(({ number, attempt }) => `${number} ${attempt}`));
  return {
    lost: published.filter((number) => !delivered.has(number)).length,
    repeated: receipts.length - attempts.size,
  };
}
