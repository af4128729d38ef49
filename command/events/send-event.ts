import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { escapeNonAscii } from '../../lambdas/shared/domain/ascii-json.ts';
import { withSqs } from '../shared/clients.ts';
import { requireOutput, type Target } from '../shared/target.ts';
import { detailOf, type NewEvent } from './put-event.ts';

/** Sends an event to the events queue, as the bus would, and resolves to the id that takes the place of the bus's id. */
export async function sendEvent(target: Target, event: NewEvent): Promise<string> {
  const queueUrl = requireOutput(target, 'EventsQueueUrl');
  const id = crypto.randomUUID();
  await withSqs(target, async (sqs) => {
    const envelope = {
      version: '0',
      id,
      'detail-type': event.type,
      source: event.source,
      account: accountOf(queueUrl),
      time: `${new Date().toISOString().slice(0, 19)}Z`,
      region: await sqs.config.region(),
      resources: [],
    };
    // The data is not parsed, so that numbers keep their digits.
    const text = `${JSON.stringify(envelope).slice(0, -1)},"detail":${detailOf(event)}}`;
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: escapeNonAscii(text) }));
  });
  return id;
}

/** The AWS account in a queue's URL: `https://sqs.<region>.amazonaws.com/<account>/<name>`. */
function accountOf(queueUrl: string): string {
  return new URL(queueUrl).pathname.split('/')[1] ?? '';
}
