import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Services, startServices } from './endpoint-builder.ts';

let services: Services;
beforeEach(async () => {
  services = await startServices();
});
afterEach(() => services.close());

const KIB = 1024;

describe('sending', () => {
  it('returns body, group, attributes and counts', async () => {
    const sqs = services.sqsOf();
    const { url } = services.createQueue('first');
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: 'grüße \u{1f44b}',
        MessageGroupId: 'acct_1',
        MessageAttributes: {
          ERROR_CODE: { DataType: 'String', StringValue: 'NO_PERMISSIONS' },
          digest: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 255]) },
        },
      }),
    );

    const answer = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );

    expect(answer.Messages?.[0]).toMatchObject({
      Body: 'grüße \u{1f44b}',
      Attributes: { MessageGroupId: 'acct_1', ApproximateReceiveCount: '1', SenderId: 'local' },
      MessageAttributes: {
        ERROR_CODE: { DataType: 'String', StringValue: 'NO_PERMISSIONS' },
        digest: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 255]) },
      },
    });
  });

  it('refuses characters that are invalid in XML, for one entry of a batch only', async () => {
    const sqs = services.sqsOf();
    const { url } = services.createQueue('first');

    const answer = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: 'good', MessageBody: 'tab\t and \ufffd' },
          { Id: 'bad', MessageBody: '\uffff' },
          { Id: 'control', MessageBody: '\u0000' },
        ],
      }),
    );

    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(answer.Failed?.map(({ Id, Code }) => [Id, Code])).toEqual([
      ['bad', 'InvalidMessageContents'],
      ['control', 'InvalidMessageContents'],
    ]);
  });

  it.each([
    ['no entry', [], 'EmptyBatchRequest'],
    [
      'eleven entries',
      Array.from({ length: 11 }, (_, i) => ({ Id: `${i}`, MessageBody: 'x' })),
      'TooManyEntriesInBatchRequest',
    ],
    [
      'an id twice',
      [
        { Id: 'a', MessageBody: 'x' },
        { Id: 'a', MessageBody: 'y' },
      ],
      'BatchEntryIdsNotDistinct',
    ],
    ['a bad id', [{ Id: 'a b', MessageBody: 'x' }], 'InvalidBatchEntryId'],
    [
      'more than 1 MiB together',
      [
        { Id: 'a', MessageBody: 'x'.repeat(600 * KIB) },
        { Id: 'b', MessageBody: 'x'.repeat(600 * KIB) },
      ],
      'BatchRequestTooLong',
    ],
  ])('refuses a batch with %s as a whole', async (_, entries, name) => {
    const { url } = services.createQueue('first');

    const sending = services.sqsOf().send(new SendMessageBatchCommand({ QueueUrl: url, Entries: entries }));

    await expect(sending).rejects.toMatchObject({ name });
    expect(services.engine.counts(url).visible).toBe(0);
  });

  it('accepts exactly 1 MiB of body and attributes, and not one byte more', async () => {
    const sqs = services.sqsOf();
    const { url } = services.createQueue('first');
    const attributes = { n: { DataType: 'String', StringValue: 'v' } };
    const largest = 'x'.repeat(KIB * KIB - 'nStringv'.length);
    const send = (body: string) =>
      sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, MessageAttributes: attributes }));

    await send(largest);

    await expect(send(`${largest}x`)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it.each([
    ['a delay over 900 s', { DelaySeconds: 901 }, 'InvalidParameterValue'],
    ['an empty body', { MessageBody: '' }, 'MissingParameter'],
    ['a group id with a space', { MessageGroupId: 'a b' }, 'InvalidParameterValue'],
  ])('refuses %s', async (_, part, name) => {
    const { url } = services.createQueue('first');

    const sending = services
      .sqsOf()
      .send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x', ...part }));

    await expect(sending).rejects.toMatchObject({ name });
  });

  it('refuses a queue that does not exist', async () => {
    const QueueUrl = `${services.endpoint.url}/000000000000/nowhere`;

    const sending = services.sqsOf().send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));

    await expect(sending).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });
});

