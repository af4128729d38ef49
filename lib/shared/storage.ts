import {
  AttributeType,
  BillingMode,
  Table,
  TableEncryption,
  type TableProps,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE } from '../../lambdas/shared/store/iam-attributes.ts';
import { MINUTE, type Monitoring } from './monitoring.ts';
import { createSecretsKey } from './secrets-key.ts';
import {
  readTableProtection,
  type TableProtection,
  type TableProtectionOptions,
} from './table-protection.ts';

export interface StorageProps {
  readonly removalPolicy: RemovalPolicy;
  readonly tableProtection: TableProtectionOptions;
  readonly multiRegionKey: boolean;
  /** The multi-Region key of another Region, of which a replica is used. */
  readonly primaryKeyArn?: string;
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
  readonly secretsKey: IKey;

  constructor(scope: Construct, id: string, props: StorageProps) {
    super(scope, id);
    const { removalPolicy, primaryKeyArn, multiRegionKey: multiRegion } = props;
    this.recordRetentionDays = props.recordRetentionDays;
    const protection = readTableProtection(props.tableProtection, removalPolicy);

    this.webhooks = createTable(this, 'Webhooks', protection.webhooks, { removalPolicy });
    if (!protection.webhooks.pointInTimeRecovery) {
      Validations.of(this.webhooks).acknowledge({
        id: 'AwsSolutions-DDB3',
        reason: 'The operator turned point-in-time recovery off, for example since AWS Backup makes backups.',
      });
    }
    this.deliveries = createTable(this, 'Deliveries', protection.deliveries, {
      removalPolicy,
      timeToLiveAttribute: TTL_ATTRIBUTE,
    });
    if (!protection.deliveries.pointInTimeRecovery) {
      Validations.of(this.deliveries).acknowledge({
        id: 'AwsSolutions-DDB3',
        reason:
          'It is a log whose items expire. A restored copy would be wrong about all deliveries made since the backup, and backups would double the price of its many writes.',
      });
    }
    this.secretsKey = createSecretsKey(this, 'SecretsKey', {
      removalPolicy,
      multiRegion,
      ...(primaryKeyArn === undefined ? {} : { primaryKeyArn }),
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
function createTable(
  scope: Construct,
  id: string,
  { pointInTimeRecovery, deletionProtection }: Required<TableProtection>,
  props: Partial<TableProps>,
): Table {
  return new Table(scope, id, {
    partitionKey: { name: PARTITION_KEY, type: AttributeType.STRING },
    sortKey: { name: SORT_KEY, type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.DEFAULT,
    // Set even when they are false, so that turning one off changes the template.
    deletionProtection,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: pointInTimeRecovery },
    ...props,
  });
}
