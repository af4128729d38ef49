import type { Json } from '../../aws-calls.ts';
import type { SqsEngine } from '../engine.ts';
import { missingParameter } from '../errors.ts';
import { readInteger, readText } from '../input.ts';
import { MAX_VISIBILITY_SECONDS } from '../limits.ts';
import type { QueueSettings } from '../settings.ts';
import { requireQueue } from './action.ts';

export function changeMessageVisibility(engine: SqsEngine, input: Json): Json {
  return changeOne(engine, requireQueue(engine, input), input);
}

export function changeOne(engine: SqsEngine, queue: QueueSettings, input: Json): Json {
  const timeoutSeconds = readInteger(input, 'VisibilityTimeout', 0, MAX_VISIBILITY_SECONDS);
  if (timeoutSeconds === undefined) throw missingParameter('VisibilityTimeout');
  engine.changeVisibility(queue.url, readText(input, 'ReceiptHandle'), timeoutSeconds);
  return {};
}
