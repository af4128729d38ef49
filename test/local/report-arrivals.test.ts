import { describe, expect, it } from 'vitest';
import type { Printer } from '../../local/demo/printer.ts';
import { reportArrivals } from '../../local/demo/report-arrivals.ts';
import { createSqsEngine } from '../../local/sqs/engine.ts';
import { aQueue, manualClock } from './endpoint-builder.ts';

const exhausted = aQueue('exhausted');
const poison = aQueue('poison');
const unreadable = aQueue('unreadable');
const undispatched = aQueue('undispatched');
const lane = aQueue('lane', { redrive: { deadLetterArn: poison.arn, maxReceiveCount: 1 } });

function startReporting() {
  const queues = createSqsEngine({ clock: manualClock() });
  for (const queue of [lane, exhausted, poison, unreadable, undispatched]) queues.createQueue(queue);
  const lines: string[] = [];
  const printer: Printer = {
    event: (actor, text) => lines.push(`${actor}: ${text}`),
    line: () => undefined,
    heading: () => undefined,
  };
  const outputs = {
    ExhaustedQueueUrl: exhausted.url,
    PoisonQueueUrl: poison.url,
    UnreadableQueueUrl: unreadable.url,
    UndispatchedQueueUrl: undispatched.url,
  };
  reportArrivals({ queues, outputs }, printer);
  return { queues, lines };
}

describe('a message on a queue that needs manual action', () => {
  it.each([
    [exhausted, { event_id: 'evt_1', webhook_id: 'wh_1' }, 'exhausted got evt_1 for wh_1'],
    [poison, { reason: 'the message is not JSON' }, 'poison got the message is not JSON'],
    [undispatched, { event_id: 'evt_1', reason: 'no such type' }, 'undispatched got evt_1: no such type'],
    [undispatched, 'text', 'undispatched got a message without a reason'],
  ])('is reported in a line: %#', (queue, body, line) => {
    const { queues, lines } = startReporting();

    queues.send(queue.url, { body: JSON.stringify(body), senderId: 'test' });

    expect(lines).toEqual([`queue: ${line}`]);
    expect(queues.counts(queue.url)).toMatchObject({ visible: 1 });
  });

  it('is reported by its message attributes', () => {
    const { queues, lines } = startReporting();
    const attributes = {
      reason: { dataType: 'String', stringValue: 'no such type' },
      event_id: { dataType: 'String', stringValue: 'evt_1' },
    };

    queues.send(undispatched.url, { body: '{"detail":{}}', attributes, senderId: 'test' });

    expect(lines).toEqual(['queue: undispatched got evt_1: no such type']);
  });

  it('is reported when a redrive policy moves it there', () => {
    const { queues, lines } = startReporting();
    queues.send(lane.url, { body: '{"event_id":"evt_1"}', senderId: 'test' });

    queues.receive({ queueUrl: lane.url, max: 1, visibilityTimeoutSeconds: 0 });
    queues.receive({ queueUrl: lane.url, max: 1 });

    expect(lines).toEqual(['queue: poison got evt_1: received 1 times, never processed']);
  });

  it('is not reported again when a user receives it', () => {
    const { queues, lines } = startReporting();
    queues.send(poison.url, { body: '{"reason":"once"}', senderId: 'test' });

    queues.receive({ queueUrl: poison.url, max: 1 });

    expect(lines).toEqual(['queue: poison got once']);
  });
});
