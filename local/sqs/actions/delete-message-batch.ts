import type { Json } from '../../aws-calls.ts';
import type { SqsEngine } from '../engine.ts';
import { readText } from '../input.ts';
import { requireQueue } from './action.ts';
import { readBatch, runBatch } from './batch.ts';

export function deleteMessageBatch(engine: SqsEngine, input: Json): Json {
  const queue = requireQueue(engine, input);
  return runBatch(readBatch(input), (entry) => {
    engine.deleteMessage(queue.url, readText(entry, 'ReceiptHandle'));
    return {};
  });
}
