import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AwsCall, AwsError, type Json } from '../../../local/aws-calls.ts';
import { createCloudWatch } from '../../../local/cloudwatch/cloudwatch.ts';
import { MINUTE_MS } from '../../../local/cloudwatch/metric-store.ts';
import { createSqsEngine } from '../../../local/sqs/engine.ts';

const QUEUE = {
  name: 'work',
  arn: 'arn:aws:sqs:us-east-1:000000000000:work',
  url: 'http://127.0.0.1/000000000000/work',
  delaySeconds: 0,
  visibilityTimeoutSeconds: 30,
  retentionSeconds: 14 * 86_400,
};
const DEAD_LETTERS = {
  ...QUEUE,
  name: 'dead',
  arn: `${QUEUE.arn}-dead`,
  url: 'http://127.0.0.1/000000000000/dead',
};
const NO_UNITS = { read: 0, write: 0, byTable: new Map() };

function start() {
  const clock = { now: () => Date.now() };
  const queues = createSqsEngine({ clock });
  queues.createQueue({ ...QUEUE, redrive: { deadLetterArn: DEAD_LETTERS.arn, maxReceiveCount: 5 } });
  const cloudwatch = createCloudWatch({
    stack: { alarms: [] },
    queues,
    clock,
    onAlarmChange: () => undefined,
  });
  cloudwatch.start();
  /** The values of a metric in the minutes since the start. */
  const valuesOf = (namespace: string, name: string, dimensions: Record<string, string>): number[] => [
    ...(cloudwatch.metrics.read({ namespace, name, dimensions }, 0, 60 * MINUTE_MS)?.keys() ?? []),
  ];
  const ofQueue = (name: string) => valuesOf('AWS/SQS', name, { QueueName: QUEUE.name });
  return { cloudwatch, queues, valuesOf, ofQueue };
}

function call(service: AwsCall['service'], action: string, input: Json): AwsCall {
  return { principal: 'sender', service, action, input };
}

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a queue's metrics", () => {
  it('are its messages and the age of the oldest one at the end of each minute', async () => {
    const { queues, ofQueue } = start();
    await vi.advanceTimersByTimeAsync(10_000);
    queues.send(QUEUE.url, { body: 'one', senderId: 'test' });
    queues.send(QUEUE.url, { body: 'two', senderId: 'test', delaySeconds: 900 });
    queues.receive({ queueUrl: QUEUE.url, max: 1, visibilityTimeoutSeconds: 300 });
    await vi.advanceTimersByTimeAsync(2 * MINUTE_MS);

    expect(ofQueue('ApproximateAgeOfOldestMessage')).toEqual([50, 110]);
    expect(ofQueue('ApproximateNumberOfMessagesVisible')).toEqual([0]);
    expect(ofQueue('ApproximateNumberOfMessagesNotVisible')).toEqual([1]);
    expect(ofQueue('ApproximateNumberOfMessagesDelayed')).toEqual([1]);
  });

  it('exclude a message that was received three times from the age, as SQS does', () => {
    const { queues } = start();
    queues.send(QUEUE.url, { body: 'one', senderId: 'test' });
    const ages = [1, 2, 3].map((minutes) => {
      vi.setSystemTime(minutes * MINUTE_MS);
      queues.receive({ queueUrl: QUEUE.url, max: 1 });
      return queues.ageOfOldestMs(QUEUE.url);
    });

    expect(ages).toEqual([MINUTE_MS, 2 * MINUTE_MS, 0]);
  });

  it('count the age on a dead-letter queue from the move', () => {
    const { queues } = start();
    queues.createQueue(DEAD_LETTERS);
    queues.createQueue({
      ...QUEUE,
      name: 'twice',
      redrive: { deadLetterArn: DEAD_LETTERS.arn, maxReceiveCount: 1 },
    });
    const request = { queueUrl: 'http://127.0.0.1/000000000000/twice', max: 1 };
    queues.send(request.queueUrl, { body: 'one', senderId: 'test' });
    queues.receive(request);
    vi.setSystemTime(MINUTE_MS);
    queues.receive(request);
    vi.setSystemTime(3 * MINUTE_MS);

    expect(queues.ageOfOldestMs(DEAD_LETTERS.url)).toBe(2 * MINUTE_MS);
  });

  it('count sent, received and deleted messages and empty receives', () => {
    const { cloudwatch, ofQueue } = start();
    const answered = (action: string, output: Json) =>
      cloudwatch.awsCall(call('sqs', action, { QueueUrl: QUEUE.url }), { units: NO_UNITS, output });
    answered('SendMessageBatch', { Successful: [{}, {}, {}], Failed: [{}] });
    answered('ReceiveMessage', { Messages: [{}, {}] });
    answered('ReceiveMessage', {});
    answered('DeleteMessageBatch', { Successful: [{}, {}] });

    expect(ofQueue('NumberOfMessagesSent')).toEqual([3]);
    expect(ofQueue('NumberOfMessagesReceived')).toEqual([2]);
    expect(ofQueue('NumberOfEmptyReceives')).toEqual([1]);
    expect(ofQueue('NumberOfMessagesDeleted')).toEqual([2]);
  });
});

