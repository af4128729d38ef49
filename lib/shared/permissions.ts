import type { IEventBusRef } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** Policy statements of the functions' roles. CDK's own grants allow more than is used, so no role has any. */
type Conditions = Record<string, Record<string, string | string[]>>;

export function allow(actions: string[], resources: string[], conditions: Conditions = {}): PolicyStatement {
  return new PolicyStatement({ actions, resources, conditions });
}

/** For the calls that an event source mapping makes with the function's role, and for postponing a message. */
export function allowConsuming(queues: readonly IQueue[]): PolicyStatement {
  return allow(
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
    queues.map((queue) => queue.queueArn),
  );
}

/** SendMessageBatch requires the same permission. */
export function allowSending(queues: readonly IQueue[]): PolicyStatement {
  return allow(
    ['sqs:SendMessage'],
    queues.map((queue) => queue.queueArn),
  );
}

export function allowDecrypting(key: IKey): PolicyStatement {
  return allow(['kms:Decrypt'], [key.keyArn]);
}

/** With this source only: the function cannot publish an event in the name of another publisher. */
export function allowPublishing(bus: IEventBusRef, source: string): PolicyStatement {
  // A call can contain several events, so the key can have several values.
  const onlyThisSource = withPresence('ForAllValues:StringEquals', 'events:source', [source]);
  return allow(['events:PutEvents'], [bus.eventBusRef.eventBusArn], onlyThisSource);
}

export function allowLogging(logGroup: LogGroup): PolicyStatement {
  return allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
}

/** Items whose partition key matches one of `patterns`. */
export function onPartitions(...patterns: string[]): Conditions {
  return withPresence('ForAllValues:StringLike', 'dynamodb:LeadingKeys', patterns);
}

/** The same, and an expression may name these attributes only, so that no other attribute is written. */
export function onAttributes(attributes: readonly string[], ...partitions: string[]): Conditions {
  const keys = onPartitions(...partitions);
  const names = withPresence('ForAllValues:StringEquals', 'dynamodb:Attributes', [...attributes]);
  return { ...keys, ...names, Null: { ...keys.Null, ...names.Null } };
}

/** A ForAllValues condition is true when its key is absent. The Null condition refuses that case. */
function withPresence(operator: string, key: string, values: string[]): Conditions {
  return { [operator]: { [key]: values }, Null: { [key]: 'false' } };
}
