import type { AwsCall, Json } from '../aws-calls.ts';
import { decodeCiphertext } from '../kms/ciphertext.ts';
import { dynamoDbRequests } from './dynamodb-requests.ts';
import type { AccessRequest } from './evaluate.ts';
import { objectIn } from './expressions.ts';
import type { Resources } from './resources.ts';

/** SQS's batch actions have no permission of their own: the single action's is asked for. */
const SINGLE_ACTIONS: ReadonlyMap<string, string> = new Map([
  ['SendMessageBatch', 'SendMessage'],
  ['DeleteMessageBatch', 'DeleteMessage'],
  ['ChangeMessageVisibilityBatch', 'ChangeMessageVisibility'],
]);

/** A call as IAM sees it. The caller may make it only when every one of these is allowed. */
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

/** One for each entry: each names a bus, a source and a detail type of its own. */
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

/** Decrypt need not name its key: the ciphertext does. */
function keyIdIn(input: Json): string {
  if (typeof input.KeyId === 'string') return input.KeyId;
  if (typeof input.CiphertextBlob !== 'string') return '';
  return decodeCiphertext(input.CiphertextBlob)?.keyArn ?? '';
}
