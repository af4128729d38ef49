import { FUNCTION_NAMES, type FunctionName } from '../measurement/function-names.ts';
import { sum } from '../measurement/statistics.ts';
import { usageOf } from './bill.ts';
import type { Result } from './simulate.ts';

/** An AWS quota of one account in one region, and how much of it a load needs. */
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

/** Environments in use on average. */
export function environmentsOf({ functions }: Result, scale = 1): number {
  return sum(FUNCTION_NAMES.map((name) => functions[name].meanConcurrency)) * scale;
}

/**
 * The quota with the highest use first.
 *
 * @param scale how many times as large as the simulated slice the load is
 */
export function quotaUses(result: Result, scale = 1): QuotaUse[] {
  const usage = usageOf(result);
  const busiest = (measure: (name: FunctionName) => number): number =>
    Math.max(...FUNCTION_NAMES.map(measure)) * scale;
  const uses: QuotaUse[] = [
    {
      name: 'Lambda concurrent executions',
      limit: QUOTAS.concurrentExecutions,
      need: environmentsOf(result, scale),
    },
    {
      name: "an event source's maximum concurrency",
      limit: QUOTAS.maximumConcurrency,
      need: busiest((name) => result.functions[name].meanConcurrency),
    },
    { name: 'EventBridge PutEvents', limit: QUOTAS.putEvents, need: usage.busEvents * scale },
    { name: 'EventBridge invocations', limit: QUOTAS.invocations, need: usage.busEvents * scale },
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
      need: busiest((name) => inFlight(result, name)),
    },
  ];
  return uses.toSorted((a, b) => b.need / b.limit - a.need / a.limit);
}

function inFlight({ functions }: Result, name: FunctionName): number {
  const { meanConcurrency, messages, invocations } = functions[name];
  return invocations === 0 ? 0 : (meanConcurrency * messages) / invocations;
}
