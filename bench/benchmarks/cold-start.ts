import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { buildSync } from 'esbuild';
import { BUNDLE_OPTIONS } from '../../build/functions.ts';
import { createApiKeyStore } from '../../lambdas/shared/store/api-keys.ts';
import { ADMINISTRATOR } from '../../local/aws-calls.ts';
import { requestEvent } from '../../local/http-api/request-event.ts';
import { median } from '../../measurement/statistics.ts';
import { formatTable } from '../../measurement/text-table.ts';
import { createPublisher } from '../shared/publish.ts';
import { atMost, withoutTarget } from '../shared/rows.ts';
import type { Unit } from '../shared/unit.ts';
import { type Batch, type Source, startUnitCloud, type UnitCloud } from '../shared/unit-cloud.ts';
import type { Benchmark } from '../suite/benchmark.ts';
import type { Ended } from '../units/function-protocol.ts';

const ROUNDS = 9;
const QUICK_ROUNDS = 3;
const KIB = 1024;

/** Targets: CPU time over that of the yardstick, and the bundle's size. */
const BUNDLES = [
  { name: 'dispatch', part: 'DispatchEvent', maxRatio: 0.75, maxKib: 350 },
  { name: 'send', part: 'FirstLane', maxRatio: 0.85, maxKib: 610 },
  { name: 'API', part: 'ServeApi', maxRatio: 0.7, maxKib: 480 },
] as const;
type BundleName = (typeof BUNDLES)[number]['name'] | 'yardstick';

interface ColdStart {
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Bytes of memory after the first call. */
  readonly rssBytes: number;
}

export const coldStart: Benchmark = {
  name: 'cold-start',
  measures:
    'import and first call of each bundle in a fresh process, over a bundle of the AWS SDK and undici only',
  hasExactRows: false,
  async run({ assemblyDirectory, quick, progress }) {
    const directory = await mkdtemp(join(tmpdir(), 'webhook-fanout-bare-'));
    const units = await startUnitCloud({ assemblyDirectory, endpoints: 1, answerMs: 0, accounts: [[0]] });
    try {
      buildSync({
        ...BUNDLE_OPTIONS,
        entryPoints: [fileURLToPath(new URL('../yardsticks/bare-sdk.ts', import.meta.url))],
        outfile: join(directory, 'index.mjs'),
      });
      const start = await createStarts(units, directory);
      const names: BundleName[] = ['yardstick', ...BUNDLES.map(({ name }) => name)];
      const rounds: Map<BundleName, ColdStart>[] = [];
      for (let round = 0; round < (quick ? QUICK_ROUNDS : ROUNDS); round += 1) {
        const starts = new Map<BundleName, ColdStart>();
        // The order alternates, so that a change of the machine's load affects all bundles.
        for (const name of round % 2 === 0 ? names : names.toReversed()) starts.set(name, await start(name));
        rounds.push(starts);
        progress(
          `  round ${round + 1}: yardstick ${starts.get('yardstick')?.cpuMs.toFixed(0)} ms of CPU time`,
        );
      }
      const of = (name: BundleName, figure: (start: ColdStart) => number): number[] =>
        rounds.map((starts) => figure(starts.get(name) ?? { cpuMs: NaN, wallMs: NaN, rssBytes: NaN }));
      const ratio = (name: BundleName, figure: (start: ColdStart) => number): number => {
        const yardstick = of('yardstick', figure);
        return median(of(name, figure).map((value, round) => value / (yardstick[round] ?? Number.NaN)));
      };
      const sizes = await Promise.all(
        BUNDLES.map(({ part }) => stat(join(units.cloud.findFunction(part).settings.directory, 'index.mjs'))),
      );
      return {
        rows: BUNDLES.flatMap(({ name, maxRatio, maxKib }, index) => [
          atMost(`${name}: CPU time of import and first call, over the yardstick`, ratio(name, cpuOf), {
            limit: maxRatio,
          }),
          withoutTarget(`${name}: wall-clock time, over the yardstick`, ratio(name, wallOf).toFixed(2)),
          atMost(`${name}: size of the bundle`, (sizes[index]?.size ?? Number.NaN) / KIB, {
            limit: maxKib,
            format: (kib) => `${kib.toFixed(0)} KiB`,
          }),
        ]),
        details: formatTable(
          {
            head: ['medians', 'CPU ms', 'wall-clock ms', 'MiB of memory'],
            rows: names.map((name) => [
              name,
              median(of(name, cpuOf)).toFixed(0),
              median(of(name, wallOf)).toFixed(0),
              (median(of(name, ({ rssBytes }) => rssBytes)) / KIB / KIB).toFixed(0),
            ]),
            words: [0],
          },
          'text',
        ),
        failures: [],
      };
    } finally {
      await units.close();
      await rm(directory, { recursive: true, force: true });
    }
  },
};

