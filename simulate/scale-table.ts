import { sum } from '../figures/numbers.ts';
import { billOf } from './bill.ts';
import { compareWithClean } from './compare.ts';
import {
  DEPLOYED,
  FUNCTION_NAMES,
  type FunctionName,
  type Parameters,
  withoutLanes,
  withoutLimits,
} from './parameters.ts';
import { environmentsOf, type QuotaUse, quotaUses } from './quotas.ts';
import { type Result, simulate } from './simulate.ts';
import { eachFunction } from './statistics.ts';

const RATES = [10, 1_000, 100_000];
const HANGING_SHARES = [0, 0.01, 0.05, 0.2];

/**
 * More is simulated as a slice of so much, and multiplied. A slice has its share of the endpoints with all
 * of their events, so what an endpoint receives, and how soon it is marked, stay as they are.
 */
const SLICE_EVENTS_PER_SECOND = 1_000;
const MIN_ENDPOINTS = 100;
/** For a 99th percentile and a mean that hold still. */
const MIN_MEASURED_EVENTS = 36_000;
const MIN_MEASURED_SECONDS = 60;
/** How a load fares is judged from a minute after the onset. */
const FARES_FROM_SECONDS = 60;
const FARES_FOR_SECONDS = 120;

export interface Row {
  readonly eventsPerSecond: number;
  readonly hangingShare: number;
  readonly lanes: boolean;
  /** Environments in use on average, where nothing limits them. */
  readonly environments: Readonly<Record<FunctionName, number>>;
  /** Of all functions. */
  readonly allEnvironments: number;
  /** The most that are in use from the onset until the slow endpoints are marked and retried. */
  readonly onsetPeak: number;
  /** As deployed, once for every 1,000 events a second. */
  readonly healthyP99Ms: number;
  /** Absent where healthy deliveries are still late after three minutes. */
  readonly onsetSeconds?: number;
  readonly dollarsPerMillion: number;
  readonly dollarsPerHour: number;
  /** The fullest first. */
  readonly quotas: readonly QuotaUse[];
}

export function createScaleTable(): Row[] {
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
  readonly needs: Result;
  readonly fares: Pick<Row, 'healthyP99Ms' | 'onsetSeconds'>;
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
    settleSeconds: FARES_FROM_SECONDS,
    measuredSeconds: Math.max(FARES_FOR_SECONDS, parameters.measuredSeconds),
  });
  return {
    needs: simulate(withoutLimits(parameters)),
    fares: {
      healthyP99Ms: hanging.healthy.p99Ms,
      ...(onsetSeconds === undefined ? {} : { onsetSeconds }),
    },
  };
}

function rowOf(load: Load, { needs, fares }: Slice): Row {
  const scale = load.eventsPerSecond / needs.parameters.eventsPerSecond;
  const bill = billOf(needs);
  return {
    ...load,
    ...fares,
    environments: eachFunction((name) => needs.functions[name].meanConcurrency * scale),
    allEnvironments: environmentsOf(needs, scale),
    onsetPeak: sum(FUNCTION_NAMES.map((name) => needs.functions[name].onsetPeak)) * scale,
    dollarsPerMillion: bill.dollarsPerMillionDeliveries,
    dollarsPerHour: bill.dollarsPerSecond * scale * 3_600,
    quotas: quotaUses(needs, scale),
  };
}