describe('receiving', () => {
  it('waits for a message that is sent during a long poll', async () => {
    const sqs = services.sqsOf();
    const { url } = services.createQueue('first');
    const polling = sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }));

    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'at last' }));

    expect((await polling).Messages?.[0]?.Body).toBe('at last');
  });

  it('does not receive a message for a long poll whose caller has closed its connection', async () => {
    const sqs = services.sqsOf();
    const { url } = services.createQueue('first');
    const poll = observeNextCall(services);
    const gone = new AbortController();
    const polling = sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }), {
      abortSignal: gone.signal,
    });
    await poll.begun;
    gone.abort();
    await expect(polling).rejects.toMatchObject({ name: 'AbortError' });
    await poll.over;

    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'for others' }));

    expect(services.engine.counts(url)).toMatchObject({ visible: 1, inFlight: 0 });
  });

  it('returns no list for a short poll of an empty queue, at once', async () => {
    const { url } = services.createQueue('first');

    const answer = await services.sqsOf().send(new ReceiveMessageCommand({ QueueUrl: url }));

    expect(answer.Messages).toBeUndefined();
  });
});

describe('deleting', () => {
  it('distinguishes malformed handles from valid ones', async () => {
    const sqs = services.sqsOf();
    const { url } = services.createQueue('first');
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }));
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));

    const answer = await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: 'good', ReceiptHandle: Messages?.[0]?.ReceiptHandle },
          { Id: 'bad', ReceiptHandle: 'nonsense' },
        ],
      }),
    );

    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(answer.Failed).toMatchObject([{ Id: 'bad', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
    expect(services.engine.counts(url)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });
});

describe('the administration of queues', () => {
  it('returns the settings and the counts of a queue', async () => {
    const sqs = services.sqsOf();
    const deadLetters = services.createQueue('poison');
    const { url, arn } = services.createQueue('first', {
      delaySeconds: 3,
      redrive: { deadLetterArn: deadLetters.arn, maxReceiveCount: 20 },
    });
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }));

    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
    );

    expect(Attributes).toMatchObject({
      QueueArn: arn,
      DelaySeconds: '3',
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesDelayed: '1',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 20 }),
    });
  });

  it('finds queues by name and lists them by prefix', async () => {
    const sqs = services.sqsOf();
    const first = services.createQueue('first');
    services.createQueue('retry-1');

    const found = await sqs.send(new GetQueueUrlCommand({ QueueName: 'first' }));
    const listed = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'fi' }));

    expect([found.QueueUrl, listed.QueueUrls]).toEqual([first.url, [first.url]]);
  });

  it('empties a queue', async () => {
    const sqs = services.sqsOf();
    const { url } = services.createQueue('first');
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }));

    await sqs.send(new PurgeQueueCommand({ QueueUrl: url }));

    expect(services.engine.counts(url)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('moves messages from a dead-letter queue, and from no other queue', async () => {
    const sqs = services.sqsOf();
    const deadLetters = services.createQueue('exhausted');
    const first = services.createQueue('first', {
      redrive: { deadLetterArn: deadLetters.arn, maxReceiveCount: 3 },
    });
    await sqs.send(new SendMessageCommand({ QueueUrl: deadLetters.url, MessageBody: 'x' }));

    await sqs.send(
      new StartMessageMoveTaskCommand({ SourceArn: deadLetters.arn, DestinationArn: first.arn }),
    );
    const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: deadLetters.arn }));
    const wrongWay = sqs.send(new StartMessageMoveTaskCommand({ SourceArn: first.arn }));

    expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
    expect(services.engine.counts(first.url).visible).toBe(1);
    await expect(wrongWay).rejects.toThrow(/Dead Letter Queue/);
  });
});

/** When the next call reaches its service, and when the service is done with it. */
function observeNextCall({ use }: Services): { begun: Promise<void>; over: Promise<void> } {
  const begun = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  const stop = use(async (_, next) => {
    stop();
    begun.resolve();
    return next().finally(() => over.resolve());
  });
  return { begun: begun.promise, over: over.promise };
}
