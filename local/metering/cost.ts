import { sum } from '../../measurement/statistics.ts';
import type { ServiceName } from '../aws-calls.ts';
import type { MeterSnapshot } from './meter.ts';
import prices from './prices.json' with { type: 'json' };

/** One line of the bill. */
export interface CostLine {
  readonly name: string;
  readonly quantity: number;
  readonly unit: string;
  readonly dollars: number;
}

/** `price`: dollars for one `unit`. */
export function costLine(name: string, quantity: number, unit: string, price: number): CostLine {
  return { name, quantity, unit, dollars: quantity * price };
}

export interface Cost {
  readonly lines: readonly CostLine[];
  readonly totalDollars: number;
}

const MILLION = 1_000_000;
const TEN_THOUSAND = 10_000;
/** CloudWatch's gigabyte has 2^30 bytes. */
const GB = 1024 ** 3;

/**
 * The price of the metered usage on AWS, by list price and without free tiers. Not included: storage, data transfer to
 * receivers, alarms, the KMS key's monthly price, and polls of idle queues.
 */
export function costOf(snapshot: MeterSnapshot): Cost {
  const chunks = (service: ServiceName): number =>
    sum(snapshot.calls.filter((line) => line.service === service).map((line) => line.chunks));
  const lines = [
    costLine(
      'EventBridge',
      chunks('events'),
      'events',
      prices.eventbridge_custom_event_per_million.price / MILLION,
    ),
    costLine(
      'Lambda requests',
      sum(snapshot.functions.map(({ invocations }) => invocations)),
      'requests',
      prices.lambda_request_per_million.price / MILLION,
    ),
    costLine(
      'Lambda time',
      sum(snapshot.functions.map(({ gbSeconds }) => gbSeconds)),
      'GB-s',
      prices.lambda_arm64_gb_second.price,
    ),
    costLine('SQS', chunks('sqs'), 'requests', prices.sqs_standard_request_per_million.price / MILLION),
    costLine(
      'DynamoDB writes',
      sum(snapshot.calls.map(({ writeUnits }) => writeUnits)),
      'units',
      prices.dynamodb_write_per_million.price / MILLION,
    ),
    costLine(
      'DynamoDB reads',
      sum(snapshot.calls.map(({ readUnits }) => readUnits)),
      'units',
      prices.dynamodb_read_per_million.price / MILLION,
    ),
    costLine('KMS', chunks('kms'), 'requests', prices.kms_request_per_10_thousand.price / TEN_THOUSAND),
    costLine(
      'HTTP API',
      snapshot.httpApi.chunks,
      'requests',
      prices.http_api_request_per_million.price / MILLION,
    ),
    costLine('Logs', snapshot.logBytes / GB, 'GB', prices.cloudwatch_logs_gb.price),
  ];
  return { lines, totalDollars: sum(lines.map(({ dollars }) => dollars)) };
}
