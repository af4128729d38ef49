import type { Json } from '../aws-calls.ts';

/** A received message, as an event source mapping hands it to a function. */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Json;
  readonly messageAttributes: Json;
  readonly md5OfBody: string;
  readonly eventSource: 'aws:sqs';
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

/** Lambda: a synchronous invocation's payload. */
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;
/** What a record takes beside its body. */
const RECORD_OVERHEAD_BYTES = 1024;

/** Splits a batch where it would not fit into one invocation. */
export function splitByPayload(batch: readonly SqsRecord[]): SqsRecord[][] {
  const parts: SqsRecord[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const record of batch) {
    const size = Buffer.byteLength(JSON.stringify(record.body)) + RECORD_OVERHEAD_BYTES;
    if (bytes + size > MAX_PAYLOAD_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(record);
    bytes += size;
  }
  return parts;
}

/** The records of one `ReceiveMessage` answer. */
export function readRecords(answer: Json, queueArn: string): SqsRecord[] {
  const messages = Array.isArray(answer.Messages) ? answer.Messages.filter(isObject) : [];
  return messages.map((message) => ({
    messageId: String(message.MessageId),
    receiptHandle: String(message.ReceiptHandle),
    body: String(message.Body),
    attributes: isObject(message.Attributes) ? message.Attributes : {},
    messageAttributes: messageAttributes(message.MessageAttributes),
    md5OfBody: String(message.MD5OfBody),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3] ?? '',
  }));
}

/** Lambda spells the attributes' fields in its own way. */
function messageAttributes(attributes: unknown): Json {
  if (!isObject(attributes)) return {};
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => {
      const { DataType, StringValue, BinaryValue } = isObject(value) ? value : {};
      const lists = { stringListValues: [], binaryListValues: [] };
      return [name, { stringValue: StringValue, binaryValue: BinaryValue, ...lists, dataType: DataType }];
    }),
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
