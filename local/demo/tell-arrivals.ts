import type { Cloud } from '../cloud.ts';
import type { Message } from '../sqs/message.ts';
import type { Printer } from './printer.ts';

/** Queues that stay empty while all goes well, by the stack's output with their URL. */
const LAST_STOPS = {
  ExhaustedQueueUrl: 'exhausted',
  PoisonQueueUrl: 'poison',
  UnreadableQueueUrl: 'unreadable',
  UndispatchedQueueUrl: 'undispatched',
};

/** Prints a line for whatever arrives where nothing goes on by itself. It receives nothing. */
export function tellArrivals({ queues, outputs }: Pick<Cloud, 'queues' | 'outputs'>, printer: Printer): void {
  for (const [output, name] of Object.entries(LAST_STOPS)) {
    const queue = queues.queueByUrl(outputs[output] ?? '');
    if (queue === undefined) throw new Error(`the stack's output ${output} names none of its queues`);
    queues.onArrival(queue.arn, (message) => {
      // In flight, a visitor has received it: it was told of when it came.
      if (message.state !== 'in_flight') printer.happened('queue', `${name} got ${summarize(message)}`);
    });
  }
}

function summarize({ body, receiveCount, deadLetterSourceArn }: Readonly<Message>): string {
  const { reason, event_id: eventId, webhook_id: webhookId } = fieldsOf(body);
  const event = typeof eventId === 'string' ? eventId : undefined;
  const ids = event !== undefined && typeof webhookId === 'string' ? `${event} for ${webhookId}` : event;
  const why =
    deadLetterSourceArn === undefined ? reason : `received ${receiveCount} times without being handled`;
  const parts = [ids, why].filter((part) => typeof part === 'string');
  return parts.length === 0 ? 'a message that tells no reason' : parts.join(': ');
}

function fieldsOf(body: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
}
