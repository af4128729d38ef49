import type { Cloud } from '../cloud.ts';
import type { Message } from '../sqs/message.ts';
import type { Printer } from './printer.ts';

/** Queues whose messages need manual action, by the stack's output with their URL. */
const MANUAL_QUEUES = {
  ExhaustedQueueUrl: 'exhausted',
  PoisonQueueUrl: 'poison',
  UnreadableQueueUrl: 'unreadable',
  UndispatchedQueueUrl: 'undispatched',
};

/** Prints a line for each message that arrives on one of these queues. It does not receive the messages. */
export function reportArrivals(
  { queues, outputs }: Pick<Cloud, 'queues' | 'outputs'>,
  printer: Printer,
): void {
  for (const [output, name] of Object.entries(MANUAL_QUEUES)) {
    const queue = queues.queueByUrl(outputs[output] ?? '');
    if (queue === undefined)
      throw new Error(`the stack's output ${output} is not the URL of one of its queues`);
    queues.onArrival(queue.arn, (message) => {
      // A message in flight becomes visible again: its arrival is printed already.
      if (message.state !== 'in_flight') printer.event('queue', `${name} got ${summarize(message)}`);
    });
  }
}

/** The reason and the ids are message attributes or fields of the body. */
function summarize({ body, attributes, receiveCount, deadLetterSourceArn }: Readonly<Message>): string {
  const fields = fieldsOf(body);
  const textOf = (name: string): string | undefined => {
    const value = attributes[name]?.stringValue ?? fields[name];
    return typeof value === 'string' ? value : undefined;
  };
  const [event, webhook] = [textOf('event_id'), textOf('webhook_id')];
  const ids = event !== undefined && webhook !== undefined ? `${event} for ${webhook}` : event;
  const reason =
    deadLetterSourceArn === undefined
      ? (textOf('reason') ?? textOf('ERROR_MESSAGE'))
      : `received ${receiveCount} times, never processed`;
  const parts = [ids, reason].filter((part) => part !== undefined);
  return parts.length === 0 ? 'a message without a reason' : parts.join(': ');
}

function fieldsOf(body: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
}
