import { sum } from '../figures/numbers.ts';
import type { ServiceName } from '../local/calls.ts';
import { type CostLine, costOf } from '../local/metering/cost.ts';
import type { CallLine, MeterSnapshot } from '../local/metering/meter.ts';
import { LANE_NAMES, type LaneName } from './parameters.ts';
import type { Result } from './simulate.ts';

/** Two reads or writes of DynamoDB and one call of SQS, one after the other. */
export const DISPATCH_SECONDS = 0.02;

/** As `lib/` deploys them. */
export const MEMORY_MB: Readonly<Record<LaneName | 'dispatch', number>> = {
  dispatch: 256,
  first: 256,
  retry: 256,
  slow: 512,
};

/** An event of 1 KiB, with its ids and the webhooks that matched. */
const EVENT_WRITE_UNITS = 2;
/** One attempt, in a record of less than 1 KiB. */
const ATTEMPT_WRITE_UNITS = 1;
/** An account's webhooks, up to 4 KiB of them. */
const QUERY_READ_UNITS = 1;
/** Of the webhook, and as many of the delivery's record. */
const RETRY_READ_UNITS = 1;
/** SQS: entries of one batch call. */
const ENTRIES_A_CALL = 10;
const MB_PER_GB = 1024;

/** What AWS bills for each second of the measured time. */
export interface Bill {
  readonly lines: readonly CostLine[];
  readonly dollarsPerSecond: number;
  readonly dollarsPerMillionDeliveries: number;
}

/** What is used in each second: calls, units and time. */
export interface Usage {
  readonly events: number;
  readonly deliveries: number;
  readonly writeUnits: number;
  readonly webhookReadUnits: number;
  readonly recordReadUnits: number;
  readonly sqsCalls: number;
}

export function usageOf({ parameters, lanes }: Result): Usage {
  const { eventsPerSecond: events, fanOut, measuredSeconds } = parameters;
  const perSecond = (count: 'attempts' | 'reads' | 'sqsCalls'): number =>
    sum(LANE_NAMES.map((lane) => lanes[lane][count])) / measuredSeconds;
  return {
    events,
    deliveries: events * fanOut,
    writeUnits: events * EVENT_WRITE_UNITS + perSecond('attempts') * ATTEMPT_WRITE_UNITS,
    webhookReadUnits: events * QUERY_READ_UNITS + perSecond('reads') * RETRY_READ_UNITS,
    recordReadUnits: perSecond('reads') * RETRY_READ_UNITS,
    sqsCalls: events * Math.ceil(fanOut / ENTRIES_A_CALL) + perSecond('sqsCalls'),
  };
}

/** By the same prices and the same sum as the local cloud's own meter. */
export function billOf(result: Result): Bill {
  const usage = usageOf(result);
  const { measuredSeconds } = result.parameters;
  const functions = [
    {
      functionName: 'dispatch',
      invocations: usage.events,
      gbSeconds: (usage.events * DISPATCH_SECONDS * MEMORY_MB.dispatch) / MB_PER_GB,
    },
    ...LANE_NAMES.map((lane) => ({
      functionName: lane,
      invocations: result.lanes[lane].invocations / measuredSeconds,
      gbSeconds: (result.lanes[lane].meanConcurrency * MEMORY_MB[lane]) / MB_PER_GB,
    })),
  ].map((line) => ({ ...line, coldStarts: 0 }));
  const snapshot: MeterSnapshot = {
    calls: [
      callLine('events', { chunks: usage.events }),
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
