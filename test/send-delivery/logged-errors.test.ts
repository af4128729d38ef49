import { expect, it } from 'vitest';
import { createSendDelivery } from '../../lambdas/send-delivery/factory.ts';
import { encodeMessage } from '../../lambdas/shared/domain/message.ts';
import { message, NOW } from '../support/builders.ts';
import { createTestTimer } from '../support/test-timer.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:first';

it('logs where an error of our own was thrown, without its message, when a message is returned', async () => {
  const lines: Record<string, unknown>[] = [];
  const unused = { send: () => Promise.reject(new Error('not part of this test')) };
  const send = createSendDelivery({
    settings: {
      lane: 'first',
      disableAfter: undefined,
      forwardTraceparent: false,
      success: '200',
      retryDelaysSeconds: [1, 5, 30],
      visibilityTimeoutSeconds: 120,
      webhooksTable: 'webhooks',
      deliveriesTable: 'deliveries',
      maxRetryAfterSeconds: 900,
      recordRetentionDays: 30,
      laneQueueUrls: ['https://sqs/first'],
      laterQueueUrl: 'https://sqs/later',
      retryQueueUrls: [],
      slowQueueUrl: 'https://sqs/slow',
      exhaustedQueueUrl: 'https://sqs/exhausted',
      unreadableQueueUrl: 'https://sqs/unreadable',
      eventBusName: 'events',
      systemEventSource: 'webhook-fanout',
    },
    dynamodb: {
      send: () => {
        throw new TypeError(SECRET);
      },
    },
    sqs: unused,
    kms: unused,
    eventBridge: unused,
    http: { post: () => Promise.reject(new Error('not part of this test')), endBatch: () => undefined },
    clock: createTestTimer(),
    counters: { count: () => undefined, measureLatency: () => undefined },
    log: { info: () => undefined, warn: (_, fields = {}) => lines.push(fields), error: () => undefined },
  });
  const attributes = {
    ApproximateReceiveCount: '1',
    ApproximateFirstReceiveTimestamp: String(NOW),
    SentTimestamp: String(NOW),
    SenderId: 'test',
  };
  const record = {
    messageId: 'message-1',
    receiptHandle: 'receipt-1',
    // A re-run is not fresh: its record is read first.
    body: encodeMessage(message({ rerun: true })),
    attributes,
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: QUEUE_ARN,
    awsRegion: 'us-east-1',
  };

  const response = await send({ Records: [record] }, NOW + 55_000);

  expect(response.batchItemFailures).toEqual([{ itemIdentifier: 'message-1' }]);
  expect(lines).toMatchObject([{ message_id: 'message-1', why: 'TypeError' }]);
  expect(lines[0]?.stack).toContainEqual(
    expect.stringMatching(/^lambdas\/shared\/store\/read-delivery-states\.ts:\d+:\d+$/),
  );
  expect(JSON.stringify(lines)).not.toContain(SECRET);
});
