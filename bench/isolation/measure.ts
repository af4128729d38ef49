import type { Measured, Pair } from './compare.ts';
import { measureCapacity, type Run, runLoad } from './run.ts';

const CAPACITY_SECONDS = 15;

export interface IsolationSettings {
  readonly assemblyDirectory: string;
  readonly pairs: number;
  /** Environments of the first lane that the load needs when batches are full. */
  readonly neededEnvironments: number;
  /** The most environments of each function, over the needed environments. */
  readonly headroom: number;
  /** Default: the highest rate that the needed environments can process, which is measured first. */
  readonly eventsPerSecond?: number;
  readonly endpoints: number;
  readonly hanging: number;
  readonly answerMs: number;
  readonly warmUpSeconds: number;
  readonly settleSeconds: number;
  readonly measuredSeconds: number;
  readonly onProgress: (text: string) => void;
}

/** Pairs of runs of the shipped bundles on the local cloud: the same load with and without hanging endpoints. */
export async function measureIsolation(settings: IsolationSettings): Promise<Measured> {
  const { neededEnvironments, headroom, onProgress } = settings;
  const load = {
    assemblyDirectory: settings.assemblyDirectory,
    endpoints: settings.endpoints,
    answerMs: settings.answerMs,
  };
  const eventsPerSecond =
    settings.eventsPerSecond ??
    (await measureCapacity({
      ...load,
      environments: neededEnvironments,
      seconds: CAPACITY_SECONDS,
      seed: 0,
    }));
  const environments = neededEnvironments * headroom;
  onProgress(`${eventsPerSecond.toFixed(1)} events/s, up to ${environments} environments`);

  const run = (seed: number, hanging: number): Promise<Run> =>
    runLoad({
      ...load,
      environments,
      eventsPerSecond,
      hanging,
      seed,
      warmUpSeconds: settings.warmUpSeconds,
      // A run without hanging endpoints needs no time to settle.
      settleSeconds: hanging === 0 ? 0 : settings.settleSeconds,
      measuredSeconds: settings.measuredSeconds,
    });
  const pairs: Pair[] = [];
  for (let seed = 1; seed <= settings.pairs; seed += 1) {
    // Alternate the order, so that a change of the machine's load affects both kinds of runs.
    const hangingFirst = seed % 2 === 0 ? await run(seed, settings.hanging) : undefined;
    const clean = await run(seed, 0);
    const hanging = hangingFirst ?? (await run(seed, settings.hanging));
    pairs.push({ clean, hanging });
    onProgress(
      `pair ${seed} of ${settings.pairs}: p99 ${clean.p99Ms} ms, with hanging endpoints ${hanging.p99Ms} ms`,
    );
  }
  return { eventsPerSecond, environments, hangingShare: settings.hanging / settings.endpoints, pairs };
}
