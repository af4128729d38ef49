import {
  AttributeType,
  BillingMode,
  Table,
  TableEncryption,
  type TableProps,
} from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE } from '../../lambdas/shared/store/iam-attributes.ts';
import { MINUTE, type Monitoring } from './monitoring.ts';

export interface StorageProps {
  readonly removalPolicy: RemovalPolicy;
  /** Whole days. */
  readonly recordRetentionDays: number;
  readonly monitoring: Monitoring;
}

/**
 * Two tables, which differ in volume, retention, backup and write permissions, and the KMS key that encrypts the data
 * key of the customers' secrets. The KMS key has the removal policy of the tables: without the key, every secret is
 * lost.
 */
export class Storage extends Construct {
  /** Webhooks, API keys and the encrypted data key. */
  readonly webhooks: Table;
  /** Events and the records of their deliveries. Each item expires. */
  readonly deliveries: Table;
  /** Whole days from the acceptance of an event until its items expire. */
  readonly recordRetentionDays: number;
  readonly secretsKey: Key;

  constructor(scope: Construct, id: string, props: StorageProps) {
    super(scope, id);
    const { removalPolicy } = props;
    this.recordRetentionDays = props.recordRetentionDays;

    this.webhooks = createTable(this, 'Webhooks', {
      removalPolicy,
      deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    });
    this.deliveries = createTable(this, 'Deliveries', { removalPolicy, timeToLiveAttribute: TTL_ATTRIBUTE });
    Validations.of(this.deliveries).acknowledge({
      id: 'AwsSolutions-DDB3',
      reason:
        'It is a log whose items expire. A restored copy would be wrong about all deliveries made since the backup, and backups would double the price of its many writes.',
    });
    this.secretsKey = new Key(this, 'SecretsKey', {
      description: "Wraps the data key that seals the webhooks' signing secrets",
      enableKeyRotation: true,
      removalPolicy,
    });
    const { monitoring } = props;
    alarmOnThrottling(this, monitoring, this.webhooks, 'webhooks');
    alarmOnThrottling(this, monitoring, this.deliveries, 'deliveries');
  }
}

function alarmOnThrottling(scope: Construct, monitoring: Monitoring, table: Table, name: string): void {
  for (const { metricName, of, calls } of [
    { metricName: 'ReadThrottleEvents', of: `${name}-reads`, calls: 'reads' },
    { metricName: 'WriteThrottleEvents', of: `${name}-writes`, calls: 'writes' },
  ]) {
    monitoring.addAlarm(scope, {
      article: 'table-throttled',
      of,
      severity: 'ticket',
      meaning: `DynamoDB throttles ${calls} of the ${name} table: deliveries and the API are slow.`,
      metric: table.metric(metricName, { statistic: 'Sum', period: MINUTE }),
      threshold: 1,
      datapoints: 5,
      periods: 5,
    });
  }
}

/**
 * The table is encrypted with a key that DynamoDB owns. With a KMS key, the table could not be read during an outage of
 * KMS. The secrets in the table are also encrypted by the functions.
 */
function createTable(scope: Construct, id: string, props: Partial<TableProps>): Table {
  return new Table(scope, id, {
    partitionKey: { name: PARTITION_KEY, type: AttributeType.STRING },
    sortKey: { name: SORT_KEY, type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.DEFAULT,
    ...props,
  });
}
