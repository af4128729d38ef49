import { describe, expect, it } from 'vitest';
import type { Printer } from '../../local/demo/printer.ts';
import { tellArrivals } from '../../local/demo/tell-arrivals.ts';
import { createSqsEngine } from '../../local/sqs/engine.ts';
import { aQueue, manualClock } from './endpoint-builder.ts';

const exhausted = aQueue('exhausted');
const poison = aQueue('poison');
const unreadable = aQueue('unreadable');
const undispatched = aQueue('undispatched');
const lane = aQueue('lane', { redrive: { deadLetterArn: poison.arn, maxReceiveCount: 1 } });

function aWatchedCloud() {
  const queues = createSqsEngine({ clock: manualClock() });
  for (const queue of [lane, exhausted, poison, unreadable, undispatched]) queues.createQueue(queue);
  const lines: string[] = [];
  const printer: Printer = {
    happened: (who, what) => lines.push(`${who}: ${what}`),
    line: () => undefined,
    heading: () => undefined,
  };
  const outputs = {
    ExhaustedQueueUrl: exhausted.url,
    PoisonQueueUrl: poison.url,
    UnreadableQueueUrl: unreadable.url,
    UndispatchedQueueUrl: undispatched.url,
  };
  tellArrivals({ queues, outputs }, printer);
  return { queues, lines };
}

describe('what arrives where nothing goes on by itself', () => {
  it.each([
    [exhausted, { event_id: 'evt_1', webhook_id: 'wh_1' }, 'exhausted got evt_1 for wh_1'],
    [poison, { reason: 'the message is not JSON' }, 'poison got the message is not JSON'],
    [undispatched, { event_id: 'evt_1', reason: 'no such type' }, 'undispatched got evt_1: no such type'],
    [undispatched, 'text', 'undispatched got a message without a reason'],
  ])('is told in a line: %#', (queue, body, told) => {
    const { queues, lines } = aWatchedCloud();

    queues.send(queue.url, { body: JSON.stringify(body), senderId: 'test' });

    expect(lines).toEqual([`queue: ${told}`]);
    expect(queues.counts(queue.url)).toMatchObject({ visible: 1 });
  });

  it('is told by its message attributes', () => {
    const { queues, lines } = aWatchedCloud();
    const attributes = {
      reason: { dataType: 'String', stringValue: 'no such type' },
      event_id: { dataType: 'String', stringValue: 'evt_1' },
    };

    queues.send(undispatched.url, { body: '{"detail":{}}', attributes, senderId: 'test' });

    expect(lines).toEqual(['queue: undispatched got evt_1: no such type']);
  });

  it('is told when a redrive policy moves it there', () => {
    const { queues, lines } = aWatchedCloud();
    queues.send(lane.url, { body: '{"event_id":"evt_1"}', senderId: 'test' });

    queues.receive({ queueUrl: lane.url, max: 1, visibilityTimeoutSeconds: 0 });
    queues.receive({ queueUrl: lane.url, max: 1 });

    expect(lines).toEqual(['queue: poison got evt_1: received 1 times without being handled']);
  });

  it('is not told again when a visitor receives it', () => {
    const { queues, lines } = aWatchedCloud();
    queues.send(poison.url, { body: '{"reason":"once"}', senderId: 'test' });

    queues.receive({ queueUrl: poison.url, max: 1 });

    expect(lines).toEqual(['queue: poison got once']);
  });
});
