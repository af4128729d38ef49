import type { TableSettings } from '../dynamodb/store.ts';
import type { KmsKey } from '../kms/service.ts';
import type { QueueSettings } from '../sqs/settings.ts';
import { RESOURCE_TYPES } from './resource-types/index.ts';
import type { Resources } from './resources.ts';
import type { Stack } from './stack.ts';

export function readQueues(resources: Resources): Pick<Stack, 'queues' | 'queuePolicies'> {
  const queues = resources
    .all(RESOURCE_TYPES.queue)
    .map(({ name, ref, attribute, properties }): QueueSettings => {
      const redrive = properties.RedrivePolicy;
      return {
        name,
        arn: attribute('Arn'),
        url: ref,
        delaySeconds: properties.DelaySeconds,
        visibilityTimeoutSeconds: properties.VisibilityTimeout,
        retentionSeconds: properties.MessageRetentionPeriod,
        maximumMessageBytes: properties.MaximumMessageSize,
        ...(redrive === undefined
          ? {}
          : {
              redrive: {
                deadLetterArn: redrive.deadLetterTargetArn,
                maxReceiveCount: redrive.maxReceiveCount,
              },
            }),
      };
    });
  const queuePolicies = resources
    .all(RESOURCE_TYPES.queuePolicy)
    .map(({ properties }) => ({ queueUrls: properties.Queues, document: properties.PolicyDocument }));
  return { queues, queuePolicies };
}

export function readTables(resources: Resources): TableSettings[] {
  const tables = [...resources.all(RESOURCE_TYPES.table), ...resources.all(RESOURCE_TYPES.globalTable)];
  return tables.map(({ name, logicalId, properties }) => {
    const keyAttribute = (keyType: 'HASH' | 'RANGE'): string => {
      const key = properties.KeySchema.find(({ KeyType }) => KeyType === keyType)?.AttributeName;
      const type = properties.AttributeDefinitions.find(
        ({ AttributeName }) => AttributeName === key,
      )?.AttributeType;
      if (key !== undefined && type === 'S') return key;
      throw new Error(
        `table ${logicalId}: the local cloud supports tables with two string keys only; its ${keyType} key is not a string`,
      );
    };
    return { name, partitionKey: keyAttribute('HASH'), sortKey: keyAttribute('RANGE') };
  });
}

export function readKeys(resources: Resources): KmsKey[] {
  const aliases = resources.all(RESOURCE_TYPES.alias);
  const keys = [...resources.all(RESOURCE_TYPES.key), ...resources.all(RESOURCE_TYPES.replicaKey)];
  return keys.map(({ ref, attribute }) => {
    const arn = attribute('Arn');
    const own = aliases.filter(
      ({ properties: { TargetKeyId } }) => TargetKeyId === arn || TargetKeyId === ref,
    );
    return { arn, aliases: own.map(({ name }) => name) };
  });
}

export function readRules(resources: Resources): Pick<Stack, 'buses' | 'rules'> {
  const buses = resources
    .all(RESOURCE_TYPES.eventBus)
    .map(({ name, attribute }) => ({ name, arn: attribute('Arn') }));
  const enabled = resources
    .all(RESOURCE_TYPES.rule)
    .filter(({ properties }) => properties.State === 'ENABLED');
  const rules = enabled.map(({ name, attribute, properties }) => {
    const { EventPattern: pattern, EventBusName, Targets } = properties;
    const targets = Targets.map(({ Arn, DeadLetterConfig, RetryPolicy }) => ({
      queueArn: Arn,
      maximumRetryAttempts: RetryPolicy.MaximumRetryAttempts,
      maximumEventAgeMs: RetryPolicy.MaximumEventAgeInSeconds * 1000,
      ...(DeadLetterConfig === undefined ? {} : { deadLetterArn: DeadLetterConfig.Arn }),
    }));
    return { name, arn: attribute('Arn'), busName: nameOfBus(EventBusName), pattern, targets };
  });
  return { buses, rules };
}

/** A rule refers to its bus by name or by ARN. */
function nameOfBus(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}
