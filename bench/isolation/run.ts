import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from '../../figures/numbers.ts';
import type { Receipt } from '../shared/endpoints.ts';
import { between, type LambdaSeconds, readLambdaSeconds } from '../shared/lambda-seconds.ts';
import { type LoadedCloud, startLoadedCloud } from '../shared/loaded-cloud.ts';
import { createPublisher } from '../shared/publish.ts';

/** How long the last deliveries may take after the last event. */
const MAX_DRAIN_MS = 60_000;
const CHECK_EVERY_MS = 100;

export interface LoadSettings {
  /** A synthesized app that allows private endpoints. */
  readonly assemblyDirectory: string;
  /** Execution environments of each function at once. */
  readonly environments: number;
  /** Each with an account and a webhook. */
  readonly endpoints: number;
  readonly answerMs: number;
}

export interface RunSettings extends LoadSettings {
  readonly eventsPerSecond: number;
  /** Endpoints 0 to n - 1 begin to hang when the warm-up is over; none in a clean run. */
  readonly hanging: number;
  readonly warmUpSeconds: number;
  /** From the onset to the measured time. */
  readonly settleSeconds: number;
  readonly measuredSeconds: number;
  readonly seed: number;
}

/** The deliveries to endpoints that do not hang. Latencies are from publishing to receipt. */
export interface Run {
  /** Published in the measured time. */
  readonly deliveries: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Billed in the measured time, for each of these deliveries. */
  readonly firstLaneSecondsPerDelivery: number;
  /** By the second of publishing, from the end of the warm-up. */
  readonly p99MsBySecond: readonly number[];
  /** Of all deliveries, hanging or not: in the measured time, and from the end of the warm-up. */
  readonly measuredLambdaSeconds: LambdaSeconds;
  readonly totalLambdaSeconds: LambdaSeconds;
  /** Published in the whole run, and never received. */
  readonly missing: number;
  /** Received more than once. */
  readonly duplicates: number;
  readonly problems: readonly string[];
}

export async function runLoad(settings: RunSettings): Promise<Run> {
  const { warmUpSeconds, settleSeconds, measuredSeconds, hanging } = settings;
  const loaded = await start(settings);
  try {
    const { cloud, endpoints, accounts } = loaded;
    const seconds = warmUpSeconds + settleSeconds + measuredSeconds;
    const beganAt = Date.now();
    const publishing = createPublisher(cloud).atRate(accounts, { ...settings, seconds });
    const secondsAt = async (second: number): Promise<LambdaSeconds> => {
      await wait(Math.max(0, beganAt + second * 1000 - Date.now()));
      return readLambdaSeconds(cloud);
    };
    const atOnset = await secondsAt(warmUpSeconds);
    endpoints.hang(Array.from({ length: hanging }, (_, endpoint) => endpoint));
    const atBegin = await secondsAt(warmUpSeconds + settleSeconds);
    const atEnd = await secondsAt(seconds);
    const wanted = new Set([...(await publishing)].filter(([, to]) => to >= hanging).map(([n]) => n));

    const { receipts, missing } = await receiveAll(() => endpoints.takeReceipts(), wanted);
    const onsetAt = beganAt + warmUpSeconds * 1000;
    const secondOf = ({ publishedAt }: Receipt): number => Math.floor((publishedAt - onsetAt) / 1000);
    const bySecond = Map.groupBy(receipts, secondOf);
    const p99Of = (some: readonly Receipt[]): number => percentile(some.map(latencyOf), 0.99);
    const measured = receipts.filter((receipt) => secondOf(receipt) >= settleSeconds);
    const measuredLambdaSeconds = between(atBegin, atEnd);
    return {
      deliveries: measured.length,
      p50Ms: percentile(measured.map(latencyOf), 0.5),
      p99Ms: p99Of(measured),
      firstLaneSecondsPerDelivery: measuredLambdaSeconds.first / measured.length,
      p99MsBySecond: Array.from({ length: settleSeconds + measuredSeconds }, (_, second) =>
        p99Of(bySecond.get(second) ?? []),
      ),
      measuredLambdaSeconds,
      totalLambdaSeconds: between(atOnset, atEnd),
      missing,
      duplicates: receipts.length + missing - wanted.size,
      problems: loaded.problems,
    };
  } finally {
    await loaded.close();
  }
}

/** Events that the cloud delivers in a second when there are always more of them. */
export async function measureCapacity(
  settings: LoadSettings & { readonly seconds: number; readonly seed: number },
): Promise<number> {
  const loaded = await start(settings);
  try {
    const { cloud, endpoints, accounts } = loaded;
    const most = (settings.environments * 10) / (settings.answerMs / 1000);
    const rate = { ...settings, eventsPerSecond: 1.2 * most };
    const published = await createPublisher(cloud).atRate(accounts, rate);
    const { receipts } = await receiveAll(() => endpoints.takeReceipts(), new Set(published.keys()));
    const times = receipts.map(({ receivedAt }) => receivedAt).toSorted((a, b) => a - b);
    // Without the start, when environments are cold, and the end, when they have too little to do.
    const steady = times.slice(Math.floor(times.length * 0.3), Math.floor(times.length * 0.9));
    return (1000 * (steady.length - 1)) / ((steady.at(-1) ?? 0) - (steady[0] ?? 0));
  } finally {
    await loaded.close();
  }
}

function start({ endpoints, ...settings }: LoadSettings): Promise<LoadedCloud> {
  const accounts = Array.from({ length: endpoints }, (_, endpoint) => [endpoint]);
  return startLoadedCloud({ ...settings, endpoints, accounts });
}

/** The receipts of the wanted events, when each was received or the limit has passed. */
async function receiveAll(
  take: () => Promise<readonly Receipt[]>,
  wanted: ReadonlySet<number>,
): Promise<{ receipts: Receipt[]; missing: number }> {
  const receipts: Receipt[] = [];
  const missing = new Set(wanted);
  const giveUpAt = Date.now() + MAX_DRAIN_MS;
  while (missing.size > 0 && Date.now() < giveUpAt) {
    for (const receipt of await take()) {
      if (wanted.has(receipt.number)) receipts.push(receipt);
      missing.delete(receipt.number);
    }
    if (missing.size > 0) await wait(CHECK_EVERY_MS);
  }
  return { receipts, missing: missing.size };
}

function latencyOf({ publishedAt, receivedAt }: Receipt): number {
  return receivedAt - publishedAt;
}