function cpuOf({ cpuMs }: ColdStart): number {
  return cpuMs;
}

function wallOf({ wallMs }: ColdStart): number {
  return wallMs;
}

/** Starts a fresh process of a bundle and runs its first event. */
async function createStarts(
  units: UnitCloud,
  yardstickDirectory: string,
): Promise<(name: BundleName) => Promise<ColdStart>> {
  const { cloud, receivers, accounts } = units;
  const [account] = accounts;
  if (account === undefined) throw new Error('there is no account');
  const publisher = createPublisher(cloud);
  const credentials = { accessKeyId: ADMINISTRATOR, secretAccessKey: ADMINISTRATOR };
  const dynamodb = new DynamoDBClient({ endpoint: cloud.awsEndpoint, region: cloud.region, credentials });
  const apiKeys = createApiKeyStore({ dynamodb, tableName: cloud.outputs.WebhooksTableName ?? '' });
  const { key } = await apiKeys.create(account, 'cold start', Date.now());
  dynamodb.destroy();

  const firstCallOf = async (name: BundleName, unit: Unit): Promise<Ended> => {
    switch (name) {
      case 'dispatch':
        await publisher.burst([account]);
        return (await nextBatch(units, { ...units.dispatch, unit })).ended;
      case 'send': {
        await publisher.burst([account]);
        await nextBatch(units, units.dispatch);
        return (await nextBatch(units, { ...units.send, unit })).ended;
      }
      case 'API':
        return unit.invoke(listRequest(key));
      case 'yardstick':
        return unit.invoke({
          tableName: cloud.outputs.WebhooksTableName,
          // Both tables have these key attributes.
          item: { pk: { S: 'BENCH' }, sk: { S: randomUUID() } },
          queueUrl: units.send.queueUrl,
          url: receivers.urls[0],
          body: JSON.stringify({ type: 'bench', data: { number: 0, padding: 'x'.repeat(900) } }),
        });
    }
  };

  return async (name) => {
    const part = BUNDLES.find((bundle) => bundle.name === name)?.part ?? 'FirstLane';
    const unit = await units.startUnit(
      part,
      name === 'yardstick' ? { name: ADMINISTRATOR, directory: yardstickDirectory } : {},
    );
    try {
      const ended = await firstCallOf(name, unit);
      const { rssBytes } = await unit.state();
      return {
        cpuMs: (unit.loaded.cpuUs + ended.cpuUs) / 1000,
        wallMs: unit.loaded.wallMs + ended.endedAt - ended.startedAt,
        rssBytes,
      };
    } finally {
      unit.close();
      await drain(units);
    }
  };
}

/** Waits for a message, which the bus sends after it has answered. */
async function nextBatch(units: UnitCloud, source: Source): Promise<Batch> {
  for (;;) {
    const batch = await units.runBatch(source, 1);
    if (batch !== undefined) return batch;
    await wait(1);
  }
}

/** Deletes the messages that the yardstick and the dispatcher sent to the first lane. */
async function drain({ cloud, send }: UnitCloud): Promise<void> {
  const call = { principal: ADMINISTRATOR, service: 'sqs' } as const;
  for (;;) {
    const input = { QueueUrl: send.queueUrl, MaxNumberOfMessages: 10 };
    const { Messages } = await cloud.calls.call({ ...call, action: 'ReceiveMessage', input });
    if (!Array.isArray(Messages) || Messages.length === 0) return;
    for (const { ReceiptHandle } of Messages) {
      const message = { QueueUrl: send.queueUrl, ReceiptHandle };
      await cloud.calls.call({ ...call, action: 'DeleteMessage', input: message });
    }
  }
}

/** A request for the account's webhooks, as API Gateway passes it. */
function listRequest(key: string): Record<string, unknown> {
  return requestEvent(
    {
      method: 'GET',
      url: '/v1/webhooks',
      httpVersion: '1.1',
      headersDistinct: { authorization: [`Bearer ${key}`], host: ['localhost'] },
      socket: { remoteAddress: '127.0.0.1' },
    },
    {
      ...{ accountId: '000000000000', apiId: 'bench', stageName: '$default', routeKey: 'GET /v1/webhooks' },
      ...{ pathParameters: undefined, requestId: randomUUID(), now: Date.now(), body: Buffer.alloc(0) },
    },
  );
}
