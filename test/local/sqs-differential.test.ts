import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { queueArn, type Services, startServices } from './endpoint-builder.ts';

/**
 * The real SDK client sends the same random calls to the engine and to fauxqs, an independent emulator, and the results
 * must be equal. The calls avoid the known defects of fauxqs: it drops the MessageGroupId of standard queues; it refuses
 * characters beyond U+FFFF; it invalidates a receipt handle when the message becomes visible (AWS still deletes by it), and
 * before that it changes the visibility of a visible message (AWS refuses this); it accepts delays over 900 s; it counts the
 * move to a dead-letter queue as a receive; and it returns another error code for a change of visibility.
 */
const MAX_RECEIVE_COUNT = 3;
/** Messages of one run: at most those of one receive. SQS guarantees no order, so a receive must return all. */
const MAX_ALIVE = 10;
const VISIBILITY_SECONDS = 20;
const QUEUE_DELAY_SECONDS = 5;

type Operation =
  | {
      readonly do: 'send';
      readonly body: string;
      readonly delay: number | undefined;
      readonly attribute: string;
    }
  | { readonly do: 'send batch'; readonly ids: readonly string[]; readonly body: string }
  | {
      readonly do: 'receive';
      readonly from: QueueName;
      readonly max: number;
      readonly visibility: number | undefined;
    }
  | { readonly do: 'delete'; readonly receipt: number }
  | { readonly do: 'change visibility'; readonly receipt: number; readonly seconds: number }
  | { readonly do: 'wait'; readonly seconds: number };

const QUEUE_NAMES = ['first', 'poison'] as const;
type QueueName = (typeof QUEUE_NAMES)[number];

const body = fc.oneof(
  fc.string({ minLength: 1, maxLength: 20 }),
  fc.constantFrom('\u0001', '\uffff', '\t ok', 'é'),
);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      body,
      delay: fc.constantFrom(undefined, 0, 2, 900),
      attribute: fc.constantFrom('', 'v'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('send batch' as const),
      ids: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'not valid'), { maxLength: 12 }),
      body,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('receive' as const),
      from: fc.constantFrom(...QUEUE_NAMES),
      max: fc.constantFrom(0, MAX_ALIVE, 11),
      visibility: fc.constantFrom(undefined, 1, 60, 43_201),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), receipt: fc.nat(30) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('change visibility' as const),
      receipt: fc.nat(30),
      seconds: fc.constantFrom(0, 1, 30, 43_201),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 2, 5, 20, 60) }),
  },
);

/** One of the two implementations, with the state of its client. */
interface Side {
  readonly sqs: SQSClient;
  readonly urls: Record<QueueName, string>;
  sent: number;
  readonly receipts: { readonly queue: QueueName; readonly handle: string; readonly goodUntil: number }[];
}

let services: Services;
let fauxqs: FauxqsServer;
let oracle: SQSClient;
let runs = 0;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1) });
  services = await startServices();
  fauxqs = await startFauxqs({ port: 0, logger: false });
  oracle = new SQSClient({
    region: 'eu-west-1',
    endpoint: fauxqs.address,
    credentials: { accessKeyId: 'local', secretAccessKey: 'any' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  oracle.destroy();
  await fauxqs.stop();
  await services.close();
  vi.useRealTimers();
});

describe('the engine behind the endpoint', () => {
  it('returns the same results as fauxqs for random sequences of calls', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 40 }), async (operations) => {
        const sides = [await engineSide(`${++runs}`), await oracleSide(`${runs}`)] as const;
        for (const [step, one] of operations.entries()) {
          const [ours, theirs] = [await perform(sides[0], one), await perform(sides[1], one)];
          expect({ step, one, saw: ours }).toEqual({ step, one, saw: theirs });
        }
        vi.setSystemTime(Date.now() + 1_000_000);
        expect(await drain(sides[0])).toEqual(await drain(sides[1]));
      }),
      { numRuns: 25 },
    );
  });
});

async function engineSide(run: string): Promise<Side> {
  const poison = services.createQueue(`poison-${run}`, { visibilityTimeoutSeconds: VISIBILITY_SECONDS });
  const first = services.createQueue(`first-${run}`, {
    visibilityTimeoutSeconds: VISIBILITY_SECONDS,
    delaySeconds: QUEUE_DELAY_SECONDS,
    redrive: { deadLetterArn: poison.arn, maxReceiveCount: MAX_RECEIVE_COUNT },
  });
  return { sqs: services.sqsOf(), urls: { first: first.url, poison: poison.url }, sent: 0, receipts: [] };
}

