import { eachFunction, FUNCTION_NAMES, type FunctionName } from '../measurement/function-names.ts';
import { sum } from '../measurement/statistics.ts';
import { billOf } from './bill.ts';
import { compareWithClean } from './compare.ts';
import { DEPLOYED, type Parameters, withoutLanes, withoutLimits } from './parameters.ts';
import { environmentsOf, type QuotaUse, quotaUses } from './quotas.ts';
import { type Result, simulate } from './simulate.ts';

const RATES = [10, 1_000, 100_000];
const HANGING_SHARES = [0, 0.01, 0.05, 0.2];

/**
 * A larger load is simulated as a slice of this size, and the result is multiplied. The slice has the same share
 * of the endpoints as of the events. An endpoint therefore receives as many events as in the whole load, and is
 * marked as soon.
 */
const SLICE_EVENTS_PER_SECOND = 1_000;
const MIN_ENDPOINTS = 100;
/** Enough events that the 99th percentile and the means differ little between seeds. */
const MIN_MEASURED_EVENTS = 36_000;
const MIN_MEASURED_SECONDS = 60;
/** The latency with the deployed limits is measured from a minute after the onset. */
const DEPLOYED_SETTLE_SECONDS = 60;
const DEPLOYED_MEASURED_SECONDS = 120;

export interface ScaleRow {
  readonly eventsPerSecond: number;
  readonly hangingShare: number;
  readonly lanes: boolean;
  /** Environments in use on average, without a limit to their number. */
  readonly environments: Readonly<Record<FunctionName, number>>;
  /** The environments of all functions together. */
  readonly allEnvironments: number;
  /** The most environments in use at once, from the onset until the slow endpoints are marked and retried. */
  readonly onsetPeak: number;
  /** With the deployed limits, for each 1,000 events a second. */
  readonly healthyP99Ms: number;
  /** Infinity when the onset had not ended after three minutes. */
  readonly onsetSeconds: number;
  readonly dollarsPerMillion: number;
  readonly dollarsPerHour: number;
  /** The quota with the highest use first. */
  readonly quotas: readonly QuotaUse[];
}

export function createScaleTable(): ScaleRow[] {
  const loads = RATES.flatMap((eventsPerSecond) =>
    HANGING_SHARES.flatMap((hangingShare) =>
      [true, false].map((lanes) => ({ eventsPerSecond, hangingShare, lanes })),
    ),
  );
  const slices = new Map<string, Slice>();
  return loads.map((load) => {
    const parameters = sliceOf(load);
    const key = JSON.stringify(parameters);
    const slice = slices.get(key) ?? runSlice(parameters);
    slices.set(key, slice);
    return rowOf(load, slice);
  });
}

interface Load {
  readonly eventsPerSecond: number;
  readonly hangingShare: number;
  readonly lanes: boolean;
}

interface Slice {
  readonly unlimited: Result;
  readonly asDeployed: Pick<ScaleRow, 'healthyP99Ms' | 'onsetSeconds'>;
}

function sliceOf({ eventsPerSecond, hangingShare, lanes }: Load): Parameters {
  const rate = Math.min(eventsPerSecond, SLICE_EVENTS_PER_SECOND);
  const parameters = {
    ...DEPLOYED,
    hangingShare,
    eventsPerSecond: rate,
    endpoints: Math.max(MIN_ENDPOINTS, rate),
    measuredSeconds: Math.max(MIN_MEASURED_SECONDS, MIN_MEASURED_EVENTS / rate),
  };
  return lanes ? parameters : withoutLanes(parameters);
}

function runSlice(parameters: Parameters): Slice {
  const { hanging, onsetSeconds } = compareWithClean({
    ...parameters,
    settleSeconds: DEPLOYED_SETTLE_SECONDS,
    measuredSeconds: Math.max(DEPLOYED_MEASURED_SECONDS, parameters.measuredSeconds),
  });
  return {
    unlimited: simulate(withoutLimits(parameters)),
    asDeployed: { healthyP99Ms: hanging.healthy.p99Ms, onsetSeconds },
  };
}

function rowOf(load: Load, { unlimited, asDeployed }: Slice): ScaleRow {
  const scale = load.eventsPerSecond / unlimited.parameters.eventsPerSecond;
  const bill = billOf(unlimited);
  return {
    ...load,
    ...asDeployed,
    environments: eachFunction((name) => unlimited.functions[name].meanConcurrency * scale),
    allEnvironments: environmentsOf(unlimited, scale),
    onsetPeak: sum(FUNCTION_NAMES.map((name) => unlimited.functions[name].onsetPeak)) * scale,
    dollarsPerMillion: bill.dollarsPerMillionDeliveries,
    dollarsPerHour: bill.dollarsPerSecond * scale * 3_600,
    quotas: quotaUses(unlimited, scale),
  };
}
