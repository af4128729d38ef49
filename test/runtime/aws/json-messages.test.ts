import {
  type AttributeValue,
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { HttpRequest, HttpResponse } from '@smithy/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convertWithJson } from '../../../lambdas/shared/runtime/aws/json-messages.ts';

const SETTINGS = {
  region: 'eu-west-1',
  credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
  maxAttempts: 1,
};

type Answer = Pick<HttpResponse, 'statusCode' | 'body'>;

/** Clients of the SDK, with and without this project's conversion, and the requests that they sent. */
function clientsWith(answer: Answer) {
  const requests: HttpRequest[] = [];
  const requestHandler = {
    handle: async (request: HttpRequest) => {
      requests.push(request);
      const headers = { 'x-amzn-requestid': 'request-1' };
      return { response: { reason: '', headers, ...answer } };
    },
  };
  const dynamodb = new DynamoDBClient({ ...SETTINGS, requestHandler });
  const sqs = new SQSClient({ ...SETTINGS, requestHandler, md5: false });
  const own = {
    dynamodb: new DynamoDBClient({ ...SETTINGS, requestHandler }),
    sqs: new SQSClient({ ...SETTINGS, requestHandler, md5: false }),
  };
  convertWithJson(own.dynamodb, 'dynamodb');
  convertWithJson(own.sqs, 'sqs');
  return { sdk: { dynamodb, sqs }, own, requests };
}

function json(value: unknown, statusCode = 200): Answer {
  return { statusCode, body: Buffer.from(JSON.stringify(value)) };
}

/** What a service reads of a request. The other headers depend on the time, or are random. */
function readable({ method, protocol, hostname, port, path, query, headers, body }: HttpRequest) {
  const { 'content-type': type, 'x-amz-target': target, 'x-amzn-query-mode': mode } = headers;
  const input = JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body));
  return { method, protocol, hostname, port, path, query, type, target, mode, input };
}

const bytes = fc.uint8Array({ maxLength: 20 });
const name = fc.constantFrom('B', 'BS', 'S', 'M', 'é', '__proto', 'body');
const { attribute } = fc.letrec<{ attribute: AttributeValue }>((tie) => ({
  attribute: fc.oneof(
    { maxDepth: 3 },
    fc.record({ S: fc.string({ unit: 'binary' }) }),
    fc.record({ N: fc.integer().map(String) }),
    fc.record({ BOOL: fc.boolean() }),
    fc.record({ B: bytes }),
    fc.record({ B: bytes.map((given) => Buffer.from(given)) }),
    fc.record({ SS: fc.array(fc.string(), { minLength: 1, maxLength: 3 }) }),
    fc.record({ BS: fc.array(bytes, { minLength: 1, maxLength: 3 }) }),
    fc.record({ L: fc.array(tie('attribute'), { maxLength: 3 }) }),
    fc.record({ M: fc.dictionary(name, tie('attribute'), { maxKeys: 3 }) }),
  ) as fc.Arbitrary<AttributeValue>,
}));
const item = fc.dictionary(name, attribute, { maxKeys: 4 });

describe('requests', () => {
  it('have the same content as those of the SDK', async () => {
    await fc.assert(
      fc.asyncProperty(item, async (Item) => {
        const { sdk, own, requests } = clientsWith(json({}));
        const puts = { webhooks: [{ PutRequest: { Item } }, { DeleteRequest: { Key: Item } }] };

        for (const { dynamodb } of [sdk, own]) {
          await dynamodb.send(new PutItemCommand({ TableName: 'webhooks', Item, ConditionExpression: 'a' }));
          await dynamodb.send(new BatchWriteItemCommand({ RequestItems: puts }));
        }

        const [one, two, three, four] = requests.map(readable);
        expect(three).toEqual(one);
        expect(four).toEqual(two);
      }),
      { numRuns: 60 },
    );
  });

  it('to SQS have the same content as those of the SDK', async () => {
    const { sdk, own, requests } = clientsWith(
      json({ Successful: [{ Id: '0', MessageId: 'm' }], Failed: [] }),
    );
    const Entries = [
      {
        Id: '0',
        MessageBody: '{"text":"é ✓ 😀 \\" \u0007"}',
        MessageGroupId: 'acct_1',
        DelaySeconds: 5,
        MessageAttributes: { reason: { DataType: 'String', StringValue: 'why' } },
      },
    ];
    const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/first';

    const outputs = await Promise.all(
      [sdk, own].map(({ sqs }) => sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))),
    );

    const [one, two] = requests.map(readable);
    expect(two).toEqual(one);
    expect(outputs[1]).toEqual(outputs[0]);
  });
});

describe('responses', () => {
  const get = new GetItemCommand({ TableName: 'webhooks', Key: { pk: { S: 'a' } } });
  const base64 = (value: unknown): unknown =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
  const typed = (value: unknown): unknown => {
    if (value instanceof Uint8Array) return base64(value);
    if (Array.isArray(value)) return value.map(typed);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, typed(field)]));
  };

  it('are read as the SDK reads them', async () => {
    await fc.assert(
      fc.asyncProperty(item, async (Item) => {
        const { sdk, own } = clientsWith(json({ Item: typed(Item) }));

        expect(await own.dynamodb.send(get)).toEqual(await sdk.dynamodb.send(get));
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, Answer]>([
    ['an error', json({ __type: 'com.amazonaws#ConditionalCheckFailedException', message: 'no' }, 400)],
    ['an error of the service', json({ __type: 'com.amazonaws#InternalServerError' }, 500)],
    ['an unknown error', { statusCode: 503, body: Buffer.from('<html>') }],
    ['a success that is not JSON', { statusCode: 200, body: Buffer.from('{"Item":') }],
    ['a success that is a list', json([])],
  ])('with %s end as with the SDK', async (_what, answer) => {
    const { sdk, own } = clientsWith(answer);
    const [expected, actual] = await Promise.all(
      [sdk, own].map(({ dynamodb }) =>
        dynamodb.send(get).then(
          (output) => ({ output }),
          (error: Error) => ({
            name: error.name,
            message: error.message,
            metadata: Reflect.get(error, '$metadata'),
          }),
        ),
      ),
    );

    expect(actual).toEqual(expected);
  });

  it('without a body are empty', async () => {
    const { own } = clientsWith({ statusCode: 200, body: new Uint8Array() });

    expect((await own.dynamodb.send(get)).Item).toBeUndefined();
  });
});

it('leaves other commands to the SDK', async () => {
  const { own, requests } = clientsWith(json({ TableNames: ['webhooks'], Unknown: 1 }));

  const output = await own.dynamodb.send(new ListTablesCommand({ Limit: 1 }));

  expect(output).toEqual({ TableNames: ['webhooks'], $metadata: expect.anything() });
  expect(requests[0]?.body).toBeInstanceOf(Uint8Array);
});

it('does not start when the SDK has no such steps', () => {
  const { own } = clientsWith(json({}));
  own.dynamodb.middlewareStack.remove('serializerMiddleware');

  expect(() => convertWithJson(own.dynamodb, 'dynamodb')).toThrow(
    'the SDK has no middleware serializerMiddleware',
  );
});
