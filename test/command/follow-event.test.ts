import { describe, expect, it, onTestFinished } from 'vitest';
import { type EventEnd, followEvent } from '../../command/events/follow-event.ts';
import { eventIdFromBus, parseAccountId, parseEventId } from '../../lambdas/shared/domain/ids.ts';
import type { PostResult } from '../../lambdas/shared/http/post.ts';
import { busEvent } from '../dispatch-event/builders.ts';
import { accountId, webhookId } from '../support/builders.ts';
import { queueUrl, TABLES } from '../support/in-process-services.ts';
import { createInProcessStack } from '../support/in-process-stack.ts';
import { answered } from '../support/post-results.ts';

const OTHER_BUS_ID = '7b7e8feb-b491-4cf7-a9f1-bf3703467718';

interface Publication {
  readonly busEventId?: string;
  readonly id?: string;
  readonly account?: string;
  readonly type?: string;
  readonly data?: string;
  /** False: the bus accepts the event, and no rule matches it. */
  readonly isMatched?: boolean;
}

/** The functions' code on simulated services. They run while the command waits. */
async function start({ answer = answered(200) }: { answer?: PostResult } = {}) {
  const cloud = await createInProcessStack({ post: async () => answer });
  onTestFinished(() => cloud.close());
  const { time, ports } = cloud;
  const progress: string[] = [];
  const runAll = async (): Promise<void> => {
    await cloud.runDispatcher();
    for (const queue of ['first', 'retry1', 'retry2', 'retry3'] as const) await cloud.run(queue);
  };
  return {
    cloud,
    progress,
    async publish({ isMatched = true, ...publication }: Publication = {}, timeoutMs = 120_000) {
      const { busEventId = OTHER_BUS_ID, id, account = 'acct_1', type = 'file.uploaded' } = publication;
      const { data = '{"file_id":"file_1"}' } = publication;
      const detail = { account_id: account, id, data: 'DATA' };
      const event = { ...busEvent({ id: busEventId, 'detail-type': type }), detail };
      // Not parsed, so that its numbers keep their digits.
      const text = JSON.stringify(event).replace('"DATA"', () => data);
      if (isMatched) cloud.publish(text);
      const eventId = parseEventId(id) ?? eventIdFromBus(busEventId);
      const owner = parseAccountId(account);
      if (eventId === undefined || owner === undefined) throw new Error('invalid ids');
      return followEvent(
        {
          ...TABLES,
          dynamodb: ports.dynamodb,
          sqs: ports.sqs,
          undispatchedQueueUrl: queueUrl('undispatched'),
          eventsQueueUrl: queueUrl('events'),
          clock: {
            now: () => time.now,
            async sleep(ms) {
              time.now += ms;
              await runAll();
            },
          },
          timeoutMs,
          onProgress: (line) => progress.push(line),
        },
        { accountId: owner, eventId, busEventId, type, data },
      );
    },
  };
}

const statusesOf = ({ deliveries }: EventEnd) => deliveries.map(({ status }) => status);

