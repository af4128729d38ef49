import type { ServiceName } from '../local/aws-calls.ts';
import { type CostLine, costOf } from '../local/metering/cost.ts';
import type { CallLine, MeterSnapshot } from '../local/metering/meter.ts';
import { FUNCTION_NAMES, type FunctionName } from '../measurement/function-names.ts';
import { sum } from '../measurement/statistics.ts';
import type { Result } from './simulate.ts';

/** The memory with which `lib/` deploys the functions. */
export const MEMORY_MB: Readonly<Record<FunctionName, number>> = {
  dispatch: 512,
  first: 256,
  retry: 256,
  slow: 512,
};

/** An event of 1 KiB, with its ids and those of the matching webhooks. */
const EVENT_WRITE_UNITS = 2;
/** One attempt, in a delivery record of less than 1 KiB. */
const ATTEMPT_WRITE_UNITS = 1;
/** The webhooks of an account, up to 4 KiB. */
const QUERY_READ_UNITS = 1;
/** Events in one call of a producer that sends them directly. */
const DIRECT_BATCH = 10;
/** Read units of the webhook. A retry uses as many for the delivery's record. */
const RETRY_READ_UNITS = 1;
const MB_PER_GB = 1024;

/** What AWS charges for one second of the measured time, on average. */
export interface Bill {
  readonly lines: readonly CostLine[];
  readonly dollarsPerSecond: number;
  readonly dollarsPerMillionDeliveries: number;
}

/** Calls, units and messages a second. */
export interface Usage {
  readonly events: number;
  /** Events that are published on the bus. */
  readonly busEvents: number;
  readonly deliveries: number;
  readonly writeUnits: number;
  readonly webhookReadUnits: number;
  readonly recordReadUnits: number;
  readonly sqsCalls: number;
}

export function usageOf({ parameters, functions }: Result): Usage {
  const { eventsPerSecond: events, fanOut, measuredSeconds, direct } = parameters;
  const perSecond = (count: 'attempts' | 'reads' | 'sqsCalls'): number =>
    sum(FUNCTION_NAMES.map((name) => functions[name][count])) / measuredSeconds;
  const reads = perSecond('reads') * RETRY_READ_UNITS;
  return {
    events,
    busEvents: direct ? 0 : events,
    deliveries: events * fanOut,
    writeUnits: events * EVENT_WRITE_UNITS + perSecond('attempts') * ATTEMPT_WRITE_UNITS,
    webhookReadUnits: events * QUERY_READ_UNITS + reads,
    recordReadUnits: reads,
    // The bus sends each event to the events queue alone.
    sqsCalls: (direct ? events / DIRECT_BATCH : events) + perSecond('sqsCalls'),
  };
}

/** Uses the prices and the calculation of the local cloud's cost meter. */
export function billOf(result: Result): Bill {
  const usage = usageOf(result);
  const { measuredSeconds } = result.parameters;
  const functions = FUNCTION_NAMES.map((name) => ({
    functionName: name,
    invocations: result.functions[name].invocations / measuredSeconds,
    gbSeconds: (result.functions[name].meanConcurrency * MEMORY_MB[name]) / MB_PER_GB,
    coldStarts: 0,
  }));
  const snapshot: MeterSnapshot = {
    calls: [
      callLine('events', { chunks: usage.busEvents }),
      callLine('sqs', { chunks: usage.sqsCalls }),
      callLine('dynamodb', {
        readUnits: usage.webhookReadUnits + usage.recordReadUnits,
        writeUnits: usage.writeUnits,
      }),
    ],
    functions,
    httpApi: { requests: 0, chunks: 0 },
    logBytes: 0,
  };
  const { lines, totalDollars } = costOf(snapshot);
  return {
    lines: lines.filter(({ quantity }) => quantity > 0),
    dollarsPerSecond: totalDollars,
    dollarsPerMillionDeliveries: (totalDollars / usage.deliveries) * 1_000_000,
  };
}

function callLine(service: ServiceName, billed: Partial<CallLine>): CallLine {
  return {
    ...{ principal: 'simulated', service, action: 'any', calls: 0, entries: 0 },
    ...{ chunks: 0, readUnits: 0, writeUnits: 0 },
    ...billed,
  };
}
