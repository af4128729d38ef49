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
import { PARTITION_KEY, SORT_KEY, TTL_ATTRIBUTE } from '../../lambdas/shared/store/attributes.ts';

export interface StorageProps {
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Two tables, because they differ in volume, retention, backup and in who may write; and the key that wraps
 * the data key of the customers' secrets. The key lives and goes with the tables: without it every secret
 * is lost.
 */
export class Storage extends Construct {
  /** Webhooks, API keys and the wrapped data key. */
  readonly webhooks: Table;
  /** Events and what became of their deliveries; each item expires by itself. */
  readonly deliveries: Table;
  readonly secretsKey: Key;

  constructor(scope: Construct, id: string, props: StorageProps) {
    super(scope, id);
    const { removalPolicy } = props;

    this.webhooks = createTable(this, 'Webhooks', {
      removalPolicy,
      deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    });
    this.deliveries = createTable(this, 'Deliveries', { removalPolicy, timeToLiveAttribute: TTL_ATTRIBUTE });
    Validations.of(this.deliveries).acknowledge({
      id: 'AwsSolutions-DDB3',
      reason:
        'A log that expires after 30 days. Restoring it would say nothing true about deliveries that were made since, and each of its many writes would be paid for twice.',
    });
    this.secretsKey = new Key(this, 'SecretsKey', {
      description: "Wraps the data key that seals the webhooks' signing secrets",
      enableKeyRotation: true,
      removalPolicy,
    });
  }
}

/**
 * Encrypted under a key that DynamoDB owns: the secrets in it are sealed already, and a table under a KMS key
 * would stop with KMS.
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