describe("a function's metrics", () => {
  it('are its invocations, errors, throttles, durations and concurrent executions', () => {
    const { cloudwatch, valuesOf } = start();
    const ofFunction = (name: string) => valuesOf('AWS/Lambda', name, { FunctionName: 'send' });
    const ends = [cloudwatch.lambda.started('send'), cloudwatch.lambda.started('send')];
    ends[0]?.({ durationMs: 40, failed: false });
    ends[1]?.({ durationMs: 60_000, failed: true });
    cloudwatch.lambda.throttled('send');

    expect(ofFunction('Invocations')).toEqual([1]);
    expect(ofFunction('Errors')).toEqual([0, 1]);
    expect(ofFunction('Throttles')).toEqual([0, 1]);
    expect(ofFunction('Duration')).toEqual([40, 60_000]);
    expect(ofFunction('ConcurrentExecutions')).toEqual([1, 2]);
  });

  it('have the concurrent executions of a run that continues in the next minute', async () => {
    const { cloudwatch } = start();
    cloudwatch.lambda.started('send');
    await vi.advanceTimersByTimeAsync(2 * MINUTE_MS);
    const metric = {
      namespace: 'AWS/Lambda',
      name: 'ConcurrentExecutions',
      dimensions: { FunctionName: 'send' },
    };

    expect(cloudwatch.metrics.read(metric, MINUTE_MS, 2 * MINUTE_MS)).toEqual(new Map([[1, 1]]));
  });
});

describe("a table's metrics", () => {
  it('count the calls that were throttled, and the request units of the others', async () => {
    const { cloudwatch, valuesOf } = start();
    const throttled = async () => {
      throw new AwsError({ code: 'ThrottlingException', message: 'Rate exceeded' });
    };
    const update = call('dynamodb', 'UpdateItem', { TableName: 'records' });
    const read = call('dynamodb', 'BatchGetItem', { RequestItems: { records: {}, webhooks: {} } });
    await expect(cloudwatch.watchCall(update, throttled)).rejects.toThrow('Rate exceeded');
    await expect(cloudwatch.watchCall(read, throttled)).rejects.toThrow('Rate exceeded');
    cloudwatch.awsCall(read, {
      units: { read: 3, write: 0, byTable: new Map([['records', { read: 3, write: 0 }]]) },
    });

    const ofTable = (table: string, name: string) => valuesOf('AWS/DynamoDB', name, { TableName: table });
    expect(ofTable('records', 'WriteThrottleEvents')).toEqual([1]);
    expect(ofTable('records', 'ReadThrottleEvents')).toEqual([1]);
    expect(ofTable('webhooks', 'ReadThrottleEvents')).toEqual([1]);
    expect(ofTable('webhooks', 'WriteThrottleEvents')).toEqual([]);
    expect(ofTable('records', 'ConsumedReadCapacityUnits')).toEqual([3]);
  });

  it('do not count other errors', async () => {
    const { cloudwatch, valuesOf } = start();
    const refused = async () => {
      throw new AwsError({ code: 'ConditionalCheckFailedException', message: 'The condition failed' });
    };
    const update = call('dynamodb', 'UpdateItem', { TableName: 'records' });
    await expect(cloudwatch.watchCall(update, refused)).rejects.toThrow();

    expect(valuesOf('AWS/DynamoDB', 'WriteThrottleEvents', { TableName: 'records' })).toEqual([]);
  });
});

describe("a rule's metrics", () => {
  it('have the name of a custom bus as a second dimension', () => {
    const { cloudwatch, valuesOf } = start();
    cloudwatch.events.invoked({ name: 'all', busName: 'own' }, 'lost');
    cloudwatch.events.invoked({ name: 'all', busName: 'default' }, 'dead_letter');

    const own = { RuleName: 'all', EventBusName: 'own' };
    expect(valuesOf('AWS/Events', 'InvocationsFailedToBeSentToDlq', own)).toEqual([1]);
    expect(valuesOf('AWS/Events', 'InvocationsSentToDlq', { RuleName: 'all' })).toEqual([1]);
    expect(valuesOf('AWS/Events', 'InvocationsSentToDlq', own)).toEqual([]);
  });
});

describe("an HTTP API's metrics", () => {
  it('are the statuses and the latency, of the API and of its stage', () => {
    const { cloudwatch, valuesOf } = start();
    for (const status of [200, 404, 503])
      cloudwatch.httpApiResponse({
        apiId: 'api',
        stageName: '$default',
        status,
        latencyMs: status,
        bytes: 1,
      });

    for (const dimensions of [{ ApiId: 'api' }, { ApiId: 'api', Stage: '$default' }]) {
      expect(valuesOf('AWS/ApiGateway', '4xx', dimensions)).toEqual([0, 1]);
      expect(valuesOf('AWS/ApiGateway', '5xx', dimensions)).toEqual([0, 1]);
      expect(valuesOf('AWS/ApiGateway', 'Latency', dimensions)).toEqual([200, 404, 503]);
    }
  });
});

describe("a log group's metrics", () => {
  it('are its bytes, and the metrics in its lines', () => {
    const { cloudwatch, valuesOf } = start();
    const emf = {
      _aws: {
        Timestamp: 1_000,
        CloudWatchMetrics: [{ Namespace: 'N', Dimensions: [['of']], Metrics: [{ Name: 'delivered' }] }],
      },
      of: 'a',
      delivered: 7,
    };
    cloudwatch.logged('/log', JSON.stringify(emf));

    const bytes = JSON.stringify(emf).length;
    expect(valuesOf('N', 'delivered', { of: 'a' })).toEqual([7]);
    expect(valuesOf('AWS/Logs', 'IncomingBytes', { LogGroupName: '/log' })).toEqual([bytes]);
  });
});
