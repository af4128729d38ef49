import { AwsError, type Json } from '../aws-calls.ts';
import type { AccessRequest } from './evaluate.ts';
import { attributesIn, objectIn, partitionKeyIn, textOf } from './expressions.ts';
import type { RequestContext } from './policy.ts';
import type { Resources } from './resources.ts';

const EXPRESSIONS = [
  'UpdateExpression',
  'ConditionExpression',
  'KeyConditionExpression',
  'FilterExpression',
  'ProjectionExpression',
];

/** Legacy parameters. The attributes in them are not evaluated, so calls with them are refused. */
const LEGACY = [
  'AttributesToGet',
  'AttributeUpdates',
  'Expected',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
];

/** Converts a DynamoDB call to IAM's requests: one for each table. */
export function dynamoDbRequests(action: string, input: Json, resources: Resources): AccessRequest[] {
  const request = (table: string, parts: readonly Json[]): AccessRequest => ({
    action: `dynamodb:${action}`,
    resource: resources.tableArn(table),
    context: contextOf(parts, input, resources.partitionKeyOf(table)),
  });
  const batch = Object.entries(objectIn(input.RequestItems));
  if (action === 'BatchGetItem') {
    return batch.map(([table, part]) => request(table, keysAndExpressions(objectIn(part))));
  }
  if (action === 'BatchWriteItem') {
    return batch.map(([table, writes]) => request(table, listIn(writes).map(writeOf)));
  }
  if (action === 'ListTables') return [{ action: 'dynamodb:ListTables', resource: '*', context: {} }];
  return [request(typeof input.TableName === 'string' ? input.TableName : '', [input])];
}

/** Condition keys such as `dynamodb:LeadingKeys` and `dynamodb:Attributes`. A key without values is absent. */
function contextOf(parts: readonly Json[], input: Json, partitionKey: string | undefined): RequestContext {
  const leading = new Set<string>();
  const attributes = new Set<string>();
  for (const part of parts) {
    const legacy = LEGACY.find((name) => part[name] !== undefined);
    if (legacy !== undefined) {
      throw new AwsError({
        code: 'ValidationException',
        message: `The local cloud does not support ${legacy}; use an expression.`,
      });
    }
    const key = { ...objectIn(part.Key), ...objectIn(part.Item) };
    const names = { ...objectIn(input.ExpressionAttributeNames), ...objectIn(part.ExpressionAttributeNames) };
    for (const name of Object.keys(key)) attributes.add(name);
    for (const expression of EXPRESSIONS.map((name) => part[name])) {
      if (typeof expression !== 'string') continue;
      for (const name of attributesIn(expression, names)) attributes.add(name);
    }
    if (partitionKey === undefined) continue;
    const value = textOf(key[partitionKey]) ?? partitionKeyIn(part, partitionKey);
    if (value !== undefined) leading.add(value);
  }
  return {
    ...(leading.size === 0 ? {} : { 'dynamodb:LeadingKeys': [...leading] }),
    ...(attributes.size === 0 ? {} : { 'dynamodb:Attributes': [...attributes] }),
    ...(typeof input.ReturnValues === 'string' ? { 'dynamodb:ReturnValues': [input.ReturnValues] } : {}),
    ...(typeof input.Select === 'string' ? { 'dynamodb:Select': [input.Select] } : {}),
  };
}

/** A table's part of a BatchGetItem: its keys, and the projection that applies to all of them. */
function keysAndExpressions(part: Json): Json[] {
  const { Keys: keys, ...rest } = part;
  return [rest, ...listIn(keys).map((key) => ({ Key: key }))];
}

function writeOf(write: unknown): Json {
  const { PutRequest: put, DeleteRequest: remove } = objectIn(write);
  return { ...objectIn(put), ...objectIn(remove) };
}

function listIn(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
