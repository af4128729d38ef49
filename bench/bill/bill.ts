import { type CostLine, costLine } from '../../local/metering/cost.ts';
import prices from '../../local/metering/prices.json' with { type: 'json' };
import { DAYS_A_MONTH } from './traffic.ts';
import type { Usage } from './usage.ts';

const MILLION = 1_000_000;
const GB = 1024 ** 3;
const HOURS_A_MONTH = 730;
/**
 * Lambda polls an idle queue with five long polls of 20 s. While messages arrive, some of these receives return them; the
 * difference is less than this line.
 */
const IDLE_REQUESTS_A_MONTH = 648_000;

/** What is billed without any traffic. `test/infrastructure/bill.test.ts` compares the counts with the template. */
export const FIXED = {
  /** Queues that a function polls. */
  eventSources: 8,
  keys: 1,
  /** CloudWatch bills each metric of an alarm. */
  alarmMetrics: 58,
  dashboards: 1,
} as const;

/** Of the metrics that Powertools writes, those that most deployments with events have values for in every hour. */
export const USUAL_METRICS = 8;

/** The webhooks table with 10,000 webhooks: a webhook has about 1 KB. */
const WEBHOOKS_TABLE_GB = 0.01;

export interface BillOptions {
  /** How long events and records are kept. */
  readonly retentionDays: number;
  /** Provisioned pollers, billed in every hour of the month. */
  readonly pollers: number;
}

export interface Bill {
  readonly lines: readonly CostLine[];
  readonly totalDollars: number;
  /** The part of it that is billed also without events. */
  readonly fixedDollars: number;
}

/** The price of a month by line, in list prices without free tiers. */
export function billOf(usage: Usage, { retentionDays, pollers }: BillOptions): Bill {
  const variable = [
    costLine(
      'EventBridge',
      usage.eventChunks,
      'events',
      prices.eventbridge_custom_event_per_million.price / MILLION,
    ),
    costLine('SQS', usage.sqsRequests, 'requests', prices.sqs_standard_request_per_million.price / MILLION),
    costLine(
      'Lambda requests',
      usage.invocations,
      'requests',
      prices.lambda_request_per_million.price / MILLION,
    ),
    costLine('Lambda time', usage.gbSeconds, 'GB-s', prices.lambda_arm64_gb_second.price),
    costLine('DynamoDB writes', usage.writeUnits, 'units', prices.dynamodb_write_per_million.price / MILLION),
    costLine('DynamoDB reads', usage.readUnits, 'units', prices.dynamodb_read_per_million.price / MILLION),
    costLine(
      `DynamoDB storage, ${retentionDays} days`,
      (usage.storedBytes * retentionDays) / DAYS_A_MONTH / GB,
      'GB-month',
      prices.dynamodb_storage_gb_month.price,
    ),
    costLine('Logs', usage.logBytes / GB, 'GB', prices.cloudwatch_logs_gb.price),
    costLine('Data transfer out', usage.egressBytes / GB, 'GB', prices.data_transfer_out_gb.price),
    costLine('Custom metrics', USUAL_METRICS, 'metrics', prices.cloudwatch_metric_month.price),
  ];
  const fixed = [
    costLine(
      'Fixed: idle polling',
      FIXED.eventSources * IDLE_REQUESTS_A_MONTH,
      'requests',
      prices.sqs_standard_request_per_million.price / MILLION,
    ),
    costLine('Fixed: KMS key', FIXED.keys, 'key', prices.kms_key_month.price),
    costLine('Fixed: alarms', FIXED.alarmMetrics, 'metrics', prices.cloudwatch_alarm_month.price),
    costLine('Fixed: dashboard', FIXED.dashboards, 'dashboards', prices.cloudwatch_dashboard_month.price),
    costLine('Fixed: webhooks table', WEBHOOKS_TABLE_GB, 'GB-month', prices.dynamodb_storage_gb_month.price),
    costLine(
      'Fixed: point-in-time recovery of it',
      WEBHOOKS_TABLE_GB,
      'GB-month',
      prices.dynamodb_point_in_time_recovery_gb_month.price,
    ),
    costLine('Fixed: pollers', pollers * HOURS_A_MONTH, 'hours', prices.lambda_poller_hour.price),
  ].filter(({ quantity }) => quantity > 0);
  const lines = [...variable, ...fixed];
  return { lines, totalDollars: sum(lines), fixedDollars: sum(fixed) };
}

function sum(lines: readonly CostLine[]): number {
  return lines.reduce((total, { dollars }) => total + dollars, 0);
}
