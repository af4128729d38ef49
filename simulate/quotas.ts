import { sum } from '../figures/numbers.ts';
import { DISPATCH_SECONDS, usageOf } from './bill.ts';
import { LANE_NAMES, type LaneName } from './parameters.ts';
import type { Result } from './simulate.ts';

/** A limit of AWS's for one account in one region, and how much of it a load takes. */
export interface QuotaUse {
  readonly name: string;
  readonly limit: number;
  readonly need: number;
}

/** Default quotas in us-east-1, autumn 2026. */
const QUOTAS = {
  /** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
  concurrentExecutions: 1_000,
  /** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
  maximumConcurrency: 1_000,
  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
  putEvents: 10_000,
  invocations: 18_750,
  /** Of one table: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
  tableUnits: 40_000,
  /** Of one standard queue: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
  inFlight: 120_000,
} as const;

/** Environments that a load keeps busy, with those of the dispatcher. */
export function environmentsOf({ lanes, parameters }: Result, scale = 1): number {
  const senders = sum(LANE_NAMES.map((lane) => lanes[lane].meanConcurrency));
  return (senders + parameters.eventsPerSecond * DISPATCH_SECONDS) * scale;
}

/** The fullest quota first. `scale` is how many times the simulated slice the load is. */
export function quotaUses(result: Result, scale = 1): QuotaUse[] {
  const usage = usageOf(result);
  const busiest = (measure: (lane: LaneName) => number): number =>
    Math.max(...LANE_NAMES.map(measure)) * scale;
  const uses: QuotaUse[] = [
    {
      name: 'Lambda concurrent executions',
      limit: QUOTAS.concurrentExecutions,
      need: environmentsOf(result, scale),
    },
    {
      name: "an event source's maximum concurrency",
      limit: QUOTAS.maximumConcurrency,
      need: busiest((lane) => result.lanes[lane].meanConcurrency),
    },
    { name: 'EventBridge PutEvents', limit: QUOTAS.putEvents, need: usage.events * scale },
    { name: 'EventBridge invocations', limit: QUOTAS.invocations, need: usage.events * scale },
    {
      name: 'DynamoDB writes, deliveries table',
      limit: QUOTAS.tableUnits,
      need: usage.writeUnits * scale,
    },
    {
      name: 'DynamoDB reads, webhooks table',
      limit: QUOTAS.tableUnits,
      need: usage.webhookReadUnits * scale,
    },
    {
      name: 'SQS messages in flight',
      limit: QUOTAS.inFlight,
      need: busiest((lane) => inFlight(result, lane)),
    },
  ];
  return uses.toSorted((a, b) => b.need / b.limit - a.need / a.limit);
}

function inFlight({ lanes }: Result, lane: LaneName): number {
  const { meanConcurrency, messages, invocations } = lanes[lane];
  return invocations === 0 ? 0 : (meanConcurrency * messages) / invocations;
}
