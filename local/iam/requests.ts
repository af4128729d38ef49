import type { AwsCall, Json } from '../aws-calls.ts';
import { decodeCiphertext } from '../kms/ciphertext.ts';
import { dynamoDbRequests } from './dynamodb-requests.ts';
import type { AccessRequest } from './evaluate.ts';
import { objectIn } from './expressions.ts';
import type { Resources } from './resources.ts';

/** SQS's batch actions need the permission of the single action. */
const SINGLE_ACTIONS: ReadonlyMap<string, string> = new Map([
  ['SendMessageBatch', 'SendMessage'],
  ['DeleteMessageBatch', 'DeleteMessage'],
  ['ChangeMessageVisibilityBatch', 'ChangeMessageVisibility'],
]);

/** Converts a call to IAM's requests. The call is permitted only if every request is allowed. */
export function accessRequests(call: AwsCall, resources: Resources): AccessRequest[] {
  switch (call.service) {
    case 'sqs':
      return [sqsRequest(call.action, call.input, resources)];
    case 'dynamodb':
      return dynamoDbRequests(call.action, call.input, resources);
    case 'events':
      return eventsRequests(call.action, call.input, resources);
    case 'kms':
      return [kmsRequest(call.action, call.input, resources)];
    case 'lambda':
      return [lambdaRequest(call.action, call.input, resources)];
    case 'cloudwatch':
      return [{ action: `cloudwatch:${call.action}`, resource: '*', context: {} }];
  }
}

function sqsRequest(action: string, input: Json, resources: Resources): AccessRequest {
  return {
    action: `sqs:${SINGLE_ACTIONS.get(action) ?? action}`,
    resource: queueArnIn(input, resources),
    context: {},
  };
}

function queueArnIn(input: Json, resources: Resources): string {
  if (typeof input.QueueUrl === 'string') return resources.queueArn(input.QueueUrl);
  if (typeof input.QueueName === 'string') return resources.queueArnOfName(input.QueueName);
  return typeof input.SourceArn === 'string' ? input.SourceArn : '*';
}

/** One request for each entry: each has its own bus, source and detail type. */
function eventsRequests(action: string, input: Json, resources: Resources): AccessRequest[] {
  const entries = Array.isArray(input.Entries) ? input.Entries.map(objectIn) : [];
  if (entries.length === 0) return [{ action: `events:${action}`, resource: '*', context: {} }];
  return entries.map(({ EventBusName: bus, Source: source, DetailType: detailType }) => ({
    action: `events:${action}`,
    resource: resources.busArn(typeof bus === 'string' ? bus : 'default'),
    context: {
      ...(typeof source === 'string' ? { 'events:source': [source] } : {}),
      ...(typeof detailType === 'string' ? { 'events:detail-type': [detailType] } : {}),
    },
  }));
}

/** The permission of Invoke has another name than the action. */
function lambdaRequest(action: string, input: Json, resources: Resources): AccessRequest {
  return {
    action: `lambda:${action === 'Invoke' ? 'InvokeFunction' : action}`,
    resource: resources.functionArn(String(input.FunctionName ?? '')),
    context: {},
  };
}

function kmsRequest(action: string, input: Json, resources: Resources): AccessRequest {
  const context = Object.entries(objectIn(input.EncryptionContext));
  return {
    action: `kms:${action}`,
    resource: resources.keyArn(keyIdIn(input)),
    context: {
      ...(context.length === 0 ? {} : { 'kms:EncryptionContextKeys': context.map(([name]) => name) }),
      ...Object.fromEntries(
        context.map(([name, value]) => [`kms:EncryptionContext:${name}`, [String(value)]]),
      ),
    },
  };
}

/** A Decrypt call may omit the key id: the ciphertext contains the key's ARN. */
function keyIdIn(input: Json): string {
  if (typeof input.KeyId === 'string') return input.KeyId;
  if (typeof input.CiphertextBlob !== 'string') return '';
  return decodeCiphertext(input.CiphertextBlob)?.keyArn ?? '';
}