async function oracleSide(run: string): Promise<Side> {
  const create = async (name: string, attributes: Record<string, string>): Promise<string> => {
    const Attributes = { VisibilityTimeout: String(VISIBILITY_SECONDS), ...attributes };
    const { QueueUrl = '' } = await oracle.send(
      new CreateQueueCommand({ QueueName: `${name}-${run}`, Attributes }),
    );
    return QueueUrl;
  };
  const poison = await create('poison', {});
  const first = await create('first', {
    DelaySeconds: String(QUEUE_DELAY_SECONDS),
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: queueArn(`poison-${run}`),
      maxReceiveCount: MAX_RECEIVE_COUNT,
    }),
  });
  return { sqs: oracle, urls: { first, poison }, sent: 0, receipts: [] };
}

/** Runs one operation and returns the client's view of the result, without ids, handles and times. */
async function perform(side: Side, operation: Operation): Promise<unknown> {
  const { sqs, urls, receipts } = side;
  try {
    switch (operation.do) {
      case 'wait':
        // Both sides wait for each operation, so each moves the clock by half.
        vi.setSystemTime(Date.now() + operation.seconds * 500);
        return undefined;
      case 'send': {
        if (side.sent === MAX_ALIVE) return 'enough sent';
        side.sent += 1;
        const { attribute } = operation;
        const { MD5OfMessageBody, MD5OfMessageAttributes } = await sqs.send(
          new SendMessageCommand({
            QueueUrl: urls.first,
            MessageBody: `${side.sent} ${operation.body}`,
            DelaySeconds: operation.delay,
            ...(attribute === ''
              ? {}
              : { MessageAttributes: { n: { DataType: 'String', StringValue: attribute } } }),
          }),
        );
        return { MD5OfMessageBody, MD5OfMessageAttributes };
      }
      case 'send batch': {
        if (side.sent + operation.ids.length > MAX_ALIVE) return 'enough sent';
        const Entries = operation.ids.map((Id) => ({ Id, MessageBody: `${++side.sent} ${operation.body}` }));
        const { Successful, Failed } = await sqs.send(
          new SendMessageBatchCommand({ QueueUrl: urls.first, Entries }),
        );
        return { sent: Successful?.map(({ Id }) => Id), failed: Failed?.map(({ Id, Code }) => [Id, Code]) };
      }
      case 'receive': {
        const answer = await sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: urls[operation.from],
            MaxNumberOfMessages: operation.max,
            VisibilityTimeout: operation.visibility,
            MessageSystemAttributeNames: ['All'],
            MessageAttributeNames: ['All'],
          }),
        );
        const messages = inOrder(answer.Messages);
        const goodUntil = Date.now() + (operation.visibility ?? VISIBILITY_SECONDS) * 1000;
        receipts.push(
          ...messages.map(({ ReceiptHandle = '' }) => ({
            queue: operation.from,
            handle: ReceiptHandle,
            goodUntil,
          })),
        );
        return messages.map((message) => visible(message, operation.from));
      }
      case 'delete': {
        const receipt = receipts[operation.receipt];
        if (receipt === undefined || receipt.goodUntil <= Date.now()) return 'no such receipt';
        await sqs.send(
          new DeleteMessageCommand({ QueueUrl: urls[receipt.queue], ReceiptHandle: receipt.handle }),
        );
        return 'deleted';
      }
      case 'change visibility': {
        const receipt = receipts[operation.receipt];
        if (receipt === undefined || receipt.goodUntil <= Date.now()) return 'no such receipt';
        await sqs.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl: urls[receipt.queue],
            ReceiptHandle: receipt.handle,
            VisibilityTimeout: operation.seconds,
          }),
        );
        receipts[operation.receipt] = { ...receipt, goodUntil: Date.now() + operation.seconds * 1000 };
        return 'changed';
      }
    }
  } catch (error) {
    return { refused: error instanceof Error ? nameOf(error, operation) : error };
  }
}

function visible(message: Message, from: QueueName): unknown {
  return {
    body: message.Body,
    md5: message.MD5OfBody,
    attributes: message.MessageAttributes,
    attributesMd5: message.MD5OfMessageAttributes,
    sentAt: message.Attributes?.SentTimestamp,
    firstReceivedAt: from === 'first' ? message.Attributes?.ApproximateFirstReceiveTimestamp : undefined,
    receiveCount: from === 'first' ? message.Attributes?.ApproximateReceiveCount : undefined,
  };
}

function nameOf(error: Error, operation: Operation): string {
  return operation.do === 'change visibility'
    ? 'refused'
    : error.name.replace(/^AWS\.SimpleQueueService\./, '');
}

function inOrder(messages: readonly Message[] = []): Message[] {
  return messages.toSorted((a, b) => ((a.Body ?? '') < (b.Body ?? '') ? -1 : 1));
}

/** Receives all messages of both queues. */
async function drain({ sqs, urls }: Side): Promise<unknown> {
  const received: unknown[] = [];
  for (const name of QUEUE_NAMES) {
    for (let empty = false; !empty; ) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: urls[name],
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 43_200,
        }),
      );
      received.push(...inOrder(Messages).map(({ Body }) => [name, Body]));
      empty = Messages.length === 0;
    }
  }
  return received;
}
