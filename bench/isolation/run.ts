import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from '../../lambdas/shared/runtime/percentile.ts';
import type { LatenciesBySecond } from '../../measurement/onset.ts';
import type { Receipt } from '../shared/endpoints.ts';
import { between, type LambdaSeconds, readLambdaSeconds } from '../shared/lambda-seconds.ts';
import { type LoadedCloud, startLoadedCloud } from '../shared/loaded-cloud.ts';
import { createPublisher } from '../shared/publish.ts';

/** After the last event, deliveries that arrive later than this are missing. */
const MAX_DRAIN_MS = 60_000;
const CHECK_EVERY_MS = 100;

export interface LoadSettings {
  /** A synthesized app that allows private endpoints. */
  readonly assemblyDirectory: string;
  /** The most execution environments of each function at once. */
  readonly environments: number;
  /** Each with an account and a webhook. */
  readonly endpoints: number;
  readonly answerMs: number;
}

export interface RunSettings extends LoadSettings {
  readonly eventsPerSecond: number;
  /** Endpoints 0 to `hanging` - 1 begin to hang at the end of the warm-up. 0 in a clean run. */
  readonly hanging: number;
  readonly warmUpSeconds: number;
  /** From the onset to the measured time. */
  readonly settleSeconds: number;
  readonly measuredSeconds: number;
  readonly seed: number;
}

/** The deliveries to endpoints that do not hang. A latency is the time from publishing to a receipt. */
export interface Run {
  /** Deliveries of events that were published in the measured time. */
  readonly deliveries: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Lambda seconds of the first lane in the measured time, divided by these deliveries. */
  readonly firstLaneSecondsPerDelivery: number;
  /** By the second of publishing, from the end of the warm-up. */
  readonly latenciesMsBySecond: LatenciesBySecond;
  /** In the measured time, for all endpoints. */
  readonly measuredLambdaSeconds: LambdaSeconds;
  /** From the end of the warm-up, for all endpoints. */
  readonly totalLambdaSeconds: LambdaSeconds;
  /** Deliveries of the whole run that were never received. */
  readonly missing: number;
  /** Additional receipts of deliveries that were received before. */
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
    const expected = new Set([...(await publishing)].filter(([, to]) => to >= hanging).map(([n]) => n));

    const { receipts, missing } = await receiveAll(() => endpoints.takeReceipts(), expected);
    const onsetAt = beganAt + warmUpSeconds * 1000;
    const secondOf = ({ publishedAt }: Receipt): number => Math.floor((publishedAt - onsetAt) / 1000);
    const bySecond = Map.groupBy(receipts, secondOf);
    const measured = receipts.filter((receipt) => secondOf(receipt) >= settleSeconds);
    const measuredLambdaSeconds = between(atBegin, atEnd);
    return {
      deliveries: measured.length,
      p50Ms: percentile(measured.map(latencyOf), 0.5),
      p99Ms: percentile(measured.map(latencyOf), 0.99),
      firstLaneSecondsPerDelivery: measuredLambdaSeconds.first / measured.length,
      latenciesMsBySecond: Array.from({ length: settleSeconds + measuredSeconds }, (_, second) =>
        (bySecond.get(second) ?? []).map(latencyOf),
      ),
      measuredLambdaSeconds,
      totalLambdaSeconds: between(atOnset, atEnd),
      missing,
      duplicates: receipts.length + missing - expected.size,
      problems: loaded.problems,
    };
  } finally {
    await loaded.close();
  }
}

/** The events a second that the cloud delivers under more load than it can process. */
export async function measureCapacity(
  settings: LoadSettings & { readonly seconds: number; readonly seed: number },
): Promise<number> {
  const loaded = await start(settings);
  try {
    const { cloud, endpoints, accounts } = loaded;
    const theoreticalMaximum = (settings.environments * 10) / (settings.answerMs / 1000);
    const rate = { ...settings, eventsPerSecond: 1.2 * theoreticalMaximum };
    const published = await createPublisher(cloud).atRate(accounts, rate);
    const { receipts } = await receiveAll(() => endpoints.takeReceipts(), new Set(published.keys()));
    const times = receipts.map(({ receivedAt }) => receivedAt).toSorted((a, b) => a - b);
    // Exclude the start, with cold environments, and the end, with fewer messages than environments could process.
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

/** The receipts of the expected events, when each was received or after the time limit. */
async function receiveAll(
  take: () => Promise<readonly Receipt[]>,
  expected: ReadonlySet<number>,
): Promise<{ receipts: Receipt[]; missing: number }> {
  const receipts: Receipt[] = [];
  const missing = new Set(expected);
  const giveUpAt = Date.now() + MAX_DRAIN_MS;
  while (missing.size > 0 && Date.now() < giveUpAt) {
    for (const receipt of await take()) {
      if (expected.has(receipt.number)) receipts.push(receipt);
      missing.delete(receipt.number);
    }
    if (missing.size > 0) await wait(CHECK_EVERY_MS);
  }
  return { receipts, missing: missing.size };
}

function latencyOf({ publishedAt, receivedAt }: Receipt): number {
  return receivedAt - publishedAt;
}
