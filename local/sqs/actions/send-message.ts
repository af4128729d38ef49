import type { CallContext, Json } from '../../aws-calls.ts';
import type { SqsEngine } from '../engine.ts';
import { invalidMessageContents, invalidParameter, messageTooLong, unsupportedOperation } from '../errors.ts';
import { readInteger, readMessageAttributes, readOptionalText, readText } from '../input.ts';
import { MAX_DELAY_SECONDS, MAX_MESSAGE_ATTRIBUTES, MAX_MESSAGE_BYTES } from '../limits.ts';
import { hasValidContent, md5OfAttributes, md5OfText, messageBytes, type NewMessage } from '../message.ts';
import type { QueueSettings } from '../settings.ts';
import { requireQueue } from './action.ts';

/** 1-128 characters, alphanumeric and punctuation. */
const GROUP_ID = /^[A-Za-z0-9!-/:-@[-`{-~]{1,128}$/;

export function sendMessage(engine: SqsEngine, input: Json, context: CallContext): Json {
  const queue = requireQueue(engine, input);
  return sendOne(engine, queue, readNewMessage(input, context), input);
}

/** Checks one message against its queue's limits and sends it. */
export function sendOne(engine: SqsEngine, queue: QueueSettings, message: NewMessage, input: Json): Json {
  checkSupported(input);
  const maxBytes = queue.maximumMessageBytes ?? MAX_MESSAGE_BYTES;
  if (messageBytes(message) > maxBytes) throw messageTooLong(maxBytes);
  if (!hasValidContent(message.body)) throw invalidMessageContents();
  const sent = engine.send(queue.url, message);
  const attributesMd5 = md5OfAttributes(sent.attributes);
  return {
    MessageId: sent.id,
    MD5OfMessageBody: md5OfText(sent.body),
    ...(attributesMd5 === undefined ? {} : { MD5OfMessageAttributes: attributesMd5 }),
  };
}

export function readNewMessage(input: Json, context: CallContext): NewMessage {
  const delaySeconds = readInteger(input, 'DelaySeconds', 0, MAX_DELAY_SECONDS);
  const groupId = readOptionalText(input, 'MessageGroupId');
  if (groupId !== undefined && !GROUP_ID.test(groupId)) {
    throw invalidParameter(
      'MessageGroupId',
      groupId,
      'MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    );
  }
  const attributes = readMessageAttributes(input);
  if (Object.keys(attributes).length > MAX_MESSAGE_ATTRIBUTES) {
    throw invalidParameter(
      'MessageAttributes',
      Object.keys(attributes).length,
      `Number of message attributes exceeds the allowed maximum [${MAX_MESSAGE_ATTRIBUTES}].`,
    );
  }
  return {
    body: readText(input, 'MessageBody'),
    attributes,
    senderId: context.principal,
    ...(delaySeconds === undefined ? {} : { delaySeconds }),
    ...(groupId === undefined ? {} : { groupId }),
  };
}

function checkSupported(input: Json): void {
  if (input.MessageDeduplicationId !== undefined) {
    throw invalidParameter(
      'MessageDeduplicationId',
      input.MessageDeduplicationId,
      'The request includes a parameter that is not valid for this queue type.',
    );
  }
  if (input.MessageSystemAttributes !== undefined) {
    throw unsupportedOperation('The local cloud does not support MessageSystemAttributes.');
  }
}
