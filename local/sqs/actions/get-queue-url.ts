import type { Json } from '../../aws-calls.ts';
import type { SqsEngine } from '../engine.ts';
import { queueDoesNotExist } from '../errors.ts';
import { readText } from '../input.ts';

export function getQueueUrl(engine: SqsEngine, input: Json): Json {
  const queue = engine.queueByName(readText(input, 'QueueName'));
  if (queue === undefined) throw queueDoesNotExist();
  return { QueueUrl: queue.url };
}
