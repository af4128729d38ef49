import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRawServer } from '../../fixtures/raw-server.ts';
import type { DeliveryMessage } from '../../lambdas/shared/domain/delivery.ts';
import { decodeMessage } from '../../lambdas/shared/domain/message.ts';
import { startHttpServer } from '../support/http-server.ts';
import { until } from '../support/until.ts';
import { type Journey, startJourney } from './support/journey.ts';

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
});

afterAll(() => journey.close());

async function exhaustedMessage(eventId: string): Promise<DeliveryMessage> {
  return until(`${eventId} on the exhausted queue`, async () => {
    for (const text of await journey.receive(journey.cloud.outputs.ExhaustedQueueUrl)) {
      const decoded = decodeMessage(text);
      if (decoded.ok) exhausted.set(decoded.message.eventId, decoded.message);
    }
    return exhausted.get(eventId);
  });
}

/** All messages received so far: concurrent tests share the queue. */
const exhausted = new Map<string, DeliveryMessage>();

async function recordOf(
  webhookId: string,
  eventId: string,
  accountId?: string,
): Promise<Record<string, unknown>> {
  return until(`a record of ${eventId}`, async () =>
    (await journey.records(webhookId, accountId)).find(({ event_id }) => event_id === eventId),
  );
}

describe('an endpoint that does not answer 200', () => {
  it.for([201, 204, 301, 404, 500])(
    'fails with %i, and the redirect is not followed [NET-4]',
    async (status) => {
      const elsewhere = await journey.startCustomer();
      const customer = await journey.startCustomer((_, nth) =>
        nth === 1
          ? { status, headers: status === 301 ? { location: elsewhere.url('/moved') } : {} }
          : { status: 200 },
      );
      const account_id = `acct_${status}`;
      const key = await journey.newAccount(account_id);
      const { id } = await journey.register({ url: customer.url(), events: ['*'] }, { key });

      await journey.publish('user.registered', { account_id, id: `evt_${status}`, data: {} });

      await customer.received(2);
      const record = await until('both attempts', async () => {
        const found = await recordOf(id, `evt_${status}`, account_id);
        return found.status === 'delivered' ? found : undefined;
      });
      expect(record).toMatchObject({
        attempt_1: { status, error: 'http_status' },
        attempt_2: { status: 200 },
      });
      expect(elsewhere.requests).toEqual([]);
    },
  );
});

