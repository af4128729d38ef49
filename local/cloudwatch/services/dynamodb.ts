import { type AwsCall, AwsError, type RequestUnits } from '../../aws-calls.ts';
import type { MetricReport } from './metric-report.ts';

export interface DynamoDbMetrics {
  /** Adds the request units of a call to the metrics of its tables. */
  call(units: RequestUnits): void;
  /** Counts a call that failed, if it was throttled. */
  failed(call: AwsCall, error: unknown): void;
}

const THROTTLED = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
]);
const READS = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems']);

export function createDynamoDbMetrics(report: MetricReport): DynamoDbMetrics {
  const add = (name: string, dimensions: Record<string, string>, value: number): void =>
    report({ namespace: 'AWS/DynamoDB', name, dimensions }, value);

  return {
    call({ byTable }) {
      for (const [table, { read, write }] of byTable) {
        if (read > 0) add('ConsumedReadCapacityUnits', { TableName: table }, read);
        if (write > 0) add('ConsumedWriteCapacityUnits', { TableName: table }, write);
      }
    },
    failed(call, error) {
      if (!(error instanceof AwsError) || !THROTTLED.has(error.code)) return;
      const { action: Operation } = call;
      for (const TableName of tablesOf(call)) {
        add(READS.has(Operation) ? 'ReadThrottleEvents' : 'WriteThrottleEvents', { TableName }, 1);
        add('ThrottledRequests', { TableName, Operation }, 1);
      }
    },
  };
}

function tablesOf({ input }: AwsCall): string[] {
  if (typeof input.TableName === 'string') return [input.TableName];
  return typeof input.RequestItems === 'object' && input.RequestItems !== null
    ? Object.keys(input.RequestItems)
    : [];
}
