import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../local/aws-calls.ts';
import { queueArn, type Services, startServices } from './endpoint-builder.ts';

const SENDER = {
  roleName: 'SenderRole',
  functionName: 'Sender',
  policies: [{ Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn('first') }] }],
};

let services: Services;
beforeEach(async () => {
  services = await startServices({ principals: new Map([['AKIDSENDER', SENDER]]) });
});
afterEach(() => services.close());

const post = (headers: Record<string, string>, body = '{}') =>
  fetch(services.endpoint.url, { method: 'POST', headers, body });
const SIGNED = {
  authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/sqs/aws4_request, Signature=0',
};

describe('callers', () => {
  it('are identified by their access key id, and may do what their role allows', async () => {
    const { url } = services.createQueue('first');
    const sqs = services.sqsOf('AKIDSENDER');

    await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: [{ Id: 'a', MessageBody: 'x' }] }));
    const receiving = sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));

    await expect(receiving).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(
        'assumed-role/SenderRole/Sender is not authorized to perform: sqs:ReceiveMessage',
      ),
    });
    expect(services.meter.snapshot().calls.map(({ principal, action }) => [principal, action])).toEqual([
      ['AKIDSENDER', 'SendMessageBatch'],
    ]);
  });

  it("are refused with each service's own error if their role does not allow it", async () => {
    const reading = services
      .dynamodbOf('AKIDSENDER')
      .send(new GetItemCommand({ TableName: 'Webhooks', Key: { pk: { S: 'KEYRING' } } }));
    await expect(reading).rejects.toMatchObject({ name: 'AccessDeniedException' });

    const putting = services
      .eventsOf('AKIDSENDER')
      .send(new PutEventsCommand({ Entries: [{ Source: 's', DetailType: 't', Detail: '{}' }] }));
    await expect(putting).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('are refused if their access key id is unknown', async () => {
    const { url } = services.createQueue('first');

    const sending = services
      .sqsOf('AKIDNOBODY')
      .send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }));
    await expect(sending).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
      $metadata: { httpStatusCode: 403 },
    });

    const reading = services
      .dynamodbOf('AKIDNOBODY')
      .send(new GetItemCommand({ TableName: 'T', Key: { pk: { S: 'x' } } }));
    await expect(reading).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  });

  it('are refused without a signature', async () => {
    const response = await post({ 'x-amz-target': 'AmazonSQS.ListQueues' });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      __type: expect.stringContaining('MissingAuthenticationToken'),
    });
  });
});

describe('requests', () => {
  it.each([
    [
      'an unknown service',
      { 'x-amz-target': 'AmazonSNS.Publish', ...SIGNED },
      '{}',
      'UnknownOperationException',
    ],
    ['no target', SIGNED, '{}', 'UnknownOperationException'],
    [
      'a body that is not JSON',
      { 'x-amz-target': 'AmazonSQS.ListQueues', ...SIGNED },
      '{',
      'SerializationException',
    ],
    [
      'an unknown action',
      { 'x-amz-target': 'AmazonSQS.CreateQueue', ...SIGNED },
      '{}',
      'UnsupportedOperation',
    ],
  ])('with %s are refused', async (_, headers, body, code) => {
    const response = await post(headers, body);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: expect.stringContaining(code) });
  });

  it('of SQS have the error code of the query protocol in a header', async () => {
    const body = JSON.stringify({ QueueUrl: `${services.endpoint.url}/0/nowhere` });

    const response = await post({ 'x-amz-target': 'AmazonSQS.GetQueueAttributes', ...SIGNED }, body);

    expect(response.headers.get('x-amzn-query-error')).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
  });

  it('over 16 MiB are refused', async () => {
    const response = await post(
      { 'x-amz-target': 'AmazonSQS.ListQueues', ...SIGNED },
      'x'.repeat(16 * 1024 * 1024 + 1),
    );

    expect(response.status).toBe(413);
  });
});

describe('interceptors', () => {
  const send = (body: string) =>
    services.sqsOf().send(
      new SendMessageCommand({
        QueueUrl: `${services.endpoint.url}/000000000000/first`,
        MessageBody: body,
      }),
    );
  const bodies = (): string[] =>
    services.engine
      .receive({ queueUrl: '/first', max: 10, visibilityTimeoutSeconds: 0 })
      .map(({ message }) => message.body);

  it('can fail a call before it reaches its service, which is then not metered', async () => {
    services.createQueue('first');
    services.use(async () => {
      throw new AwsError({ code: 'ServiceUnavailable', message: 'a fault', status: 503 });
    });

    await expect(send('x')).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });

    expect({ bodies: bodies(), metered: services.meter.snapshot().calls }).toEqual({
      bodies: [],
      metered: [],
    });
  });

  it('can run a call and fail it afterwards', async () => {
    services.createQueue('first');
    services.use(async (_, next) => {
      await next();
      throw new AwsError({ code: 'InternalFailure', message: 'the answer was lost', status: 500 });
    });

    await expect(send('x')).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });

    expect(bodies()).toEqual(['x']);
  });

  it('can change the input, the newest outermost, until they are removed', async () => {
    services.createQueue('first');
    const append = (text: string) =>
      services.use((call, next) => next({ ...call.input, MessageBody: `${call.input.MessageBody}${text}` }));
    append('1');
    const remove = append('2');
    // The SDK checks the digest of the body, which is another one now.
    await send('a').catch(() => undefined);
    remove();
    await send('b').catch(() => undefined);

    expect(bodies()).toEqual(['a21', 'b1']);
  });
});

describe('internal errors', () => {
  it('cause status 500 and are reported', async () => {
    services.use(async () => {
      throw new TypeError('a bug');
    });

    const response = await post({ 'x-amz-target': 'AmazonSQS.ListQueues', ...SIGNED });

    expect(response.status).toBe(500);
    expect(services.faults).toEqual([new TypeError('a bug')]);
  });
});

describe('closing', () => {
  it('ends a running long poll', async () => {
    const closing = await startServices();
    const { url } = closing.createQueue('first');
    const begun = Promise.withResolvers<void>();
    closing.use((_, next) => {
      begun.resolve();
      return next();
    });
    const polling = closing.sqsOf().send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }));
    const ended = expect(polling).rejects.toThrow();
    await begun.promise;

    await closing.close();

    await ended;
  });
});
