import type { CallContext, Json } from '../../aws-calls.ts';
import type { SqsEngine } from '../engine.ts';
import { batchTooLong } from '../errors.ts';
import { readMessageAttributes, readOptionalText } from '../input.ts';
import { MAX_MESSAGE_BYTES } from '../limits.ts';
import { messageBytes } from '../message.ts';
import { requireQueue } from './action.ts';
import { readBatch, runBatch } from './batch.ts';
import { readNewMessage, sendOne } from './send-message.ts';

export function sendMessageBatch(engine: SqsEngine, input: Json, context: CallContext): Json {
  const queue = requireQueue(engine, input);
  const entries = readBatch(input);
  const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
  if (bytes > MAX_MESSAGE_BYTES) throw batchTooLong(bytes, MAX_MESSAGE_BYTES);
  // All messages of a call have the same send time, so that those with the same delay become visible at the same time.
  const sentAt = engine.now();
  return runBatch(entries, (entry) =>
    sendOne(engine, queue, { ...readNewMessage(entry, context), sentAt }, entry),
  );
}

function entryBytes(entry: Json): number {
  return messageBytes({
    body: readOptionalText(entry, 'MessageBody') ?? '',
    attributes: readMessageAttributes(entry),
  });
}
