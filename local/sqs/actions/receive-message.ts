import type { CallContext, Json } from '../../aws-calls.ts';
import type { ReceivedMessage, SqsEngine } from '../engine.ts';
import { readInteger, readTexts } from '../input.ts';
import { MAX_RECEIVED_MESSAGES, MAX_VISIBILITY_SECONDS, MAX_WAIT_SECONDS } from '../limits.ts';
import { waitForMessages } from '../long-poll.ts';
import { type MessageAttributes, md5OfAttributes, md5OfText } from '../message.ts';
import { requireQueue } from './action.ts';

export async function receiveMessage(engine: SqsEngine, input: Json, context: CallContext): Promise<Json> {
  const queue = requireQueue(engine, input);
  const max = readInteger(input, 'MaxNumberOfMessages', 1, MAX_RECEIVED_MESSAGES) ?? 1;
  const visibility = readInteger(input, 'VisibilityTimeout', 0, MAX_VISIBILITY_SECONDS);
  const waitSeconds =
    readInteger(input, 'WaitTimeSeconds', 0, MAX_WAIT_SECONDS) ?? queue.receiveWaitSeconds ?? 0;
  const requestedSystem = [
    ...readTexts(input, 'AttributeNames'),
    ...readTexts(input, 'MessageSystemAttributeNames'),
  ];
  const requestedAttributes = readTexts(input, 'MessageAttributeNames');
  const receive = (): ReceivedMessage[] =>
    engine.receive({
      queueUrl: queue.url,
      max,
      ...(visibility === undefined ? {} : { visibilityTimeoutSeconds: visibility }),
    });

  const received = await waitForMessages(engine, queue.arn, receive, waitSeconds * 1000, context.signal);
  if (received.length === 0) return {};
  return { Messages: received.map((one) => describe(one, requestedSystem, requestedAttributes)) };
}

function describe(received: ReceivedMessage, requestedSystem: string[], requestedAttributes: string[]): Json {
  const { message, receiptHandle } = received;
  const system = chooseSystemAttributes(received, requestedSystem);
  const attributes = chooseAttributes(message.attributes, requestedAttributes);
  const attributesMd5 = md5OfAttributes(attributes);
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle,
    MD5OfBody: md5OfText(message.body),
    Body: message.body,
    ...(Object.keys(system).length === 0 ? {} : { Attributes: system }),
    ...(attributesMd5 === undefined
      ? {}
      : { MessageAttributes: toApiAttributes(attributes), MD5OfMessageAttributes: attributesMd5 }),
  };
}

function chooseSystemAttributes({ message }: ReceivedMessage, requested: string[]): Record<string, string> {
  const all: Record<string, string | undefined> = {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    MessageGroupId: message.groupId,
    DeadLetterQueueSourceArn: message.deadLetterSourceArn,
  };
  const chosen: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined && (requested.includes('All') || requested.includes(name))) chosen[name] = value;
  }
  return chosen;
}

/** A requested name is exact, `All`, or a prefix with `.*`. */
function chooseAttributes(attributes: MessageAttributes, requested: string[]): MessageAttributes {
  const isRequested = (name: string): boolean =>
    requested.some(
      (one) =>
        one === 'All' ||
        one === '.*' ||
        one === name ||
        (one.endsWith('.*') && name.startsWith(one.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isRequested(name)));
}

function toApiAttributes(attributes: MessageAttributes): Json {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { dataType, stringValue, binaryValue }]) => [
      name,
      {
        DataType: dataType,
        ...(stringValue === undefined ? {} : { StringValue: stringValue }),
        ...(binaryValue === undefined ? {} : { BinaryValue: binaryValue }),
      },
    ]),
  );
}
