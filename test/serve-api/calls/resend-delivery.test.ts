import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RESEND_RATE_LIMIT } from '../../../lambdas/serve-api/limits.ts';
import { parseTraceparent } from '../../../lambdas/shared/domain/traceparent.ts';
import { createDeliveryLog } from '../../../lambdas/shared/store/delivery-log.ts';
import { type GivenDelivery, givenDelivery } from '../support/given-deliveries.ts';
import { type Api, startApi } from '../support/start-api.ts';
import { givenWebhook } from '../support/webhook-states.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function given(delivery: GivenDelivery = { status: 'delivered' }) {
  const { caller, id, patch } = await givenWebhook(api, 'active');
  const old = await givenDelivery(api, caller, id, delivery);
  const path = `/v1/webhooks/${id}/deliveries/${old.deliveryId}/resend`;
  return {
    ...{ caller, id, patch, old },
    resend: (key?: string) =>
      caller.call('POST', path, key === undefined ? {} : { headers: { 'idempotency-key': key } }),
    resent: () => caller.queued().filter(({ message }) => message.trigger === 'resend'),
    record: () =>
      createDeliveryLog({ dynamodb: api.dynamodb, tableName: 'deliveries' }).get(
        caller.account,
        id,
        old.deliveryId,
        api.clock.time,
      ),
  };
}

