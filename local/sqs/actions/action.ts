import type { CallContext, Json } from '../../aws-calls.ts';
import type { SqsEngine } from '../engine.ts';
import { queueDoesNotExist } from '../errors.ts';
import { readText } from '../input.ts';
import type { QueueSettings } from '../settings.ts';

/** One action of the API: checks its input as SQS does, and lets the engine do it. */
export type Action = (engine: SqsEngine, input: Json, context: CallContext) => Json | Promise<Json>;

/** The queue that `QueueUrl` names. */
export function requireQueue(engine: SqsEngine, input: Json): QueueSettings {
  const queue = engine.queueByUrl(readText(input, 'QueueUrl'));
  if (queue === undefined) throw queueDoesNotExist();
  return queue;
}
