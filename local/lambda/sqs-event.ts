import { isJsonObject } from '../../lambdas/shared/domain/json-object.ts';
import type { Json } from '../aws-calls.ts';

/** A message in the event of an event source mapping. */
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

/** Lambda quota: the payload of a synchronous invocation. */
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;
/** Upper estimate of the size of a record without its body. */
const RECORD_OVERHEAD_BYTES = 1024;

/** Splits a batch that is too large for one invocation. */
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

/** The records of a `ReceiveMessage` response. */
export function readRecords(answer: Json, queueArn: string): SqsRecord[] {
  const messages = Array.isArray(answer.Messages) ? answer.Messages.filter(isJsonObject) : [];
  return messages.map((message) => ({
    messageId: String(message.MessageId),
    receiptHandle: String(message.ReceiptHandle),
    body: String(message.Body),
    attributes: isJsonObject(message.Attributes) ? message.Attributes : {},
    messageAttributes: messageAttributes(message.MessageAttributes),
    md5OfBody: String(message.MD5OfBody),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3] ?? '',
  }));
}

/** Converts the fields of SQS's API to those of Lambda's event. */
function messageAttributes(attributes: unknown): Json {
  if (!isJsonObject(attributes)) return {};
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => {
      const { DataType, StringValue, BinaryValue } = isJsonObject(value) ? value : {};
      const lists = { stringListValues: [], binaryListValues: [] };
      return [name, { stringValue: StringValue, binaryValue: BinaryValue, ...lists, dataType: DataType }];
    }),
  );
}
