import { describe, expect, it } from 'vitest';
import type { AwsCall } from '../../local/aws-calls.ts';
import { accessRequests } from '../../local/iam/requests.ts';
import { createResources } from '../../local/iam/resources.ts';
import { createKms } from '../../local/kms/service.ts';

const TABLE = 'arn:aws:dynamodb:eu-west-1:000000000000:table/Webhooks';
const KEY = 'arn:aws:kms:eu-west-1:000000000000:key/secrets';

const kms = createKms({ keys: [{ arn: KEY, aliases: ['alias/secrets'] }] });
const resources = createResources({
  region: 'eu-west-1',
  accountId: '000000000000',
  partitionKeyOf: (table) => (table === 'Webhooks' || table === 'Deliveries' ? 'pk' : undefined),
  keyArnOf: (keyId) => kms.keyArnOf(keyId),
});

const requestsOf = (service: AwsCall['service'], action: string, input: Record<string, unknown>) =>
  accessRequests({ principal: 'sender', service, action, input }, resources);

describe('the requests of a DynamoDB call', () => {
  const key = (pk: string) => ({ pk: { S: pk }, sk: { S: 'x' } });

  it('contain the leading key and every attribute of an update, with placeholders resolved', () => {
    const [request] = requestsOf('dynamodb', 'UpdateItem', {
      TableName: 'Webhooks',
      Key: key('ACCOUNT#1'),
      UpdateExpression: 'SET #status = :a, slow.since = if_not_exists(first_seen, :b) REMOVE pending_url',
      ConditionExpression: 'attribute_exists(pk) AND #v.id = :id AND NOT size(tags) BETWEEN :x AND :y',
      ExpressionAttributeNames: { '#status': 'status', '#v': 'verification' },
    });

    expect(request).toMatchObject({
      action: 'dynamodb:UpdateItem',
      resource: TABLE,
      context: { 'dynamodb:LeadingKeys': ['ACCOUNT#1'] },
    });
    expect(request?.context['dynamodb:Attributes']?.toSorted()).toEqual([
      'first_seen',
      'pending_url',
      'pk',
      'sk',
      'slow',
      'status',
      'tags',
      'verification',
    ]);
  });

  it.each([
    ['pk = :pk AND begins_with(sk, :sk)', {}],
    ['(#p = :pk) and (#s between :sk and :sk)', { '#p': 'pk', '#s': 'sk' }],
    [':pk=pk', {}],
  ])('contain the leading key of a query by %s', (KeyConditionExpression, ExpressionAttributeNames) => {
    const [request] = requestsOf('dynamodb', 'Query', {
      TableName: 'Webhooks',
      KeyConditionExpression,
      ExpressionAttributeNames,
      ExpressionAttributeValues: { ':pk': { S: 'ACCOUNT#1' }, ':sk': { S: 'WEBHOOK#' } },
    });

    expect(request?.context['dynamodb:LeadingKeys']).toEqual(['ACCOUNT#1']);
  });

  it('contain no leading key for a Scan, so that the condition Null refuses it', () => {
    const [request] = requestsOf('dynamodb', 'Scan', { TableName: 'Webhooks' });

    expect(request?.context).toEqual({});
  });

  it('are one for each table of a batch, with the keys of that table', () => {
    const requests = requestsOf('dynamodb', 'BatchGetItem', {
      RequestItems: {
        Webhooks: { Keys: [key('ACCOUNT#1'), key('KEY#2')], ConsistentRead: true },
        Deliveries: { Keys: [key('WEBHOOK#1')] },
      },
    });

    expect(
      requests.map(({ action, resource, context }) => [action, resource, context['dynamodb:LeadingKeys']]),
    ).toEqual([
      ['dynamodb:BatchGetItem', TABLE, ['ACCOUNT#1', 'KEY#2']],
      ['dynamodb:BatchGetItem', TABLE.replace('Webhooks', 'Deliveries'), ['WEBHOOK#1']],
    ]);
  });

  it('contain puts and deletes of a batch write', () => {
    const [request] = requestsOf('dynamodb', 'BatchWriteItem', {
      RequestItems: {
        Deliveries: [
          { PutRequest: { Item: { ...key('WEBHOOK#1'), status: { S: 'delivered' } } } },
          { DeleteRequest: { Key: key('WEBHOOK#2') } },
        ],
      },
    });

    expect(request?.context).toEqual({
      'dynamodb:LeadingKeys': ['WEBHOOK#1', 'WEBHOOK#2'],
      'dynamodb:Attributes': ['pk', 'sk', 'status'],
    });
  });

  it('are not made for legacy parameters: the call is refused', () => {
    const input = { TableName: 'Webhooks', Key: key('ACCOUNT#1'), AttributesToGet: ['secret'] };

    expect(() => requestsOf('dynamodb', 'GetItem', input)).toThrow(/AttributesToGet/);
  });
});

describe('the requests of other calls', () => {
  it.each(['SendMessage', 'DeleteMessage', 'ChangeMessageVisibility'])(
    'need sqs:%s for a batch of it',
    (single) => {
      const QueueUrl = 'http://127.0.0.1:1/000000000000/first';

      expect(requestsOf('sqs', `${single}Batch`, { QueueUrl })).toEqual([
        { action: `sqs:${single}`, resource: 'arn:aws:sqs:eu-west-1:000000000000:first', context: {} },
      ]);
    },
  );

  it('are one for each entry of PutEvents, with its own bus, source and detail type', () => {
    const requests = requestsOf('events', 'PutEvents', {
      Entries: [
        { EventBusName: 'fanout', Source: 'a', DetailType: 't' },
        {
          EventBusName: 'arn:aws:events:eu-west-1:000000000000:event-bus/other',
          Source: 'b',
          DetailType: 't',
        },
      ],
    });

    expect(requests.map(({ resource, context }) => [resource, context['events:source']])).toEqual([
      ['arn:aws:events:eu-west-1:000000000000:event-bus/fanout', ['a']],
      ['arn:aws:events:eu-west-1:000000000000:event-bus/other', ['b']],
    ]);
  });

  it('contain the key of a Decrypt, from its ciphertext, and the encryption context', async () => {
    const sealed = await kms.call(
      'Encrypt',
      { KeyId: 'alias/secrets', Plaintext: 'AAAA' },
      { principal: 'local', useUnits: () => undefined },
    );

    const [request] = requestsOf('kms', 'Decrypt', {
      CiphertextBlob: sealed.CiphertextBlob,
      EncryptionContext: { purpose: 'keyring' },
    });

    expect(request).toMatchObject({
      action: 'kms:Decrypt',
      resource: KEY,
      context: { 'kms:EncryptionContext:purpose': ['keyring'], 'kms:EncryptionContextKeys': ['purpose'] },
    });
  });
});