describe('a published event that is followed', () => {
  it('ends as delivered when every webhook that it matched received it', async () => {
    const { cloud, publish, progress } = await start();
    await cloud.addWebhook();
    await cloud.addWebhook({ id: webhookId('wh_2') });

    const end = await publish();

    expect(end).toEqual({
      outcome: 'delivered',
      deliveries: ['wh_1', 'wh_2'].map((id) => ({
        webhookId: id,
        deliveryId: expect.stringMatching(/^dlv_/),
        status: 'delivered',
        attempts: 1,
      })),
    });
    expect(progress).toEqual(['waiting for the dispatcher', '2 delivered; 2 attempts']);
  });

  it('ends as not delivered after the last attempt failed, with the reason', async () => {
    const { cloud, publish, progress } = await start({ answer: answered(500) });
    await cloud.addWebhook();

    const end = await publish();

    expect(end).toMatchObject({
      outcome: 'not_delivered',
      deliveries: [{ status: 'exhausted', attempts: 4, reason: expect.stringContaining('500') }],
    });
    expect(progress).toContain('1 retrying; 1 attempt');
  });

  it('ends as not delivered when a webhook is disabled', async () => {
    const { cloud, publish } = await start();
    await cloud.addWebhook();
    await cloud.addWebhook({ id: webhookId('wh_2'), status: 'disabled' });

    const end = await publish();

    expect(end.outcome).toBe('not_delivered');
    expect(end.deliveries).toMatchObject([
      { webhookId: 'wh_1', status: 'delivered' },
      { webhookId: 'wh_2', status: 'held', reason: 'the webhook is disabled' },
    ]);
  });

  it('is unmatched when its account has no webhook', async () => {
    const { cloud, publish } = await start();
    await cloud.addWebhook();

    const end = await publish({ account: 'acct_l' });

    expect(end).toEqual({
      outcome: 'unmatched',
      reason: 'the account acct_l has no webhook',
      deliveries: [],
    });
  });

  it('is unmatched when no webhook of its account matches it, with the reason for each', async () => {
    const { cloud, publish } = await start();
    await cloud.addWebhook({ events: ['user.*'] });
    await cloud.addWebhook({ id: webhookId('wh_2'), verified: false, status: 'pending' });

    const end = await publish();

    expect(end).toEqual({
      outcome: 'unmatched',
      reason:
        'no webhook of acct_1 matched file.uploaded; wh_1 subscribes to user.*; wh_2 is not verified (pending)',
      deliveries: [],
    });
  });

  it.each([
    ['with a webhook', 'acct_1'],
    ['without a webhook', 'acct_l'],
  ])('is refused with the reason when it cannot be dispatched, for an account %s', async (_, account) => {
    const { cloud, publish } = await start();
    await cloud.addWebhook();

    const end = await publish({ account, type: 'file.renamed' });

    expect(end).toEqual({
      outcome: 'refused',
      reason: expect.stringContaining('"file.renamed" is not in the catalogue'),
      deliveries: [],
    });
    expect(cloud.counts('undispatched')).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });

  it('is refused when another event has its id, and the deliveries of that event are not reported as its own', async () => {
    const { cloud, publish } = await start();
    await cloud.addWebhook();
    await publish({ busEventId: busEvent().id, id: 'evt_1' });

    const end = await publish({ id: 'evt_1', data: '{"file_id":"other"}' });

    expect(end).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('another event was published under this id'),
    });
  });

  it('is not mistaken for another refused event of the same id', async () => {
    const { cloud, publish } = await start();
    await cloud.addWebhook();
    const first = await publish({ busEventId: busEvent().id, id: 'evt_1', type: 'file.renamed' });

    const second = await publish({ id: 'evt_1' });

    expect([first.outcome, second.outcome]).toEqual(['refused', 'delivered']);
  });

  it('that repeats an event has the deliveries of the first', async () => {
    const { cloud, publish } = await start();
    await cloud.addWebhook();
    const data = '{"file_id":"file_1","bytes":1.0}';
    const first = await publish({ busEventId: busEvent().id, id: 'evt_1', data });

    const second = await publish({ id: 'evt_1', data });

    expect(second).toEqual(first);
    expect(cloud.posts).toHaveLength(1);
  });

  it('ends at the time limit when nothing was recorded about it', async () => {
    const { cloud, publish } = await start();
    await cloud.addWebhook();

    const end = await publish({ isMatched: false }, 30_000);

    expect(end).toEqual({
      outcome: 'timeout',
      reason: 'the event is not stored: no rule of the bus matched it, or it waits on the events queue',
      deliveries: [],
    });
  });

  it('ends at the time limit while a delivery is not final, and shows that delivery', async () => {
    const { cloud, publish } = await start({ answer: answered(500) });
    await cloud.addWebhook({ accountId: accountId() });

    const end = await publish({}, 3_000);

    expect(end).toMatchObject({ outcome: 'timeout', reason: 'not every delivery has ended' });
    expect(statusesOf(end)).toEqual(['retrying']);
  });
});
