import type { SQSBatchResponse } from 'aws-lambda';
import type { DeliveryMessage, DeliveryRecord } from '../../lambdas/shared/domain/delivery.ts';
import { DEFAULT_DISABLE_AFTER, type DisableAfter } from '../../lambdas/shared/domain/health.ts';
import type { Lane } from '../../lambdas/shared/domain/lane.ts';
import { decodeMessage, encodeMessage } from '../../lambdas/shared/domain/message.ts';
import type { Recovery } from '../../lambdas/shared/domain/recovery.ts';
import { encodeRecoveryMessage } from '../../lambdas/shared/domain/recovery-message.ts';
import type { RetrySchedule } from '../../lambdas/shared/domain/retry-schedule.ts';
import type { Webhook } from '../../lambdas/shared/domain/webhook.ts';
import type { PostRequest, PostResult } from '../../lambdas/shared/http/post.ts';
import { createKeyring } from '../../lambdas/shared/secrets/key-ring.ts';
import { createDeliveryStore } from '../../lambdas/shared/store/deliveries.ts';
import { createListenerDeliveries } from '../../lambdas/shared/store/listener-deliveries.ts';
import { createListenerStore } from '../../lambdas/shared/store/listeners.ts';
import { readDeliveryStates } from '../../lambdas/shared/store/read-delivery-states.ts';
import { createRecoveryStore } from '../../lambdas/shared/store/recoveries.ts';
import { createWebhookStore } from '../../lambdas/shared/store/webhooks.ts';
import { message, webhook } from './builders.ts';
import {
  createDispatcher,
  createRecoverer,
  createSender,
  type DispatcherOptions,
} from './in-process-functions.ts';
import {
  createInProcessServices,
  KEY_ARN,
  type QueueName,
  queueArn,
  queueUrl,
  TABLES,
} from './in-process-services.ts';
import { answered } from './post-results.ts';
import { receiveBatch, type SqsBatch } from './sqs-batch.ts';

export const SECRET = 'the_customers_secret';
/** Time until the deadline of an invocation. */
const TIME_LEFT_MS = 55_000;
/** More than any test sends. */
const ALL = 1_000;

/**
 * The functions' code with the local cloud's services, in one process. The test sets the time and answers the requests
 * to the customers' endpoints.
 */
