import { setTimeout as wait } from 'node:timers/promises';
import { ADMINISTRATOR } from '../../local/aws-calls.ts';
import { median } from '../../measurement/statistics.ts';
import { createPublisher } from '../shared/publish.ts';
import { atMost, withoutTarget } from '../shared/rows.ts';
import { startUnitCloud, type UnitCloud } from '../shared/unit-cloud.ts';
import type { Benchmark } from '../suite/benchmark.ts';
import type { State } from '../units/function-protocol.ts';

const SOCKETS = 500;
const ENDPOINTS = 100;
/** Samples of the process while all sockets hang, one a second. */
const SAMPLES = 10;
const QUICK_SAMPLES = 3;
const MIB = 1024 * 1024;
const MAX_MEMORY_MIB = 128;
const MAX_DELAY_MS = 20;
const LIMIT_MS = 25_000;

export const sockets: Benchmark = {
  name: 'sockets',
  measures: `memory and event-loop delay of an environment of the slow lane with ${SOCKETS} hung connections`,
  hasExactRows: false,
  async run({ assemblyDirectory, quick, progress }) {
    const accounts = Array.from({ length: ENDPOINTS }, (_, n) => [n]);
    const units = await startUnitCloud({ assemblyDirectory, endpoints: ENDPOINTS, answerMs: 0, accounts });
    try {
      const slow = await units.startUnit('SlowLane');
      const queue = units.cloud.queues.queues().find(({ name }) => name.includes('LanesSlow'));
      if (queue === undefined) throw new Error('there is no queue of the slow lane');
      const source = { queueUrl: queue.url, queueArn: queue.arn, unit: slow };

      // First attempts that succeed: V8 compiles the code, as in an environment in use.
      await enqueue(units, ENDPOINTS, queue.url);
      await units.runBatch(source, ENDPOINTS);
      const idle = await slow.state();
      await units.receivers.take();
      units.receivers.hang(true);
      await enqueue(units, SOCKETS, queue.url);
      const running = units.runBatch(source, SOCKETS);
      // A quick run ends the process while the attempts are open.
      running.catch(() => undefined);
      const open = await untilReceived(units, SOCKETS);
      await slow.state();
      const samples: State[] = [];
      for (let n = 0; n < (quick ? QUICK_SAMPLES : SAMPLES); n += 1) {
        await wait(1_000);
        samples.push(await slow.state());
      }
      progress(`  ${open} connections are open`);
      // The attempts end at their deadline, and their retries are enqueued.
      const batch = quick ? undefined : await running;
      const after = await slow.state();
      const memory = median(samples.map(({ rssBytes }) => rssBytes)) / MIB;
      const delay = Math.max(...samples.map(({ delayP99Ms }) => delayP99Ms));
      return {
        rows: [
          atMost(`memory at ${SOCKETS} hung connections`, memory, {
            limit: MAX_MEMORY_MIB,
            format: (mib) => `${mib.toFixed(0)} MiB`,
          }),
          atMost(`event-loop delay at ${SOCKETS} hung connections, p99`, delay, {
            limit: MAX_DELAY_MS,
            format: (ms) => `${ms.toFixed(1)} ms`,
          }),
          withoutTarget('memory before', `${(idle.rssBytes / MIB).toFixed(0)} MiB`),
          withoutTarget(
            quick ? 'highest memory' : 'highest memory until they had ended',
            `${(after.maxRssBytes / MIB).toFixed(0)} MiB`,
          ),
        ],
        failures: [
          ...(open === SOCKETS ? [] : [`${open} of ${SOCKETS} requests arrived`]),
          ...(quick || batch?.failed === 0 ? [] : [`${batch?.failed} messages were returned to the queue`]),
        ],
      };
    } finally {
      await units.close();
    }
  },
};

/** Publishes events and moves their deliveries from the first lane's queue to the slow lane's. */
async function enqueue(units: UnitCloud, count: number, slowQueueUrl: string): Promise<void> {
  const { cloud, accounts, dispatch, send } = units;
  const call = (action: string, input: Record<string, unknown>) =>
    cloud.calls.call({ principal: ADMINISTRATOR, service: 'sqs', action, input });
  await createPublisher(cloud).burst(
    Array.from({ length: count }, (_, n) => accounts[n % accounts.length]).filter((id) => id !== undefined),
  );
  let moved = 0;
  while (moved < count) {
    if ((await units.runBatch(dispatch, 10)) === undefined) await wait(2);
    const input = { QueueUrl: send.queueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] };
    const { Messages } = await call('ReceiveMessage', input);
    for (const { Body, ReceiptHandle, Attributes } of Array.isArray(Messages) ? Messages : []) {
      const group = Attributes?.MessageGroupId;
      await call('SendMessage', {
        QueueUrl: slowQueueUrl,
        MessageBody: Body,
        ...(group === undefined ? {} : { MessageGroupId: group }),
      });
      await call('DeleteMessage', { QueueUrl: send.queueUrl, ReceiptHandle });
      moved += 1;
    }
  }
}

async function untilReceived({ receivers }: UnitCloud, count: number): Promise<number> {
  const giveUpAt = Date.now() + LIMIT_MS;
  let received = 0;
  while (received < count && Date.now() < giveUpAt) {
    received += (await receivers.take()).length;
    await wait(50);
  }
  return received;
}
