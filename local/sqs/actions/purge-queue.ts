import type { Json } from '../../aws-calls.ts';
import type { SqsEngine } from '../engine.ts';
import { requireQueue } from './action.ts';

export function purgeQueue(engine: SqsEngine, input: Json): Json {
  engine.purge(requireQueue(engine, input).url);
  return {};
}