describe('POST /v1/webhooks/{webhook_id}/deliveries/{delivery_id}/resend', () => {
  it.each(['delivered', 'exhausted', 'held', 'retrying', 'canceled'] as const)(
    'sends a %s delivery again, as a new delivery of the same event that names it',
    async (status) => {
      const { resend, resent, old, record } = await given({ status });

      const answer = await resend();

      const [sent, ...others] = resent();
      expect(answer).toMatchObject({
        status: 202,
        body: { delivery_id: sent?.message.deliveryId, event_id: old.eventId },
      });
      expect(others).toEqual([]);
      expect(sent).toMatchObject({
        queueUrl: 'first',
        message: {
          kind: 'event',
          eventId: old.eventId,
          resendOf: old.deliveryId,
          startedAt: api.clock.time,
          attempt: 1,
          maxAttempts: 4,
        },
      });
      expect(sent?.message.deliveryId).not.toBe(old.deliveryId);
      expect(await record()).toMatchObject({ status, resentAs: sent?.message.deliveryId });
    },
  );

  it('with the trace of its event', async () => {
    const traceparent = parseTraceparent('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');
    if (traceparent === undefined) throw new Error('it is valid');
    const { resend, resent } = await given({ status: 'held', traceparent });

    await resend();

    expect(resent().map(({ message }) => message.traceparent)).toEqual([traceparent]);
  });

  it('can be repeated: each request makes another delivery', async () => {
    const { resend, resent, record } = await given();

    for (let n = 0; n < 3; n++) await resend();

    const ids = resent().map(({ message }) => message.deliveryId);
    expect(new Set(ids).size).toBe(3);
    expect((await record())?.resentAs).toBe(ids.at(-1));
  });

  it('is sent without a delay, and to the slow queue for a slow webhook', async () => {
    const { caller, id, resend, resent } = await given();
    await api.webhooks.update(caller.account, id, { set: { slowSince: '2026-01-15T10:00:00.000Z' } });

    await resend();

    expect(resent().map(({ queueUrl }) => queueUrl)).toEqual(['slow']);
    expect(resent().map(({ delaySeconds }) => delaySeconds)).toEqual([undefined]);
  });

  it('is sent to the current URL', async () => {
    const { caller, id, resend, resent } = await given();
    await api.webhooks.update(caller.account, id, { set: { url: 'https://customer.example/new' } });

    await resend();

    expect(resent()[0]?.message.url).toBe('https://customer.example/new');
  });

  it('of a test delivery is a test delivery', async () => {
    const { resend, resent } = await given({ status: 'exhausted', kind: 'test' });

    const answer = await resend();

    expect(answer.status).toBe(202);
    expect(resent()[0]?.message).toMatchObject({
      kind: 'test',
      trigger: 'resend',
      subscribedSystemEvents: [],
    });
  });

  it('of a challenge is a 409 that names the call that sends a new one', async () => {
    const { resend, resent, id } = await given({ status: 'exhausted', kind: 'verification' });

    const answer = await resend();

    expect(answer).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining(`/v1/webhooks/${id}/verify`) },
    });
    expect(resent()).toEqual([]);
  });

  it('is a 410 when the event has expired', async () => {
    const { resend, resent, record } = await given({ status: 'delivered', withoutEvent: true });

    const answer = await resend();

    expect(answer).toMatchObject({ status: 410, body: { detail: expect.stringContaining('expired') } });
    expect(resent()).toEqual([]);
    expect((await record())?.resentAs).toBeUndefined();
  });

  it.each(['pending', 'disabled', 'verification_failed'] as const)(
    'is a 409 while the webhook is %s',
    async (status) => {
      const { caller, id, resend, resent } = await given();
      await api.webhooks.update(caller.account, id, { set: { status } });

      const answer = await resend();

      expect(answer).toMatchObject({ status: 409, body: { detail: expect.stringContaining(status) } });
      expect(resent()).toEqual([]);
    },
  );

  it('is a 409 when the webhook no longer subscribes to the type', async () => {
    const { patch, resend, resent } = await given();
    await patch({ events: ['user.*'] });

    const answer = await resend();

    expect(answer).toMatchObject({ status: 409, body: { detail: expect.stringContaining('file.uploaded') } });
    expect(resent()).toEqual([]);
  });

  it('is a 409 when the URL is not allowed any more [URL-14]', async () => {
    const { caller, id, resend } = await given();
    await api.webhooks.update(caller.account, id, { set: { url: 'https://127.0.0.1/' } });

    expect((await resend()).status).toBe(409);
  });

  it('is a 409 when the secret cannot be decrypted', async () => {
    const { caller, id, resend, resent } = await given();
    const secrets = [{ dataKey: 1, sealed: 'AAAA', createdAt: '2026-01-15T10:00:00.000Z' }];
    await api.webhooks.update(caller.account, id, { set: { secrets } });

    expect((await resend()).status).toBe(409);
    expect(resent()).toEqual([]);
  });

  it("is a 404 for an unknown delivery, another webhook's and another account's [API-6]", async () => {
    const { caller, id, old } = await given();
    const other = await given();
    const paths = [
      `/v1/webhooks/${id}/deliveries/dlv_nothing/resend`,
      `/v1/webhooks/${id}/deliveries/x/resend`,
      `/v1/webhooks/wh_nothing/deliveries/${old.deliveryId}/resend`,
      `/v1/webhooks/${other.id}/deliveries/${other.old.deliveryId}/resend`,
      `/v1/webhooks/${id}/deliveries/${other.old.deliveryId}/resend`,
    ];

    const answers = await Promise.all(paths.map((path) => caller.call('POST', path)));

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
  });

  it('is a 404 for a record that has expired and is not deleted yet', async () => {
    const acceptedAt = api.clock.time - 31 * 86_400_000;
    const { resend } = await given({ status: 'held', acceptedAt });

    expect((await resend()).status).toBe(404);
  });

  it('is limited per account [API-8, API-37]', async () => {
    const { caller, resend, resent } = await given();
    await api.take(caller, RESEND_RATE_LIMIT, RESEND_RATE_LIMIT.count - 1);

    const answers = [await resend(), await resend()];

    expect(answers.map(({ status }) => status)).toEqual([202, 429]);
    expect(resent()).toHaveLength(1);
  });

  it('marks the old delivery before the new one is enqueued, and is a 503 when it is not enqueued', async () => {
    const { resend, resent, record } = await given({ status: 'held' });
    api.faults.sqs = true;

    const answer = await resend().finally(() => {
      api.faults.sqs = false;
    });

    expect(answer.status).toBe(503);
    expect((await record())?.resentAs).toMatch(/^dlv_/);
    expect((await resend()).status).toBe(202);
    expect(resent()).toHaveLength(1);
  });

  it('is the same delivery for a repeated request with an Idempotency-Key, also after a failure [API-21]', async () => {
    const { resend, resent, record } = await given({ status: 'held' });
    api.faults.sqs = true;
    const failed = await resend('key').finally(() => {
      api.faults.sqs = false;
    });
    const marked = (await record())?.resentAs;

    const [answer, repeated] = [await resend('key'), await resend('key')];

    expect([failed.status, answer.status, repeated.status]).toEqual([503, 202, 202]);
    expect(answer.body).toMatchObject({ delivery_id: marked });
    expect(repeated.body).toEqual(answer.body);
    expect(resent()).toHaveLength(1);
  });
});
