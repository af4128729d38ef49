import type { IEventBusRef } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** Policy statements of the functions' roles. CDK's grants are not used, since they allow more than is needed. */
type Conditions = Record<string, Record<string, string | string[]>>;

export function allow(actions: string[], resources: string[], conditions: Conditions = {}): PolicyStatement {
  return new PolicyStatement({ actions, resources, conditions });
}

/** The calls that an event source mapping makes with the function's role, and changing a message's visibility. */
export function allowConsuming(queues: readonly IQueue[]): PolicyStatement {
  return allow(
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
    queues.map((queue) => queue.queueArn),
  );
}

/** Also allows SendMessageBatch, which requires the same permission. */
export function allowSending(queues: readonly IQueue[]): PolicyStatement {
  return allow(
    ['sqs:SendMessage'],
    queues.map((queue) => queue.queueArn),
  );
}

export function allowDecrypting(key: IKey): PolicyStatement {
  return allow(['kms:Decrypt'], [key.keyArn]);
}

/** Allows only events with this source, and of this type: the role cannot publish events of other publishers. */
export function allowPublishing(bus: IEventBusRef, source: string, detailType?: string): PolicyStatement {
  // A call can contain several events, so that the condition keys can have several values.
  const onlyThisSource = withPresence('ForAllValues:StringEquals', 'events:source', [source]);
  const onlyThisType =
    detailType === undefined
      ? {}
      : withPresence('ForAllValues:StringEquals', 'events:detail-type', [detailType]);
  return allow(['events:PutEvents'], [bus.eventBusRef.eventBusArn], both(onlyThisSource, onlyThisType));
}

/**
 * Allows Lambda to connect a function to a VPC with the function's role, and denies the same to the function's own code.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
export function allowNetworkInterfaces(): PolicyStatement[] {
  const actions = [
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ];
  const conditions = { ArnLike: { 'lambda:SourceFunctionArn': '*' } };
  return [
    allow(actions, ['*']),
    new PolicyStatement({ effect: Effect.DENY, actions, resources: ['*'], conditions }),
  ];
}

export function allowLogging(logGroup: LogGroup): PolicyStatement {
  return allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
}

/** Lambda sends the segments with the function's role. These actions accept no other resource than `*`. */
export function allowTracing(): PolicyStatement {
  return allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], ['*']);
}

/** Restricts a statement to items whose partition key matches one of `patterns`. */
export function onPartitions(...patterns: string[]): Conditions {
  return withPresence('ForAllValues:StringLike', 'dynamodb:LeadingKeys', patterns);
}

/** As `onPartitions`, and restricts expressions to these attributes, so that no other attribute is written. */
export function onAttributes(attributes: readonly string[], ...partitions: string[]): Conditions {
  const keys = onPartitions(...partitions);
  const names = withPresence('ForAllValues:StringEquals', 'dynamodb:Attributes', [...attributes]);
  return both(keys, names);
}

function both(one: Conditions, other: Conditions): Conditions {
  const operators = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(
    operators.map((operator) => [operator, { ...one[operator], ...other[operator] }]),
  );
}

/** A ForAllValues condition is true when its key is absent. The Null condition denies that case. */
function withPresence(operator: string, key: string, values: string[]): Conditions {
  return { [operator]: { [key]: values }, Null: { [key]: 'false' } };
}
