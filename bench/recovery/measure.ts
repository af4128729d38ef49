import { setTimeout as wait } from 'node:timers/promises';
import { parseWebhookId } from '../../lambdas/shared/domain/ids.ts';
import { createApiKeyStore } from '../../lambdas/shared/store/api-keys.ts';
import { patchAssembly, type Template } from '../../local/assembly/patch.ts';
import { ADMINISTRATOR } from '../../local/aws-calls.ts';
import type { Cloud } from '../../local/cloud.ts';
import type { AddedFault } from '../../local/faults/fault-registry.ts';
import { createInProcessClient } from '../../local/in-process-client.ts';
import { createRandom } from '../../measurement/random.ts';
import { checkArrivals } from '../shared/arrivals.ts';
import { type CallCount, countCalls } from '../shared/count-calls.ts';
import type { Receipt } from '../shared/endpoints.ts';
import { shortFunctionNames } from '../shared/lambda-seconds.ts';
import { type LoadedCloud, startLoadedCloud } from '../shared/loaded-cloud.ts';
import { remainingMessages } from '../shared/remaining-messages.ts';
import { createRecoveryApi, type Range, type RecoveryApi, type RecoveryView } from './recovery-api.ts';
import { storeDeliveries } from './store-deliveries.ts';

const HOUR_MS = 3_600_000;
const VISIBILITY_SECONDS = 30;
const CHECK_EVERY_MS = 500;
/** While runs are killed, this share of them is not. */
const NOT_KILLED_SHARE = 0.3;
const MAX_KILL_AFTER_MS = 2_000;
/** The last messages are redelivered after at most 120 s. */
const DRAIN_LIMIT_MS = 300_000;

/** A part of the local cloud's report of an environment that was killed. */
const KILLED = 'Runtime.ExitError';

export interface RecoveryMeasurement {
  readonly deliveries: number;
  /** The recovery that was stopped, and the one that recovered the remaining deliveries. */
  readonly recoveries: readonly RecoveryView[];
  /** Runs of the recovery's function that were killed before they ended. */
  readonly killed: number;
  /** Runs of the recovery's function, the killed ones included. */
  readonly runs: number;
  /** From the first request to the last result. */
  readonly seconds: number;
  readonly calls: readonly CallCount[];
  readonly arrivals: Arrivals;
  /** Why the figures are not valid. Empty when they are. */
  readonly failures: readonly string[];
}

/** Numbers of deliveries. */
export interface Arrivals {
  readonly arrived: number;
  readonly lost: number;
  readonly repeated: number;
}

export interface RecoverySettings {
  readonly assemblyDirectory: string;
  readonly deliveries: number;
  readonly kills: number;
  readonly seed: number;
  readonly answerMs: number;
  readonly onProgress: (text: string) => void;
}

export async function measureRecovery(settings: RecoverySettings): Promise<RecoveryMeasurement> {
  const { deliveries, answerMs, onProgress } = settings;
  const assembly = await patchAssembly(settings.assemblyDirectory, redeliverSoon);
  const assemblyDirectory = assembly.directory;
  const loaded = await startLoadedCloud({ assemblyDirectory, endpoints: 1, answerMs, accounts: [[0]] });
  try {
    const { cloud, endpoints } = loaded;
    const [accountId] = loaded.accounts;
    if (accountId === undefined) throw new Error('there is no account');
    const api = createRecoveryApi(cloud.apiUrl, await createKey(cloud, accountId));
    const webhookId = parseWebhookId(await api.webhookId());
    if (webhookId === undefined) throw new Error('the webhook has no valid id');
    const since = Date.now() - HOUR_MS;
    await storeDeliveries(cloud, { accountId, webhookId, count: deliveries, since });
    const range = { webhookId, since: new Date(since).toISOString() };
    const { count, at_least: isPart } = await api.count(range);
    onProgress(`${deliveries} are stored; a dry run counts ${isPart === true ? 'at least ' : ''}${count}`);

    await endpoints.takeReceipts();
    cloud.meter.reset();
    const kills = killRuns(cloud, settings);
    const startedAt = Date.now();
    const { stopped, done, receipts } = await recoverInTwo(loaded, api, range, settings);
    const seconds = (Date.now() - startedAt) / 1_000;
    const unfinished = await untilDrained(loaded);
    receipts.push(...(await endpoints.takeReceipts()));
    const remaining = await api.count(range);

    const expected = Array.from({ length: deliveries }, (_, number) => ({ number, endpoints: [0] }));
    const snapshot = cloud.meter.snapshot();
    const { name: recoverer } = cloud.findFunction('RecoverDeliveries').settings;
    return {
      deliveries,
      recoveries: [stopped, done],
      killed: kills.killed(),
      runs: snapshot.functions.find(({ functionName }) => functionName === recoverer)?.invocations ?? 0,
      seconds,
      calls: countCalls(snapshot, functionNames(cloud)),
      arrivals: arrivalsOf(deliveries, receipts),
      failures: [
        ...checkArrivals(expected, receipts),
        ...unfinished,
        ...(kills.killed() === 0 && settings.kills > 0 ? ['no run was killed'] : []),
        ...(stopped.status === 'stopped' ? [] : [`the first recovery is ${stopped.status}`]),
        ...(done.status === 'done' ? [] : [`the second recovery is ${done.status}: ${done.reason}`]),
        ...(remaining.count === 0 ? [] : [`${remaining.count} deliveries are not repeated`]),
      ],
    };
  } finally {
    await loaded.close();
    await assembly.remove();
  }
}

