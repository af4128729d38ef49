import { median } from '../measurement/statistics.ts';
import { compareWithClean } from './compare.ts';
import { DEPLOYED, type Parameters, withoutLimits, withProvisionedPollers } from './parameters.ts';
import { type Result, simulate } from './simulate.ts';

const ENDPOINTS = [1_000, 5_000, 20_000];
const HANGING_SHARES = [0.01, 0.05, 0.2];
/** Each figure is the median of the runs with these seeds. */
const SEEDS = [1, 2, 3];
/** The maximum concurrency of the first lane, over the environments that the load needs. */
const HEADROOM = 4;
const PROVISIONED = { minimum: 20, maximum: 60 };
const COLLECTORS = [1, 5, 20];

/** 1,000 events a second, from a minute before the onset to two minutes after it. */
const LOAD: Parameters = { ...DEPLOYED, eventsPerSecond: 1_000, settleSeconds: 0, measuredSeconds: 120 };

export interface OnsetRow {
  readonly endpoints: number;
  readonly eventsPerSecond: number;
  readonly hangingShare: number;
  readonly deployed: Onset;
  readonly fourfold: Onset;
  readonly provisioned: Onset;
}

export interface Onset {
  /** Infinity when the onset had not ended at the end of the run. */
  readonly seconds: number;
  readonly longestMs: number;
}

/** The slow lane, with this many pollers that fill batches at the same time. */
export interface SlowLaneRow {
  readonly collectors: number;
  /** Without a limit to the number of environments. */
  readonly unlimited: SlowLane;
  readonly deployed: SlowLane;
}

export interface SlowLane {
  readonly environments: number;
  readonly messagesPerBatch: number;
  readonly waiting: number;
}

export function createOnsetTable(): OnsetRow[] {
  const cleanRuns = SEEDS.map((seed) => simulate({ ...LOAD, hangingShare: 0, seed }));
  const needed = Math.ceil(cleanRuns[0]?.functions.first.meanConcurrency ?? 0);
  const fourfold = { ...LOAD, first: { ...LOAD.first, maxConcurrency: HEADROOM * needed } };
  const provisioned = withProvisionedPollers(LOAD, PROVISIONED);
  return ENDPOINTS.flatMap((endpoints) =>
    HANGING_SHARES.map((hangingShare) => {
      const onset = (parameters: Parameters): Onset =>
        medianOnset({ ...parameters, endpoints, hangingShare }, cleanRuns);
      return {
        ...{ endpoints, hangingShare, eventsPerSecond: LOAD.eventsPerSecond },
        ...{ deployed: onset(LOAD), fourfold: onset(fourfold), provisioned: onset(provisioned) },
      };
    }),
  );
}

/** 1,000 events a second, 5 % of them for hanging endpoints, all of whose attempts are made by the slow lane. */
export function createSlowLaneTable(): SlowLaneRow[] {
  return COLLECTORS.map((collectors) => {
    const parameters = { ...DEPLOYED, slow: { ...DEPLOYED.slow, collectors } };
    return {
      collectors,
      unlimited: slowLaneOf(withoutLimits(parameters)),
      deployed: slowLaneOf(parameters),
    };
  });
}

/** A run without hanging endpoints does not depend on the number of endpoints, so all rows use the same runs. */
function medianOnset(parameters: Parameters, cleanRuns: readonly Result[]): Onset {
  const comparisons = cleanRuns.map((clean) =>
    compareWithClean({ ...parameters, seed: clean.parameters.seed }, clean),
  );
  return {
    seconds: median(comparisons.map(({ onsetSeconds }) => onsetSeconds)),
    longestMs: median(comparisons.map(({ longestMs }) => longestMs)),
  };
}

function slowLaneOf(parameters: Parameters): SlowLane {
  const { functions, slowBacklog } = simulate(parameters);
  const { meanConcurrency, messages, invocations } = functions.slow;
  return {
    environments: meanConcurrency,
    messagesPerBatch: messages / invocations,
    waiting: slowBacklog.messages,
  };
}
