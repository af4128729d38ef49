import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseAccountId } from '../../../lambdas/shared/domain/ids.ts';
import { ADMINISTRATOR } from '../../../local/aws-calls.ts';
import { createCloud } from '../../../local/cloud.ts';
import { type Cost, costOf } from '../../../local/metering/cost.ts';
import { checkArrivals } from '../../shared/arrivals.ts';
import { type Receipt, startEndpoints } from '../../shared/endpoints.ts';
import { createPublisher } from '../../shared/publish.ts';
import { remainingMessages } from '../../shared/remaining-messages.ts';
import { synthesizeTextbook } from './synthesize.ts';

const ENVIRONMENTS = 12;
const ENDPOINTS = 100;
const CHECK_EVERY_MS = 20;
const LIMIT_MS = 180_000;
const WARM_UP_EVENTS = 24;

export interface TextbookRun {
  readonly fanOut: number;
  readonly deliveries: number;
  /** AWS calls for each delivery, including invocations. */
  readonly callsPerDelivery: number;
  readonly cost: Cost;
  readonly failures: readonly string[];
}

export interface TextbookSettings {
  readonly fanOut: number;
  readonly events: number;
  readonly answerMs: number;
  /** Events before the measurement, which start the environments. Default: 24. */
  readonly warmUpEvents?: number;
}

/** Runs the textbook pipeline on the local cloud, through the same meter as this project's stack. */
export async function measureTextbook(settings: readonly TextbookSettings[]): Promise<TextbookRun[]> {
  const directory = await mkdtemp(join(tmpdir(), 'webhook-fanout-textbook-'));
  try {
    const assemblyDirectory = synthesizeTextbook(directory);
    const runs: TextbookRun[] = [];
    for (const one of settings) runs.push(await run(assemblyDirectory, one));
    return runs;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function run(
  assemblyDirectory: string,
  { fanOut, events, answerMs, warmUpEvents = WARM_UP_EVENTS }: TextbookSettings,
): Promise<TextbookRun> {
  const problems: string[] = [];
  const endpoints = await startEndpoints({ count: ENDPOINTS, answerMs });
  const cloud = await createCloud({
    assemblyDirectory,
    maximumEnvironments: ENVIRONMENTS,
    onProblem: (problem) => problems.push(problem),
  });
  const account = parseAccountId('acct_textbook');
  if (account === undefined) throw new Error('acct_textbook is not a valid account id');
  try {
    for (let webhook = 0; webhook < fanOut; webhook += 1) {
      await cloud.calls.call({
        principal: ADMINISTRATOR,
        service: 'dynamodb',
        action: 'PutItem',
        input: {
          TableName: cloud.outputs.TableName,
          Item: {
            pk: { S: `WEBHOOKS#${account}` },
            sk: { S: `wh_${webhook}` },
            url: { S: endpoints.urls[webhook] ?? '' },
            secret: { S: 'the_customers_secret' },
            status: { S: 'active' },
          },
        },
      });
    }
    const dispatch = cloud.findFunction('Dispatch');
    // The target of the rule: EventBridge invokes the function once for each event.
    cloud.calls.use(async (call, next) => {
      const output = await next();
      if (call.action === 'PutEvents' && Array.isArray(call.input.Entries)) {
        for (const [index, entry] of call.input.Entries.entries()) {
          const { EventId } = (Array.isArray(output.Entries) ? output.Entries[index] : undefined) ?? {};
          void dispatch.invoke({
            id: EventId,
            'detail-type': entry.DetailType,
            time: new Date().toISOString(),
            detail: JSON.parse(entry.Detail),
          });
        }
      }
      return output;
    });
    const publisher = createPublisher(cloud);
    const publish = async (count: number): Promise<string[]> => {
      const numbers = await publisher.burst(Array.from({ length: count }, () => account));
      const expected = numbers.map((number) => ({
        number,
        endpoints: Array.from({ length: fanOut }, (_, webhook) => webhook),
      }));
      const receipts: Receipt[] = [];
      const giveUpAt = Date.now() + LIMIT_MS;
      const isIdle = (): boolean =>
        cloud.functions.every((fn) => fn.environments().every(({ busy }) => !busy)) &&
        remainingMessages(cloud).length === 0;
      const isComplete = (): boolean => receipts.length >= count * fanOut && isIdle();
      while (!isComplete() && problems.length === 0 && Date.now() < giveUpAt) {
        await wait(CHECK_EVERY_MS);
        receipts.push(...(await endpoints.takeReceipts()));
      }
      return checkArrivals(expected, receipts);
    };
    const warmUpFailures = await publish(warmUpEvents);
    cloud.meter.reset();
    const failures = await publish(events);
    const snapshot = cloud.meter.snapshot();
    const deliveries = events * fanOut;
    const calls = snapshot.calls.map(({ action, calls, entries }) =>
      action === 'PutEvents' ? entries : calls,
    );
    const invocations = snapshot.functions.map(({ invocations }) => invocations);
    return {
      fanOut,
      deliveries,
      callsPerDelivery: [...calls, ...invocations].reduce((total, count) => total + count, 0) / deliveries,
      cost: costOf(snapshot),
      failures: [...warmUpFailures, ...failures, ...remainingMessages(cloud), ...problems].map(
        (failure) => `textbook at fan-out ${fanOut}: ${failure}`,
      ),
    };
  } finally {
    await cloud.close();
    await endpoints.close();
  }
}
