import type { Json } from '../../aws-calls.ts';
import type { SqsEngine } from '../engine.ts';
import { requireQueue } from './action.ts';

export function listDeadLetterSourceQueues(engine: SqsEngine, input: Json): Json {
  const { arn } = requireQueue(engine, input);
  const sources = engine.queues().filter(({ redrive }) => redrive?.deadLetterArn === arn);
  return { queueUrls: sources.map(({ url }) => url) };
}
