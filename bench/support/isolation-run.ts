import { setTimeout as wait } from 'node:timers/promises';
import type { Receipt } from './endpoints.ts';
import { percentile, sum } from './figures.ts';
import { between, type LambdaSeconds, readLambdaSeconds } from './lambda-seconds.ts';
import { type LoadSettings, startLoadedCloud } from './loaded-cloud.ts';
import { publish } from './publish.ts';

/** How long the last deliveries may take after the last event, in seconds. */
const MAX_DRAIN_SECONDS = 60;

export interface RunSettings extends LoadSettings {
  readonly eventsPerSecond: number;
  /** Endpoints 0 to n - 1 begin to hang when the warm-up is over; 0 for a clean run. */
  readonly hanging: number;
  readonly warmUpSeconds: number;
  /** From the onset to what counts. */
  readonly settleSeconds: number;
  readonly measuredSeconds: number;
  readonly seed: number;
}

export interface Run {
  /** First attempts at healthy endpoints that were published in the measured time. */
  readonly deliveries: number;
  /** From publishing to receipt. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Lambda seconds of the first lane in the measured time, for each of these deliveries. */
  readonly firstLaneSecondsPerDelivery: number;
  /** 99th percentiles by the second of publishing, from the end of the warm-up. */
  readonly p99MsBySecond: readonly number[];
  /** Of all functions, in the measured time and from the end of the warm-up. */
  readonly measuredLambdaSeconds: LambdaSeconds;
  readonly totalLambdaSeconds: LambdaSeconds;
  /** Requests at endpoints that hang, by second from the onset: first attempts alone. */
  readonly lost: number;
  readonly duplicates: number;
  readonly problems: readonly string[];
}

export async function runLoad(settings: RunSettings): Promise<Run> {
  const { warmUpSeconds, settleSeconds, measuredSeconds, hanging, seed, eventsPerSecond } = settings;
  const loaded = await startLoadedCloud(settings);
  try {
    const { cloud, endpoints, accounts } = loaded;
    const seconds = warmUpSeconds + settleSeconds + measuredSeconds;
    const beganAt = Date.now();
    const publishing = publish(cloud, accounts, { eventsPerSecond, seconds, seed });
    const at = async (second: number): Promise<LambdaSeconds> => {
      await wait(Math.max(0, beganAt + second * 1000 - Date.now()));
      return readLambdaSeconds(cloud);
    };
    const atOnset = await at(warmUpSeconds);
    endpoints.hang(Array.from({ length: hanging }, (_, endpoint) => endpoint));
    const atBegin = await at(warmUpSeconds + settleSeconds);
    const atEnd = await at(seconds);
    const published = await publishing;
    const isHealthy = ({ endpoint }: Receipt): boolean => endpoint >= hanging;
    const receipts = await takeAll(() => endpoints.takeReceipts(), published);

    const healthy = receipts.filter((receipt) => isHealthy(receipt) && receipt.attempt === 1);
    const onsetAt = beganAt + warmUpSeconds * 1000;
    const secondOf = ({ publishedAt }: Receipt): number => Math.floor((publishedAt - onsetAt) / 1000);
    const bySecond = Map.groupBy(healthy, secondOf);
    const measured = healthy.filter((receipt) => secondOf(receipt) >= settleSeconds);
    const latencies = measured.map(latencyOf);
    const numbers = new Set(receipts.map(({ number }) => number));
    const measuredLambdaSeconds = between(atBegin, atEnd);
    return {
      deliveries: measured.length,
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
      firstLaneSecondsPerDelivery: measuredLambdaSeconds.first / measured.length,
      p99MsBySecond: Array.from({ length: settleSeconds + measuredSeconds }, (_, second) =>
        percentile((bySecond.get(second) ?? []).map(latencyOf), 0.99),
      ),
      measuredLambdaSeconds,
      totalLambdaSeconds: between(atOnset, atEnd),
      lost: published - numbers.size,
      duplicates: healthy.length - new Set(healthy.map(({ number }) => number)).size,
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
  const loaded = await startLoadedCloud(settings);
  try {
    const { cloud, endpoints, accounts } = loaded;
    const perBatch = (settings.environments * 10) / (settings.answerMs / 1000);
    const published = await publish(cloud, accounts, { ...settings, eventsPerSecond: perBatch * 1.2 });
    const receipts = await takeAll(() => endpoints.takeReceipts(), published);
    const times = receipts.map(({ receivedAt }) => receivedAt).toSorted((a, b) => a - b);
    // Without the start, when environments are cold, and without the end, when they have too little to do.
    const middle = times.slice(Math.floor(times.length * 0.3), Math.floor(times.length * 0.9));
    return (middle.length - 1) / (((middle.at(-1) ?? 0) - (middle[0] ?? 0)) / 1000);
  } finally {
    await loaded.close();
  }
}

/** Everything that was published has arrived, or does not arrive any more. */
async function takeAll(take: () => Promise<readonly Receipt[]>, published: number): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  const numbers = new Set<number>();
  const giveUpAt = Date.now() + MAX_DRAIN_SECONDS * 1000;
  while (numbers.size < published && Date.now() < giveUpAt) {
    for (const receipt of await take()) {
      receipts.push(receipt);
      numbers.add(receipt.number);
    }
    await wait(100);
  }
  return receipts;
}

function latencyOf({ publishedAt, receivedAt }: Receipt): number {
  return receivedAt - publishedAt;
}

export function allSeconds(seconds: LambdaSeconds): number {
  return sum(Object.values(seconds));
}
