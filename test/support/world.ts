import type { SQSBatchResponse } from 'aws-lambda';
import { createDispatchEvent } from '../../lambdas/dispatch-event/factory.ts';
import { createRecoverDeliveries } from '../../lambdas/recover-deliveries/factory.ts';
import { createSendDelivery } from '../../lambdas/send-delivery/factory.ts';
import type { DeliveryMessage, DeliveryRecord } from '../../lambdas/shared/domain/delivery.ts';
import type { Lane } from '../../lambdas/shared/domain/lane.ts';
import { decodeMessage, encodeMessage } from '../../lambdas/shared/domain/message.ts';
import type { Recovery } from '../../lambdas/shared/domain/recovery.ts';
import type { Webhook } from '../../lambdas/shared/domain/webhook.ts';
import type { PostRequest, PostResult } from '../../lambdas/shared/http/post.ts';
import type { CounterName } from '../../lambdas/shared/runtime/observability.ts';
import { createKeyring } from '../../lambdas/shared/secrets/key-ring.ts';
import { createDeliveryStore } from '../../lambdas/shared/store/deliveries.ts';
import { readDeliveryStates } from '../../lambdas/shared/store/delivery-state.ts';
import { createRecoveryStore } from '../../lambdas/shared/store/recoveries.ts';
import { createWebhookStore } from '../../lambdas/shared/store/webhooks.ts';
import { ADMINISTRATOR, createCalls, type Interceptor } from '../../local/calls.ts';
import { createDynamoDb } from '../../local/dynamodb/service.ts';
import type { BusEvent } from '../../local/events/event.ts';
import { createEventBridge } from '../../local/events/service.ts';
import { createInProcessClient } from '../../local/in-process-client.ts';
import { createKms } from '../../local/kms/service.ts';
import { createSqsEngine } from '../../local/sqs/engine.ts';
import { createSqsService } from '../../local/sqs/service.ts';
import { message, NOW, webhook } from './builders.ts';

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';
const KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/test`;
export const SECRET = 'the_customers_secret';
export const SYSTEM_SOURCE = 'webhook-fanout.test';
export const QUEUES = [
  'first',
  'retry1',
  'retry2',
  'retry3',
  'slow',
  'events',
  'recoveries',
  'exhausted',
  'unreadable',
  'undispatched',
] as const;
export type QueueName = (typeof QUEUES)[number];

/**
 * The functions' own code on the local cloud's services, in one process. The test sets the time and answers the
 * customers' requests.
 */
export async function createWorld(options: { post?: (request: PostRequest) => Promise<PostResult> } = {}) {
  const time = { now: NOW };
  const clock = { now: () => time.now };
  const engine = createSqsEngine({ clock });
  const published: BusEvent[] = [];
  const events = createEventBridge({
    clock,
    account: ACCOUNT,
    region: REGION,
    onMatched: (_, event) => published.push(event),
  });
  events.addBus({ name: 'events', arn: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/events` });
  events.addRule({
    name: 'all',
    arn: `arn:aws:events:${REGION}:${ACCOUNT}:rule/events/all`,
    busName: 'events',
    pattern: { source: [{ prefix: '' }] },
  });
  const dynamodb = createDynamoDb({ region: REGION });
  for (const name of ['webhooks', 'deliveries']) {
    await dynamodb.createTable({ name, partitionKey: 'pk', sortKey: 'sk' });
  }
  const kms = createKms({ keys: [{ arn: KEY_ARN }] });
  const interceptors: Interceptor[] = [];
  const calls = createCalls({
    services: { sqs: createSqsService(engine), dynamodb, events, kms },
    authorize: () => undefined,
    meter: { awsCall: () => undefined },
    interceptors,
  });
  const urlOf = (name: QueueName): string => `http://127.0.0.1/${ACCOUNT}/${name}`;
  const arnOf = (name: QueueName): string => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
  const delays: Partial<Record<QueueName, number>> = { retry1: 1, retry2: 5, retry3: 30 };
  for (const name of QUEUES) {
    engine.createQueue({
      name,
      url: urlOf(name),
      arn: arnOf(name),
      delaySeconds: delays[name] ?? 0,
      visibilityTimeoutSeconds: 120,
      retentionSeconds: 7 * 86_400,
    });
  }
  const counters = new Map<CounterName, number>();
  const logged: LogLine[] = [];
  const logAt = (level: LogLine['level']) => (message: string, fields?: Record<string, unknown>) => {
    logged.push({ level, message, ...fields });
  };
  const common = {
    dynamodb: createInProcessClient(calls, ADMINISTRATOR, 'dynamodb'),
    sqs: createInProcessClient(calls, ADMINISTRATOR, 'sqs'),
    kms: createInProcessClient(calls, ADMINISTRATOR, 'kms'),
    eventBridge: createInProcessClient(calls, ADMINISTRATOR, 'events'),
    clock,
    counters: {
      count: (name: CounterName, value = 1) => counters.set(name, (counters.get(name) ?? 0) + value),
    },
    log: { info: logAt('info'), warn: logAt('warn'), error: logAt('error') },
  };
  const tables = { webhooksTable: 'webhooks', deliveriesTable: 'deliveries' };
  const webhooks = createWebhookStore({ dynamodb: common.dynamodb, tableName: 'webhooks' });
  const deliveries = createDeliveryStore({ dynamodb: common.dynamodb, tableName: 'deliveries' });
  const keyring = createKeyring({ ...common, tableName: 'webhooks', kmsKeyId: KEY_ARN });

  const posts: PostRequest[] = [];
  const customer = {
    answer: options.post ?? (async (): Promise<PostResult> => answered(200)),
  };
  const newSender = (lane: Lane) =>
    createSendDelivery({
      ...common,
      settings: {
        ...tables,
        lane,
        success: '200',
        retryDelaysSeconds: [1, 5, 30],
        visibilityTimeoutSeconds: 120,
        laneQueueUrls: Object.fromEntries(QUEUES.map((name) => [arnOf(name), urlOf(name)])),
        retryQueueUrls: [urlOf('retry1'), urlOf('retry2'), urlOf('retry3')],
        slowQueueUrl: urlOf('slow'),
        exhaustedQueueUrl: urlOf('exhausted'),
        unreadableQueueUrl: urlOf('unreadable'),
        eventBusName: 'events',
        systemEventSource: SYSTEM_SOURCE,
      },
      http: {
        post: (request) => {
          posts.push(request);
          return customer.answer(request);
        },
        endBatch: () => undefined,
      },
    });
  const senders = { first: newSender('first'), retry: newSender('retry'), slow: newSender('slow') };
  const laneOf = (queue: QueueName): Lane =>
    queue.startsWith('retry') ? 'retry' : queue === 'slow' ? 'slow' : 'first';

  const dispatcher = createDispatchEvent({
    ...common,
    settings: {
      ...tables,
      firstQueueUrl: urlOf('first'),
      slowQueueUrl: urlOf('slow'),
      eventsQueueUrl: urlOf('events'),
      undispatchedQueueUrl: urlOf('undispatched'),
      systemEventSource: SYSTEM_SOURCE,
      retryDelaysSeconds: [1, 5, 30],
    },
    eventTypes: new Set(['file.uploaded', 'user.subscribed']),
  });

  const recoveries = createRecoveryStore({ dynamodb: common.dynamodb, tableName: 'deliveries' });
  const recoverer = createRecoverDeliveries({
    ...common,
    settings: {
      ...tables,
      recoveriesQueueUrl: urlOf('recoveries'),
      slowQueueUrl: urlOf('slow'),
      retryDelaysSeconds: [1, 5, 30],
    },
  });
  /** One batch of the recoveries queue. Messages that stay are not deleted. */
  const runRecoverer = async (
    timeLeftMs: number,
    acknowledge: boolean,
    receiveCount?: number,
  ): Promise<SQSBatchResponse> => {
    const received = engine.receive({ queueUrl: urlOf('recoveries'), max: 1 });
    const response = await recoverer(
      {
        Records: received.map(({ message: one, receiptHandle }) =>
          sqsRecord(
            { ...one, receiveCount: receiveCount ?? one.receiveCount },
            receiptHandle,
            arnOf('recoveries'),
          ),
        ),
      },
      time.now + timeLeftMs,
    );
    const failed = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { message: one, receiptHandle } of received) {
      if (acknowledge && !failed.has(one.id)) engine.deleteMessage(urlOf('recoveries'), receiptHandle);
    }
    return response;
  };

  return {
    time,
    posts,
    recoveries,
    /** Creates the recovery and enqueues its message, as the API does. */
    async startRecovery(recovery: Recovery): Promise<void> {
      await recoveries.create(recovery);
      this.sendRecovery(recovery);
    },
    sendRecovery: ({ accountId, id }: Recovery) =>
      engine.send(urlOf('recoveries'), {
        body: JSON.stringify({ v: 1, account_id: accountId, recovery_id: id }),
        senderId: 'test',
      }),
    /** One step of a recovery, as an event source mapping would let it run. */
    runRecovery: ({
      timeLeftMs = 55_000,
      receiveCount,
    }: {
      timeLeftMs?: number;
      receiveCount?: number;
    } = {}) => runRecoverer(timeLeftMs, true, receiveCount),
    /** As `runRecovery`, but the environment is killed before it returns: at the call that `intercept` stopped. */
    runRecoveryAndDie: () => runRecoverer(55_000, false),
    published,
    counters,
    /** The log lines of all functions. */
    logged,
    customer,
    webhooks,
    deliveries,
    keyring,
    /** Puts events on the events queue, as the bus does. */
    publish: (...published: unknown[]) => {
      for (const event of published) {
        const body = typeof event === 'string' ? event : JSON.stringify(event);
        engine.send(urlOf('events'), { body, senderId: 'events.amazonaws.com' });
      }
    },
    /** One batch of the events queue, received, dispatched and acknowledged as an event source mapping would. */
    async runDispatcher({ timeLeftMs = 55_000 } = {}): Promise<SQSBatchResponse> {
      const received = engine.receive({ queueUrl: urlOf('events'), max: 10 });
      const response = await dispatcher(
        {
          Records: received.map(({ message: one, receiptHandle }) =>
            sqsRecord(one, receiptHandle, arnOf('events')),
          ),
        },
        time.now + timeLeftMs,
      );
      const failed = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const { message: one, receiptHandle } of received) {
        if (!failed.has(one.id)) engine.deleteMessage(urlOf('events'), receiptHandle);
      }
      return response;
    },
    /** Publishes events and dispatches one batch. */
    dispatch(...published: unknown[]): Promise<SQSBatchResponse> {
      this.publish(...published);
      return this.runDispatcher();
    },
    /** Adds a fault. The result removes it. */
    intercept: (interceptor: Interceptor) => calls.use(interceptor),
    /** A new environment: it knows of no slow endpoints. */
    coldStart(lane: Lane) {
      senders[lane] = newSender(lane);
    },
    async addWebhook(change: Partial<Webhook> = {}): Promise<Webhook> {
      const base = webhook(change);
      const sealed = await keyring.seal(
        SECRET,
        { accountId: base.accountId, webhookId: base.id },
        base.createdAt,
      );
      const whole = { ...base, secrets: change.secrets ?? [sealed] };
      await webhooks.create(whole);
      return whole;
    },
    put: (queue: QueueName, ...messages: DeliveryMessage[]) => {
      for (const one of messages) engine.send(urlOf(queue), { body: encodeMessage(one), senderId: 'test' });
    },
    putText: (queue: QueueName, body: string) => engine.send(urlOf(queue), { body, senderId: 'test' }),
    /** One batch of a lane, received, sent and acknowledged as an event source mapping would. */
    async run(queue: QueueName, { timeLeftMs = 55_000 } = {}): Promise<SQSBatchResponse> {
      const received = engine.receive({ queueUrl: urlOf(queue), max: 10 });
      const response = await senders[laneOf(queue)](
        {
          Records: received.map(({ message: one, receiptHandle }) =>
            sqsRecord(one, receiptHandle, arnOf(queue)),
          ),
        },
        time.now + timeLeftMs,
      );
      const failed = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const { message: one, receiptHandle } of received) {
        if (!failed.has(one.id)) engine.deleteMessage(urlOf(queue), receiptHandle);
      }
      return response;
    },
    /** As `run`, but Lambda invokes the function this long after it received the batch. */
    async runLate(queue: QueueName, lateMs: number): Promise<SQSBatchResponse> {
      const received = engine.receive({ queueUrl: urlOf(queue), max: 10 });
      const Records = received.map(({ message: one, receiptHandle }) =>
        sqsRecord(one, receiptHandle, arnOf(queue)),
      );
      time.now += lateMs;
      if (engine.counts(urlOf(queue)).visible > 0) engine.receive({ queueUrl: urlOf(queue), max: 10 });
      return senders[laneOf(queue)]({ Records }, time.now + 55_000);
    },
    /** As `run`, but the environment is killed before it returns. */
    async runAndDie(queue: QueueName): Promise<void> {
      const received = engine.receive({ queueUrl: urlOf(queue), max: 10 });
      await senders[laneOf(queue)](
        {
          Records: received.map(({ message: one, receiptHandle }) =>
            sqsRecord(one, receiptHandle, arnOf(queue)),
          ),
        },
        time.now + 55_000,
      );
    },
    counts: (queue: QueueName) => engine.counts(urlOf(queue)),
    nextDueAt: (queue: QueueName) => engine.nextDueAt(arnOf(queue)),
    /** All messages that can be received now. They stay in flight. */
    receiveAll: (queue: QueueName) =>
      engine.receive({ queueUrl: urlOf(queue), max: 1_000 }).map(({ message: one }) => one),
    receiveTexts(queue: QueueName): string[] {
      return this.receiveAll(queue).map(({ body }) => body);
    },
    /** Texts and attributes of all messages of the undispatched queue; they stay in flight. */
    receiveUndispatched: (): Record<string, string | undefined>[] =>
      engine
        .receive({ queueUrl: urlOf('undispatched'), max: 1_000 })
        .map(({ message: { body, attributes } }) => ({
          text: body,
          ...Object.fromEntries(
            Object.entries(attributes).map(([name, { stringValue }]) => [name, stringValue]),
          ),
        })),
    receiveMessages(queue: QueueName): DeliveryMessage[] {
      return this.receiveTexts(queue).map((text) => {
        const decoded = decodeMessage(text);
        if (!decoded.ok) throw new Error(decoded.reason);
        return decoded.message;
      });
    },
    async recordOf(one: DeliveryMessage = message()): Promise<DeliveryRecord | undefined> {
      const states = await readDeliveryStates({ dynamodb: common.dynamodb, ...tables }, [one]);
      return states.get(one.deliveryId)?.record;
    },
    close: () => dynamodb.close(),
  };
}

/** A log line, with its fields beside level and message. */
export interface LogLine extends Record<string, unknown> {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

export type World = Awaited<ReturnType<typeof createWorld>>;

export function answered(
  status: number,
  change: Partial<Extract<PostResult, { kind: 'answered' }>> = {},
): PostResult {
  return {
    kind: 'answered',
    status,
    body: '',
    bodyCut: false,
    durationMs: 20,
    reconnected: false,
    ...change,
  };
}

function sqsRecord(
  one: { id: string; body: string; receiveCount: number; firstReceivedAt?: number | undefined },
  receiptHandle: string,
  eventSourceARN: string,
) {
  return {
    messageId: one.id,
    receiptHandle,
    body: one.body,
    attributes: {
      ApproximateReceiveCount: String(one.receiveCount),
      SentTimestamp: '0',
      SenderId: 'test',
      ApproximateFirstReceiveTimestamp: String(one.firstReceivedAt ?? 0),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion: REGION,
  };
}