/** Stops a recovery when half is enqueued, and follows another one until it ends. */
async function recoverInTwo(
  { endpoints }: LoadedCloud,
  api: RecoveryApi,
  range: Range,
  { deliveries, onProgress }: RecoverySettings,
): Promise<{ readonly stopped: RecoveryView; readonly done: RecoveryView; readonly receipts: Receipt[] }> {
  const receipts: Receipt[] = [];
  const follow = async (id: string, until: (recovery: RecoveryView) => boolean): Promise<RecoveryView> => {
    for (;;) {
      receipts.push(...(await endpoints.takeReceipts()));
      const recovery = await api.get(id);
      if (until(recovery)) return recovery;
      await wait(CHECK_EVERY_MS);
    }
  };

  const first = await api.start(range);
  await follow(first, ({ status, enqueued }) => status !== 'running' || enqueued >= deliveries / 2);
  const stopped = await api.stop(first);
  onProgress(`stopped after ${stopped.enqueued}; another recovery begins`);
  const second = await api.start(range);
  const done = await follow(second, ({ status }) => status !== 'running');
  return { stopped, done, receipts };
}

function functionNames(cloud: Cloud): ReadonlyMap<string, string> {
  return new Map<string, string>([
    ...shortFunctionNames(cloud),
    [cloud.findFunction('RecoverDeliveries').settings.name, 'recovery'],
    [cloud.findFunction('ServeApi').settings.name, 'api'],
  ]);
}

/** The message of a killed run is redelivered after its visibility timeout, which is 120 s when deployed. */
function redeliverSoon({ Resources }: Template): void {
  for (const [id, { Type, Properties }] of Object.entries(Resources)) {
    if (Type === 'AWS::SQS::Queue' && id.includes('Recoveries'))
      Properties.VisibilityTimeout = VISIBILITY_SECONDS;
  }
}

async function createKey(cloud: Cloud, accountId: LoadedCloud['accounts'][number]): Promise<string> {
  const dynamodb = createInProcessClient(cloud.calls, ADMINISTRATOR, 'dynamodb');
  const apiKeys = createApiKeyStore({ dynamodb, tableName: cloud.outputs.WebhooksTableName ?? '' });
  return (await apiKeys.create(accountId, 'bench', Date.now())).key;
}

/**
 * Kills the environment of the recovery's function in some of its runs, each at a random moment after its start, if the
 * run has not ended by then.
 */
function killRuns(cloud: Cloud, { kills, seed }: RecoverySettings): { readonly killed: () => number } {
  const random = createRandom(seed);
  const faults: AddedFault[] = [];
  for (let run = 1; faults.length < kills; run++) {
    if (random() < NOT_KILLED_SHARE) continue;
    const afterMs = Math.round(random() * MAX_KILL_AFTER_MS);
    faults.push(
      cloud.faults.add({ fault: 'kill', function: 'RecoverDeliveries', afterMs, when: { from: run } }),
    );
  }
  return { killed: () => faults.reduce((total, { fired }) => total + fired, 0) };
}

function arrivalsOf(deliveries: number, receipts: readonly Receipt[]): Arrivals {
  const times = Map.groupBy(receipts, ({ number }) => number);
  const repeated = [...times.values()].filter(({ length }) => length > 1).length;
  return { arrived: times.size, lost: deliveries - times.size, repeated };
}

/**
 * Waits until every queue is empty. Resolves to a text for each queue that is not empty at the time limit, and for each
 * problem other than a kill.
 */
async function untilDrained({ cloud, problems }: LoadedCloud): Promise<string[]> {
  const giveUpAt = Date.now() + DRAIN_LIMIT_MS;
  while (remainingMessages(cloud).length > 0 && Date.now() < giveUpAt) await wait(CHECK_EVERY_MS);
  return [...remainingMessages(cloud), ...problems.filter((problem) => !problem.includes(KILLED))];
}
