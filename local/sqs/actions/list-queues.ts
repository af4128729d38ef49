import type { Json } from '../../aws-calls.ts';
import type { SqsEngine } from '../engine.ts';
import { readOptionalText } from '../input.ts';

/** Returns all queues in one page. */
export function listQueues(engine: SqsEngine, input: Json): Json {
  const prefix = readOptionalText(input, 'QueueNamePrefix') ?? '';
  const urls = engine
    .queues()
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ url }) => url);
  return urls.length === 0 ? {} : { QueueUrls: urls };
}
