import { createHash } from 'node:crypto';

export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, with an optional `.label`. */
  readonly dataType: string;
  readonly stringValue?: string;
  /** Base64, as on the wire. */
  readonly binaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** What a sender gives. */
export interface NewMessage {
  readonly body: string;
  readonly attributes?: MessageAttributes;
  /** Overrides the queue's own delay. */
  readonly delaySeconds?: number;
  readonly groupId?: string;
  /** The caller that sent it: its `SenderId`. */
  readonly senderId: string;
}

export type MessageState = 'hidden' | 'ready' | 'in_flight' | 'gone';

/** A message on a queue. Only its queue changes it. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly groupId: string | undefined;
  readonly senderId: string;
  /** Milliseconds since 1970; a dead-letter queue keeps it, so retention counts from the first queue. */
  readonly sentAt: number;
  /** The queue whose redrive policy moved it here. */
  readonly deadLetterSourceArn?: string;
  receiveCount: number;
  firstReceivedAt: number | undefined;
  lastReceivedAt: number | undefined;
  state: MessageState;
  /** When it may next be received, while `hidden` or `in_flight`. */
  visibleAt: number;
}

/** Bytes that count towards the quota: the body in UTF-8, and names, types and values of attributes. */
export function messageBytes(message: { body: string; attributes?: MessageAttributes }): number {
  let bytes = Buffer.byteLength(message.body);
  for (const [name, attribute] of Object.entries(message.attributes ?? {})) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(attribute.dataType) + valueBytes(attribute).length;
  }
  return bytes;
}

/** XML's characters: no control characters but tab and line ends, no lone surrogate, no U+FFFE or U+FFFF. */
const VALID_CONTENT = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;

export function hasValidContent(text: string): boolean {
  return VALID_CONTENT.test(text);
}

export function md5OfText(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/**
 * SQS's digest of message attributes, or undefined when there are none: names in order, each name, type and
 * value with its length, and one byte for the kind of the value.
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
