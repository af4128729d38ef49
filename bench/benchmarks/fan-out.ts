import { setTimeout as wait } from 'node:timers/promises';
import { formatTable } from '../../measurement/text-table.ts';
import { createReceiveControl, type ReceiveControl } from '../calls/receive-control.ts';
import { countCalls } from '../shared/count-calls.ts';
import { shortFunctionNames } from '../shared/lambda-seconds.ts';
import { type LoadedCloud, startLoadedCloud } from '../shared/loaded-cloud.ts';
import { createPublisher } from '../shared/publish.ts';
import { remainingMessages } from '../shared/remaining-messages.ts';
import { atMost, withoutTarget } from '../shared/rows.ts';
import type { Benchmark } from '../suite/benchmark.ts';

const WEBHOOKS = [250, 500, 1_000];
const ENDPOINTS = 50;
const CHECK_EVERY_MS = 10;
const LIMIT_MS = 180_000;
const MAX_CALLS_BEFORE_SENDING = 0.12;
/** Calls and bytes of 1,000 webhooks, over four times those of 250. A quadratic part would make it 4. */
const MAX_GROWTH = 1.1;

interface FanOutRun {
  readonly webhooks: number;
  readonly lastReceiptMs: number;
  /** Bytes of the messages to the first lane. */
  readonly queuedBytes: number;
  /** Calls of the publisher and of the dispatcher. */
  readonly callsBeforeSending: number;
  readonly failures: readonly string[];
}

export const fanOut: Benchmark = {
  name: 'fan-out',
  measures: 'one event for 1,000 webhooks: calls before sending, bytes queued, time to the last receipt',
  hasExactRows: false,
  async run({ assemblyDirectory, progress }) {
    const loaded = await startLoadedCloud({
      assemblyDirectory,
      endpoints: ENDPOINTS,
      answerMs: 0,
      accounts: WEBHOOKS.map((count) => Array.from({ length: count }, (_, n) => n % ENDPOINTS)),
    });
    try {
      const receives = createReceiveControl(loaded.cloud);
      const runs: FanOutRun[] = [];
      // The first event warms the environments up.
      await runOne(loaded, receives, 0);
      for (const index of WEBHOOKS.keys()) {
        runs.push(await runOne(loaded, receives, index));
        progress(`  ${WEBHOOKS[index]} webhooks: ${runs.at(-1)?.lastReceiptMs.toFixed(0)} ms`);
      }
      const [smallest, largest] = [runs[0], runs.at(-1)];
      if (smallest === undefined || largest === undefined) throw new Error('nothing was measured');
      const growth = (of: (run: FanOutRun) => number): number =>
        of(largest) / of(smallest) / (largest.webhooks / smallest.webhooks);
      return {
        rows: [
          atMost('calls a delivery before sending', largest.callsBeforeSending / largest.webhooks, {
            limit: MAX_CALLS_BEFORE_SENDING,
            format: (value) => value.toFixed(3),
          }),
          atMost(
            'growth of the calls over that of the webhooks',
            growth(({ callsBeforeSending }) => callsBeforeSending),
            { limit: MAX_GROWTH },
          ),
          atMost(
            'growth of the queued bytes over that of the webhooks',
            growth(({ queuedBytes }) => queuedBytes),
            { limit: MAX_GROWTH },
          ),
          withoutTarget('time to the last of 1,000 receipts', `${largest.lastReceiptMs.toFixed(0)} ms`),
          withoutTarget('bytes queued for 1,000 deliveries', `${Math.round(largest.queuedBytes / 1024)} KiB`),
        ],
        details: formatTable(
          {
            head: ['webhooks', 'calls before sending', 'KiB queued', 'ms to the last receipt'],
            rows: runs.map((run) => [
              String(run.webhooks),
              String(run.callsBeforeSending),
              (run.queuedBytes / 1024).toFixed(0),
              run.lastReceiptMs.toFixed(0),
            ]),
            words: [],
          },
          'text',
        ),
        failures: [...runs.flatMap(({ failures }) => failures), ...loaded.problems],
      };
    } finally {
      await loaded.close();
    }
  },
};

async function runOne(
  { cloud, endpoints, accounts }: LoadedCloud,
  receives: ReceiveControl,
  index: number,
): Promise<FanOutRun> {
  const account = accounts[index];
  const webhooks = WEBHOOKS[index] ?? 0;
  if (account === undefined) throw new Error(`there is no account ${index}`);
  await receives.untilIdle();
  await endpoints.takeReceipts();
  cloud.meter.reset();
  let queuedBytes = 0;
  const stopCounting = cloud.calls.use((call, next) => {
    if (call.action === 'SendMessageBatch' && Array.isArray(call.input.Entries)) {
      for (const { MessageBody } of call.input.Entries) queuedBytes += Buffer.byteLength(String(MessageBody));
    }
    return next();
  });
  const startedAt = Date.now();
  await createPublisher(cloud).burst([account]);
  const receipts = [...(await endpoints.takeReceipts())];
  while (receipts.length < webhooks && Date.now() < startedAt + LIMIT_MS) {
    await wait(CHECK_EVERY_MS);
    receipts.push(...(await endpoints.takeReceipts()));
  }
  await receives.untilIdle();
  receipts.push(...(await endpoints.takeReceipts()));
  stopCounting();
  const counts = countCalls(cloud.meter.snapshot(), shortFunctionNames(cloud));
  const before = counts.filter(
    ({ caller, counted }) => counted && ['publisher', 'dispatch'].includes(caller),
  );
  return {
    webhooks,
    lastReceiptMs: Math.max(...receipts.map(({ receivedAt }) => receivedAt)) - startedAt,
    queuedBytes,
    callsBeforeSending: before.reduce((total, { calls }) => total + calls, 0),
    failures: [
      ...(receipts.length === webhooks
        ? []
        : [`${receipts.length} requests arrived, expected ${webhooks} for ${webhooks} webhooks`]),
      ...remainingMessages(cloud),
    ],
  };
}