describe.concurrent('a failing endpoint', () => {
  it('gets an attempt at once and 1, 5 and 30 s after each failure, under the same ids, and then the delivery is exhausted', async ({
    expect,
  }) => {
    const customer = await journey.startCustomer(() => ({ status: 500, body: 'sorry' }));
    const { id } = await journey.register({ url: customer.url(), events: ['ppt.edit.failed'] });

    const listener = await journey.startCustomer();
    await journey.register({ url: listener.url(), events: ['webhook.exhausted'] });

    await journey.publish('ppt.edit.failed', { id: 'evt_exhausted', data: {} });

    const requests = await customer.received(4);
    const gaps = requests.slice(1).map(({ at }, index) => (at - (requests[index]?.at ?? 0)) / 1000);
    for (const [index, delay] of [1, 5, 30].entries()) {
      expect(gaps[index]).toBeGreaterThanOrEqual(delay);
    }
    expect(requests.map(({ headers }) => headers['x-webhook-attempt'])).toEqual(['1', '2', '3', '4']);
    expect(new Set(requests.map(({ headers }) => headers['x-webhook-delivery'])).size).toBe(1);
    expect(new Set(requests.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(['evt_exhausted']));
    const message = await exhaustedMessage('evt_exhausted');
    expect(message.history.map(({ number, status, error }) => [number, status, error])).toEqual(
      [1, 2, 3, 4].map((number) => [number, 500, 'http_status']),
    );
    expect(await recordOf(id, 'evt_exhausted')).toMatchObject({
      status: 'exhausted',
      attempt_1: { status: 500 },
      attempt_4: { status: 500 },
    });
    const [notice] = await listener.received(1, ({ body }) => String(body).includes('evt_exhausted'));
    expect(JSON.parse(String(notice?.body))).toMatchObject({
      type: 'webhook.exhausted',
      data: {
        original_event_id: 'evt_exhausted',
        original_event_type: 'ppt.edit.failed',
        webhook_id: id,
        delivery_id: requests[0]?.headers['x-webhook-delivery'],
        attempts: 4,
        reason: expect.stringContaining('500'),
      },
    });
  });

  it('that requests a later retry receives it not earlier, and the record states when and why', async ({
    expect,
  }) => {
    const recordIsRead = Promise.withResolvers<void>();
    const customer = await journey.startCustomer(async (_, nth) => {
      const headers = { 'retry-after': '3', 'set-cookie': 'session=1' };
      if (nth === 1) return { status: 503, headers, body: 'in a moment' };
      await recordIsRead.promise;
      return { status: 200 };
    });
    const { id } = await journey.register({ url: customer.url(), events: ['file.deleted'] });

    await journey.publish('file.deleted', { id: 'evt_busy', data: {} });

    const waiting = await recordOf(id, 'evt_busy');
    recordIsRead.resolve();
    const [first, second] = await customer.received(2);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(3_000);
    expect(waiting).toMatchObject({
      status: 'retrying',
      attempt_1: {
        status: 503,
        excerpt: 'in a moment',
        response_headers: { 'retry-after': '3' },
        timing: { first_byte_ms: expect.any(Number) },
      },
    });
    expect(JSON.stringify(waiting)).not.toContain('session');
    const { at, duration_ms } = waiting.attempt_1 as { at: number; duration_ms: number };
    expect(waiting.next_attempt_at).toBe(at + duration_ms + 3_000);
  });

  it('with a closed port is retried [NET-18]', async ({ expect }) => {
    const customer = await journey.startCustomer();
    const { id } = await journey.register({ url: customer.url(), events: ['file.processed'] });
    await customer.close();

    await journey.publish('file.processed', { id: 'evt_closed', data: {} });

    const record = await until('the second attempt', async () => {
      const found = await recordOf(id, 'evt_closed');
      return found.attempt_2 === undefined ? undefined : found;
    });
    expect(record).toMatchObject({
      attempt_1: { error: 'connection_error' },
      attempt_2: { error: 'connection_error' },
    });
  });

  it('that never answers fails after 30 s, and its retry is sent to the slow queue [FAULT-31]', async ({
    expect,
  }) => {
    const customer = await journey.startCustomer(() => 'never');
    const { id } = await journey.register({ url: customer.url(), events: ['ppt.edit.completed'] });
    const slowArrivals: number[] = [];
    const slowArn = journey.cloud.queues.queueByUrl(journey.cloud.outputs.SlowQueueUrl ?? '')?.arn ?? '';
    journey.cloud.queues.onArrival(slowArn, () => slowArrivals.push(Date.now()));

    const publishedAt = Date.now();
    await journey.publish('ppt.edit.completed', { id: 'evt_hung', data: {} });

    const [, second] = await customer.received(2);
    const record = await recordOf(id, 'evt_hung');
    expect(record).toMatchObject({ attempt_1: { error: 'timeout' } });
    // 30 s for the attempt, 1 s until its retry.
    expect((second?.at ?? 0) - publishedAt).toBeGreaterThanOrEqual(31_000);
    expect(slowArrivals.length).toBeGreaterThan(0);
  });

  it('is reported by one webhook.retry with the documented fields, and a failed webhook.retry is not reported', async ({
    expect,
    onTestFinished,
  }) => {
    // The test waits for an idle stack, so it cannot share the stack with concurrent tests.
    const alone = await startJourney({ maximumEnvironments: 2 });
    onTestFinished(() => alone.close());
    const failing = await alone.startCustomer((_, nth) => ({ status: nth === 1 ? 500 : 200 }));
    const listener = await alone.startCustomer((_, nth) => ({ status: nth === 1 ? 503 : 200 }));
    await alone.register({ url: failing.url(), events: ['file.uploaded'] });
    await alone.register({ url: listener.url(), events: ['webhook.retry'] });

    await alone.publish('file.uploaded', { id: 'evt_reported', data: {} });

    const [notice, retried] = await listener.received(2);
    const body = JSON.parse(String(notice?.body));
    expect(body).toEqual({
      id: expect.stringMatching(/^evt_/),
      type: 'webhook.retry',
      created: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/),
      data: {
        original_event_id: 'evt_reported',
        retry_count: 0,
        next_retry_at: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/),
        webhook_id: expect.stringMatching(/^wh_/),
        delivery_id: failing.requests[0]?.headers['x-webhook-delivery'],
      },
    });
    expect(notice?.headers['x-webhook-event']).toBe('webhook.retry');
    expect(String(retried?.body)).toBe(String(notice?.body));
    await alone.untilIdle();
    expect(listener.requests).toHaveLength(2);
  });
});

describe.concurrent('an endpoint that does not echo the challenge', () => {
  it('fails its verification after four attempts, with the reason, and receives no events', async ({
    expect,
    onTestFinished,
  }) => {
    const server = await startHttpServer(() => ({ status: 200, body: '{"challenge":"another"}' }));
    onTestFinished(() => server.close());

    const created = await journey.api('POST', '/v1/webhooks', { url: `${server.url}/`, events: ['*'] });

    const failed = await until('the failure', async () => {
      const { body } = await journey.api('GET', `/v1/webhooks/${created.body.id}`);
      return body.status === 'verification_failed' ? body : undefined;
    });
    expect(failed.verification_error).toContain('"challenge"');
    expect(await journey.records(created.body.id)).toMatchObject([
      { status: 'exhausted', attempt_1: { error: 'challenge_mismatch' }, attempt_4: { status: 200 } },
    ]);
  });
});

describe('an endpoint that closes the connection without a response', () => {
  it('fails the attempt', async ({ onTestFinished }) => {
    const server = await startRawServer((socket) => socket.destroy());
    onTestFinished(() => server.close());

    const created = await journey.api('POST', '/v1/webhooks', {
      url: `http://127.0.0.1:${server.port}/`,
      events: ['*'],
    });

    const record = await until('the first attempt', async () => (await journey.records(created.body.id))[0]);
    expect(record).toMatchObject({
      event_type: 'webhook.verification',
      attempt_1: { error: 'connection_error' },
    });
  });
});
