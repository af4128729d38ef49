import type { Json } from '../../aws-calls.ts';
import type { SqsEngine } from '../engine.ts';
import { invalidParameter, resourceNotFound } from '../errors.ts';
import { readInteger, readOptionalText, readText } from '../input.ts';

/** AWS's maximum. The local cloud validates the parameter and ignores it: a move completes at once. */
const MAX_MESSAGES_PER_SECOND = 500;

export function startMessageMoveTask(engine: SqsEngine, input: Json): Json {
  const sourceArn = readText(input, 'SourceArn');
  const destinationArn = readOptionalText(input, 'DestinationArn');
  readInteger(input, 'MaxNumberOfMessagesPerSecond', 1, MAX_MESSAGES_PER_SECOND);
  for (const arn of [sourceArn, ...(destinationArn === undefined ? [] : [destinationArn])]) {
    if (engine.queueByArn(arn) === undefined) {
      throw resourceNotFound(
        'The resource that you specified for the SourceArn or DestinationArn parameter does not exist.',
      );
    }
  }
  if (!engine.queues().some(({ redrive }) => redrive?.deadLetterArn === sourceArn)) {
    throw invalidParameter('SourceArn', sourceArn, 'Source queue must be configured as a Dead Letter Queue.');
  }
  const task = engine.moveMessages(sourceArn, destinationArn);
  return { TaskHandle: Buffer.from(JSON.stringify({ sourceArn, id: task.id })).toString('base64') };
}
