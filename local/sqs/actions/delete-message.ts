import type { Json } from '../../aws-calls.ts';
import type { SqsEngine } from '../engine.ts';
import { readText } from '../input.ts';
import { requireQueue } from './action.ts';

export function deleteMessage(engine: SqsEngine, input: Json): Json {
  const queue = requireQueue(engine, input);
  engine.deleteMessage(queue.url, readText(input, 'ReceiptHandle'));
  return {};
}
