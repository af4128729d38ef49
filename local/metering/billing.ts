import { isJsonObject } from '../../lambdas/shared/domain/json-object.ts';
import type { Json, ServiceName } from '../aws-calls.ts';
import { entryBytes } from '../events/put-events.ts';

/** SQS and EventBridge bill a call for each chunk of this size. */
const CHUNK_BYTES = 64 * 1024;

/** The number of messages, events or items of a call: those in the input, or else those in the output. */
export function countEntries(input: Json, output: Json | undefined): number {
  if (Array.isArray(input.Entries)) return input.Entries.length;
  if (isJsonObject(input.RequestItems)) {
    return Object.values(input.RequestItems).reduce<number>((sum, part) => sum + countItems(part), 0);
  }
  if ('MaxNumberOfMessages' in input || Array.isArray(output?.Messages))
    return listOf(output?.Messages).length;
  if (Array.isArray(output?.Items)) return output.Items.length;
  return 1;
}

/** Billed requests. 0 for DynamoDB, which bills request units instead, for Lambda, and for reads of alarms, which no function makes. */
export function billedChunks(service: ServiceName, input: Json, output: Json | undefined): number {
  switch (service) {
    case 'sqs':
      return chunksOf(sentBytes(input) + receivedBytes(output));
    case 'events':
      return listOf(input.Entries).reduce<number>(
        (sum, entry) => sum + chunksOf(entryBytes(objectOf(entry))),
        0,
      );
    case 'kms':
      return 1;
    case 'dynamodb':
    case 'cloudwatch':
    // The function's own run is billed.
    case 'lambda':
      return 0;
  }
}

function chunksOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / CHUNK_BYTES));
}

function sentBytes(input: Json): number {
  const messages = Array.isArray(input.Entries) ? input.Entries.map(objectOf) : [input];
  return sumOf(
    messages.map(
      ({ MessageBody: body, MessageAttributes: attributes }) => textBytes(body) + jsonBytes(attributes),
    ),
  );
}

function receivedBytes(output: Json | undefined): number {
  const messages = listOf(output?.Messages).map(objectOf);
  return sumOf(
    messages.map(({ Body: body, MessageAttributes: attributes }) => textBytes(body) + jsonBytes(attributes)),
  );
}

/** A table's part of a batch: a list of writes, or an object with keys. */
function countItems(part: unknown): number {
  return Array.isArray(part) ? part.length : listOf(objectOf(part).Keys).length;
}

function textBytes(text: unknown): number {
  return typeof text === 'string' ? Buffer.byteLength(text) : 0;
}

/** Approximate size of message attributes: includes JSON's punctuation. */
function jsonBytes(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function objectOf(value: unknown): Json {
  return isJsonObject(value) ? value : {};
}
