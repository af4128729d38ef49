import type { SendMessageBatchCommand, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { createFirstLanes } from '../../lambdas/shared/runtime/lanes.ts';
import type { Sqs } from '../../lambdas/shared/runtime/queues.ts';
import { message, webhookId } from '../support/builders.ts';
import { createTestTimer } from '../support/test-timer.ts';

const MEBIBYTE = 1024 * 1024;
const QUEUES = {
  clock: createTestTimer(),
  firstQueueUrl: 'https://sqs/first',
  slowQueueUrl: 'https://sqs/slow',
};

function attempts(count: number, body: string) {
  return Array.from({ length: count }, (_, index) => ({
    message: message({ webhookId: webhookId(`wh_${index}`), body }),
    slow: false,
  }));
}

/** Accepts every message except those that `isRefused` selects, and records the bytes of concurrent calls. */
function createQueue(isRefused: (body: string) => boolean = () => false) {
  const seen = {
    bytesInProgress: 0,
    mostBytes: 0,
    calls: 0,
    entries: [] as SendMessageBatchRequestEntry[],
    onSend: () => {},
  };
  const send = async ({ input: { Entries = [] } }: SendMessageBatchCommand) => {
    const bytes = Entries.reduce((sum, { MessageBody = '' }) => sum + Buffer.byteLength(MessageBody), 0);
    seen.calls++;
    seen.entries.push(...Entries);
    seen.onSend();
    seen.bytesInProgress += bytes;
    seen.mostBytes = Math.max(seen.mostBytes, seen.bytesInProgress);
    await new Promise(setImmediate);
    seen.bytesInProgress -= bytes;
    const refused = Entries.filter(({ MessageBody = '' }) => isRefused(MessageBody));
    return {
      Successful: Entries.filter((entry) => !refused.includes(entry)).map(({ Id }) => ({ Id })),
      Failed: refused.map(({ Id }) => ({ Id, Code: 'InternalError' })),
    };
  };
  return { seen, sqs: { send } as unknown as Sqs };
}

describe('first attempts', () => {
  it('are sent at most 4 MiB at the same time, for any number of webhooks', async () => {
    const { seen, sqs } = createQueue();

    const sent = await createFirstLanes({ sqs, ...QUEUES }).enqueueFirst(attempts(40, 'x'.repeat(250_000)));

    expect(sent).toEqual(Array.from({ length: 40 }, () => ({ ok: true })));
    expect(seen.mostBytes).toBeGreaterThan(3 * MEBIBYTE);
    expect(seen.mostBytes).toBeLessThanOrEqual(4 * MEBIBYTE);
  });

  it('are sent at most 4 MiB at the same time on both lanes together', async () => {
    const { seen, sqs } = createQueue();
    const mixed = attempts(40, 'x'.repeat(250_000)).map((one, index) => ({ ...one, slow: index % 2 === 0 }));

    await createFirstLanes({ sqs, ...QUEUES }).enqueueFirst(mixed);

    expect(seen.mostBytes).toBeGreaterThan(3 * MEBIBYTE);
    expect(seen.mostBytes).toBeLessThanOrEqual(4 * MEBIBYTE);
  });

  it('are delayed by 30 s in a re-run on both lanes, and not delayed in a first run', async () => {
    const { seen, sqs } = createQueue();
    const [one, two, three, four] = attempts(4, '{}').map(({ message }, index) => ({
      message: { ...message, rerun: index < 2 },
      slow: index % 2 === 0,
    }));
    if (one === undefined || two === undefined || three === undefined || four === undefined) return;

    await createFirstLanes({ sqs, ...QUEUES }).enqueueFirst([one, two, three, four]);

    expect(seen.entries.map(({ DelaySeconds, MessageGroupId }) => [MessageGroupId, DelaySeconds])).toEqual([
      ['acct_1', 30],
      ['acct_1', undefined],
      ['wh_0', 30],
      ['wh_2', undefined],
    ]);
  });

  it('are not sent after the signal aborts, and the unsent ones are reported', async () => {
    const { seen, sqs } = createQueue();
    const over = new AbortController();
    seen.onSend = () => over.abort();

    const sent = await createFirstLanes({ sqs, ...QUEUES }).enqueueFirst(
      attempts(40, 'x'.repeat(250_000)),
      over.signal,
    );

    const count = sent.filter(({ ok }) => ok).length;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(20);
    expect(sent[39]).toEqual({ ok: false, reason: 'not tried' });
  });

  it('share calls when they are small', async () => {
    const { seen, sqs } = createQueue();

    await createFirstLanes({ sqs, ...QUEUES }).enqueueFirst(attempts(1_000, 'x'.repeat(1_000)));

    expect(seen.calls).toBe(100);
  });

  it('each have a result, in their order', async () => {
    const { sqs } = createQueue((body) => body.includes('"wh_35"'));

    const sent = await createFirstLanes({ sqs, ...QUEUES }).enqueueFirst(attempts(40, 'x'.repeat(250_000)));

    expect(sent.flatMap((answer, index) => (answer.ok ? [] : [index]))).toEqual([35]);
  });
});
