import type { CallContext, Json } from '../../aws-calls.ts';
import type { SqsEngine } from '../engine.ts';
import { queueDoesNotExist } from '../errors.ts';
import { readText } from '../input.ts';
import type { QueueSettings } from '../settings.ts';

/** An action of the API. It validates its input as SQS does, and calls the engine. */
export type Action = (engine: SqsEngine, input: Json, context: CallContext) => Json | Promise<Json>;

/** The queue of `QueueUrl`. Throws `AwsError` if there is none. */
export function requireQueue(engine: SqsEngine, input: Json): QueueSettings {
  const queue = engine.queueByUrl(readText(input, 'QueueUrl'));
  if (queue === undefined) throw queueDoesNotExist();
  return queue;
}
