import type { Json } from '../../aws-calls.ts';
import type { SqsEngine } from '../engine.ts';
import { requireQueue } from './action.ts';
import { readBatch, runBatch } from './batch.ts';
import { changeOne } from './change-message-visibility.ts';

export function changeMessageVisibilityBatch(engine: SqsEngine, input: Json): Json {
  const queue = requireQueue(engine, input);
  return runBatch(readBatch(input), (entry) => changeOne(engine, queue, entry));
}
