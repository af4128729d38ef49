import { describe, expect, it } from 'vitest';
import { createSendDelivery } from '../../lambdas/send-delivery/factory.ts';
import type { SendDeps } from '../../lambdas/send-delivery/ports.ts';
import { createSlowEndpoints } from '../../lambdas/send-delivery/slow-endpoints.ts';
import { clearSlow, markSlow } from '../../lambdas/send-delivery/slow-lane.ts';
import { deliveryIdsOf } from '../../lambdas/shared/domain/delivery-ids.ts';
import { encodeMessage } from '../../lambdas/shared/domain/message.ts';
import { createWebhookUpdates } from '../../lambdas/shared/store/sender-webhook-updates.ts';
import type { Interceptor } from '../../local/aws-calls.ts';
import { attempt, message, NOW } from '../support/builders.ts';
import { type Cloud, DEFECT_SECRET, defect, newCloud } from '../support/new-cloud.ts';
import { answered } from '../support/post-results.ts';
import { createTestTimer } from '../support/test-timer.ts';

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
        throw new TypeError(DEFECT_SECRET);
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
  expect(JSON.stringify(lines)).not.toContain(DEFECT_SECRET);
});

describe('an error of our own is logged with the ids of the delivery and where it was thrown, without its message', () => {
  const STORE = 'lambdas/shared/store/';

  const expectLine = (cloud: Cloud, text: string, where: string): void => {
    const line = cloud.logged.find((logged) => logged.message === text);
    expect(line).toMatchObject({ ...deliveryIdsOf(message()), why: 'TypeError' });
    expect(line?.stack).toContainEqual(expect.stringContaining(where));
    expect(JSON.stringify(cloud.logged)).not.toContain(DEFECT_SECRET);
  };

  /** Fails only the writes of webhooks, not those of records. */
  const defectOfWebhooks: Interceptor = (call, next) =>
    call.input.TableName === 'webhooks' ? defect('UpdateItem')(call, next) : next();

  it.each([
    [
      'a record',
      'the record of a delivery could not be written; the delivery continued',
      'UpdateItem',
      STORE,
    ],
    [
      'a follow-up',
      'a message is returned to its queue',
      'SendMessageBatch',
      'lambdas/shared/runtime/queues.ts',
    ],
    ['a system event', 'a system event was not published', 'PutEvents', 'lambdas/send-delivery/publish.ts'],
  ])('of %s', async (_, text, action, where) => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => answered(500);
    cloud.intercept(defect(action));
    cloud.put('first', message({ subscribedSystemEvents: ['webhook.retry'] }));

    await cloud.run('first');

    expectLine(cloud, text, where);
  });

  it('of the health of a webhook', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.customer.answer = async () => answered(410);
    cloud.intercept(defectOfWebhooks);
    cloud.put('first', message());

    await cloud.run('first');

    expectLine(cloud, 'the health of a webhook could not be written', STORE);
  });

  it('of an entry of the audit log', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.customer.answer = async () => answered(410);
    cloud.intercept(defect('PutItem'));
    cloud.put('first', message());

    await cloud.run('first');

    expectLine(cloud, 'a change of a webhook is missing in the audit log', STORE);
  });

  it.each([
    ['set', (deps: SendDeps) => markSlow(deps, message())],
    ['removed', (deps: SendDeps) => clearSlow(deps, message(), attempt({ status: 200 }), undefined)],
  ])('of the mark of a slow webhook that is %s', async (_, run) => {
    const cloud = await newCloud();
    cloud.intercept(defect('UpdateItem'));
    const { ports } = cloud;
    const webhooks = createWebhookUpdates({ ...ports, tableName: 'webhooks' });
    const slowEndpoints = createSlowEndpoints(ports.clock);

    await run({ ...ports, slowEndpoints, ports: { webhooks } } as unknown as SendDeps);

    expectLine(cloud, 'the mark of a slow webhook could not be written', STORE);
  });
});
