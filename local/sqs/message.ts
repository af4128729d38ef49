import { createHash } from 'node:crypto';

export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, with an optional `.label`. */
  readonly dataType: string;
  readonly stringValue?: string;
  /** Base64, as in the API. */
  readonly binaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** The input of a send. */
export interface NewMessage {
  readonly body: string;
  readonly attributes?: MessageAttributes;
  /** Default: the queue's delay. */
  readonly delaySeconds?: number;
  readonly groupId?: string;
  /** The `SenderId`: the sender's access key id. */
  readonly senderId: string;
  /** When it is sent. Default: now. Milliseconds since 1970. */
  readonly sentAt?: number;
}

export type MessageState = 'hidden' | 'ready' | 'in_flight' | 'removed';

/** A message on a queue. Only the queue changes it. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly groupId: string | undefined;
  readonly senderId: string;
  /** Milliseconds since 1970. It is unchanged on a dead-letter queue, so retention counts from the first send. */
  readonly sentAt: number;
  /** When it was sent or moved to this queue. Milliseconds since 1970. */
  readonly enqueuedAt: number;
  /** The queue whose redrive policy moved it here. */
  readonly deadLetterSourceArn?: string;
  receiveCount: number;
  firstReceivedAt: number | undefined;
  lastReceivedAt: number | undefined;
  state: MessageState;
  /** When a `hidden` or `in_flight` message becomes visible. Milliseconds since 1970. */
  visibleAt: number;
}

/** Size for the quota: the body in UTF-8, and names, types and values of attributes. */
export function messageBytes(message: { body: string; attributes?: MessageAttributes }): number {
  let bytes = Buffer.byteLength(message.body);
  for (const [name, attribute] of Object.entries(message.attributes ?? {})) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(attribute.dataType) + valueBytes(attribute).length;
  }
  return bytes;
}

/** XML's characters: no control characters except tab and line ends, no lone surrogates, no U+FFFE, no U+FFFF. */
const VALID_CONTENT = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;

export function hasValidContent(text: string): boolean {
  return VALID_CONTENT.test(text);
}

export function md5OfText(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/**
 * SQS's digest of message attributes; undefined if there are none. It includes, in the order of names, each name, type and
 * value with its length, and one byte for the kind of value.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const entries = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const [name, attribute] of entries) {
    add(Buffer.from(name));
    add(Buffer.from(attribute.dataType));
    hash.update(Buffer.of(attribute.binaryValue === undefined ? 1 : 2));
    add(valueBytes(attribute));
  }
  return hash.digest('hex');
}

function valueBytes(attribute: MessageAttribute): Buffer {
  if (attribute.binaryValue !== undefined) return Buffer.from(attribute.binaryValue, 'base64');
  return Buffer.from(attribute.stringValue ?? '');
}