export async function createInProcessStack(
  options: Partial<RetrySchedule> & {
    post?: (request: PostRequest) => Promise<PostResult>;
    /** False: never. */
    disableAfter?: DisableAfter | false;
    dispatcher?: DispatcherOptions;
    /** Default: 30. */
    recordRetentionDays?: number;
    forwardTraceparent?: boolean;
  } = {},
) {
  const { recordRetentionDays = 30 } = options;
  const services = await createInProcessServices();
  const { time, engine, published, counters, latencies, ports } = services;
  const { dynamodb } = ports;
  const webhooks = createWebhookStore({ dynamodb, tableName: TABLES.webhooksTable, clock: ports.clock });
  const deliveries = createDeliveryStore({ dynamodb, tableName: TABLES.deliveriesTable });
  const keyring = createKeyring({ ...ports, tableName: TABLES.webhooksTable, kmsKeyId: KEY_ARN });

  const posts: PostRequest[] = [];
  const customer = {
    answer: options.post ?? (async (): Promise<PostResult> => answered(200)),
  };
  const newSender = (lane: Lane) =>
    createSender(
      services,
      lane,
      recordRetentionDays,
      (request) => {
        posts.push(request);
        return customer.answer(request);
      },
      options.disableAfter === false ? undefined : (options.disableAfter ?? DEFAULT_DISABLE_AFTER),
      options,
    );
  const senders = { first: newSender('first'), retry: newSender('retry'), slow: newSender('slow') };
  const dispatcher = createDispatcher(services, recordRetentionDays, options.dispatcher);
  const recoveries = createRecoveryStore({ dynamodb, tableName: TABLES.deliveriesTable });
  const recoverer = createRecoverer(services, recordRetentionDays);
  const receiveRecovery = (receiveCount?: number): SqsBatch =>
    receiveBatch(
      engine,
      { url: queueUrl('recoveries'), arn: queueArn('recoveries') },
      { max: 1, receiveCount },
    );
  const receive = (queue: QueueName): SqsBatch =>
    receiveBatch(engine, { url: queueUrl(queue), arn: queueArn(queue) });

  return {
    time,
    posts,
    published,
    counters,
    latencies,
    logged: services.logged,
    customer,
    webhooks,
    deliveries,
    recoveries,
    listeners: createListenerStore({ dynamodb, tableName: TABLES.webhooksTable, clock: ports.clock }),
    listenerDeliveries: createListenerDeliveries({ dynamodb, tableName: TABLES.deliveriesTable }),
    /** Creates the recovery and enqueues its message, as the API does. */
    async startRecovery(recovery: Recovery): Promise<void> {
      await recoveries.create(recovery);
      this.sendRecovery(recovery);
    },
    sendRecovery: ({ accountId, id: recoveryId }: Recovery) =>
      engine.send(queueUrl('recoveries'), {
        body: encodeRecoveryMessage({ accountId, recoveryId }),
        senderId: 'test',
      }),
    /** Makes one step of a recovery, as an event source mapping does. */
    async runRecovery({
      timeLeftMs = TIME_LEFT_MS,
      receiveCount,
    }: {
      timeLeftMs?: number;
      receiveCount?: number;
    } = {}): Promise<SQSBatchResponse> {
      const batch = receiveRecovery(receiveCount);
      const response = await recoverer(batch.event, time.now + timeLeftMs);
      batch.acknowledge(response);
      return response;
    },
    /** As `runRecovery`, but the environment is killed before it returns: at the call that `intercept` stopped. */
    async runRecoveryAndDie(): Promise<void> {
      await recoverer(receiveRecovery().event, time.now + TIME_LEFT_MS);
    },
    dynamodb,
    keyring,
    intercept: services.intercept,
    ports,
    /** Sends events to the events queue, as the bus does. */
    publish: (...published: unknown[]) => {
      for (const event of published) {
        const body = typeof event === 'string' ? event : JSON.stringify(event);
        engine.send(queueUrl('events'), { body, senderId: 'events.amazonaws.com' });
      }
    },
    /** Receives, dispatches and acknowledges one batch of the events queue, as an event source mapping does. */
    async runDispatcher({ timeLeftMs = TIME_LEFT_MS } = {}): Promise<SQSBatchResponse> {
      const batch = receive('events');
      const response = await dispatcher(batch.event, time.now + timeLeftMs);
      batch.acknowledge(response);
      return response;
    },
    /** Publishes events and dispatches one batch. */
    dispatch(...published: unknown[]): Promise<SQSBatchResponse> {
      this.publish(...published);
      return this.runDispatcher();
    },
    /** Starts a new environment, which has no state about slow endpoints. */
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
      for (const one of messages) {
        engine.send(queueUrl(queue), { body: encodeMessage(one), senderId: 'test' });
      }
    },
    putText: (queue: QueueName, body: string) => engine.send(queueUrl(queue), { body, senderId: 'test' }),
    /** Receives, sends and acknowledges one batch of a lane, as an event source mapping does. */
    async run(queue: QueueName, { timeLeftMs = TIME_LEFT_MS } = {}): Promise<SQSBatchResponse> {
      const batch = receive(queue);
      const response = await senders[laneOf(queue)](batch.event, time.now + timeLeftMs);
      batch.acknowledge(response);
      return response;
    },
    /** As `run`, but Lambda invokes the function this long after it received the batch. */
    async runLate(queue: QueueName, lateMs: number): Promise<SQSBatchResponse> {
      const batch = receive(queue);
      time.now += lateMs;
      if (engine.counts(queueUrl(queue)).visible > 0) receive(queue);
      return senders[laneOf(queue)](batch.event, time.now + TIME_LEFT_MS);
    },
    /** As `run`, but the environment is killed before it returns. */
    async runAndDie(queue: QueueName): Promise<void> {
      await senders[laneOf(queue)](receive(queue).event, time.now + TIME_LEFT_MS);
    },
    counts: (queue: QueueName) => engine.counts(queueUrl(queue)),
    nextDueAt: (queue: QueueName) => engine.nextDueAt(queueArn(queue)),
    /** All visible messages. They remain in flight. */
    receiveAll: (queue: QueueName) =>
      engine.receive({ queueUrl: queueUrl(queue), max: ALL }).map(({ message: one }) => one),
    receiveTexts(queue: QueueName): string[] {
      return this.receiveAll(queue).map(({ body }) => body);
    },
    /** Texts and attributes of all messages of the undispatched queue. They remain in flight. */
    receiveUndispatched(): Record<string, string | undefined>[] {
      return this.receiveAll('undispatched').map(({ body, attributes }) => ({
        text: body,
        ...Object.fromEntries(
          Object.entries(attributes).map(([name, { stringValue }]) => [name, stringValue]),
        ),
      }));
    },
    receiveMessages(queue: QueueName): DeliveryMessage[] {
      return this.receiveTexts(queue).map((text) => {
        const decoded = decodeMessage(text);
        if (!decoded.ok) throw new Error(decoded.reason);
        return decoded.message;
      });
    },
    async recordOf(one: DeliveryMessage = message()): Promise<DeliveryRecord | undefined> {
      const states = await readDeliveryStates({ dynamodb, clock: ports.clock, ...TABLES }, [one]);
      return states.get(one.deliveryId)?.record;
    },
    close: services.close,
  };
}

export type InProcessStack = Awaited<ReturnType<typeof createInProcessStack>>;

function laneOf(queue: QueueName): Lane {
  if (queue.startsWith('retry') || queue === 'later') return 'retry';
  return queue === 'slow' ? 'slow' : 'first';
}
