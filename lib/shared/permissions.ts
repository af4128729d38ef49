import type { IEventBusRef } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/**
 * What the functions may do, statement by statement. CDK's own grants are wider than what is used, so no
 * role takes any.
 */
type Conditions = Record<string, Record<string, string | string[]>>;

export function allow(actions: string[], resources: string[], conditions: Conditions = {}): PolicyStatement {
  return new PolicyStatement({ actions, resources, conditions });
}

/** What an event source mapping does in a function's name, and a sender that postpones a message. */
export function allowConsuming(queues: readonly IQueue[]): PolicyStatement {
  return allow(
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
    queues.map((queue) => queue.queueArn),
  );
}

/** SendMessageBatch needs this permission too, and no other. */
export function allowSending(queues: readonly IQueue[]): PolicyStatement {
  return allow(
    ['sqs:SendMessage'],
    queues.map((queue) => queue.queueArn),
  );
}

export function allowDecrypting(key: IKey): PolicyStatement {
  return allow(['kms:Decrypt'], [key.keyArn]);
}

/** Only in its own name: a function that publishes cannot pass its events off as the product's. */
export function allowPublishing(bus: IEventBusRef, source: string): PolicyStatement {
  // Each call may carry several events, so the key may have several values.
  const onlyThisSource = withPresence('ForAllValues:StringEquals', 'events:source', [source]);
  return allow(['events:PutEvents'], [bus.eventBusRef.eventBusArn], onlyThisSource);
}

export function allowLogging(logGroup: LogGroup): PolicyStatement {
  return allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
}

/** Items whose partition key is like one of `patterns`. */
export function onPartitions(...patterns: string[]): Conditions {
  return withPresence('ForAllValues:StringLike', 'dynamodb:LeadingKeys', patterns);
}

/** The same, and no other attribute than these may be named in an expression, so none other is written. */
export function onAttributes(attributes: readonly string[], ...partitions: string[]): Conditions {
  const keys = onPartitions(...partitions);
  const names = withPresence('ForAllValues:StringEquals', 'dynamodb:Attributes', [...attributes]);
  return { ...keys, ...names, Null: { ...keys.Null, ...names.Null } };
}

/** A ForAllValues condition holds when its key is absent; the Null beside it refuses that. */
function withPresence(operator: string, key: string, values: string[]): Conditions {
  return { [operator]: { [key]: values }, Null: { [key]: 'false' } };
}
