import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DRY_RUN_RATE_LIMIT, RECOVER_RATE_LIMIT } from '../../../lambdas/serve-api/limits.ts';
import { newDeliveryId, parseRecoveryId } from '../../../lambdas/shared/domain/ids.ts';
import { type GivenDelivery, givenDelivery } from '../support/given-deliveries.ts';
import { type Api, startApi } from '../support/start-api.ts';
import { givenWebhook } from '../support/webhook-states.ts';

const HOUR = 3_600_000;

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const timeText = (ms: number) => new Date(ms).toISOString();
const since = () => timeText(api.clock.time - HOUR);

async function given(...deliveries: GivenDelivery[]) {
  const { caller, id } = await givenWebhook(api, 'active');
  const old = [];
  for (const one of deliveries) old.push(await givenDelivery(api, caller, id, one));
  return {
    ...{ caller, id, old },
    recover: (json: object, key?: string) =>
      caller.call('POST', `/v1/webhooks/${id}/recover`, {
        json,
        ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
      }),
    queued: () => api.queuedRecoveries.filter((text) => text.includes(caller.account)),
  };
}

const some = (status: GivenDelivery['status'], count: number): GivenDelivery[] =>
  Array.from({ length: count }, () => ({ status }));

describe('POST /v1/webhooks/{webhook_id}/recover', () => {
  it('stores a recovery of the held and exhausted deliveries until now, and enqueues one message', async () => {
    const { caller, id, recover, queued } = await given();

    const answer = await recover({ since: since() });

    const recoveryId = parseRecoveryId(Object(answer.body).id);
    expect(answer).toMatchObject({
      status: 202,
      headers: { location: `/v1/recoveries/${recoveryId}` },
      body: {
        webhook_id: id,
        status: 'running',
        reason: null,
        since: since(),
        until: timeText(api.clock.time),
        statuses: ['exhausted', 'held'],
        rate: 50,
        found: 0,
        enqueued: 0,
        delivered: 0,
        failed: 0,
      },
    });
    expect(queued().map((text) => JSON.parse(text))).toEqual([
      { v: 1, account_id: caller.account, recovery_id: recoveryId },
    ]);
    const stored = recoveryId && (await api.recoveries.get(caller.account, recoveryId, api.clock.time));
    expect(stored).toMatchObject({ state: 'running', createdAt: api.clock.time });
  });

  it('takes a time until which, and statuses; a later time than now means now', async () => {
    const { recover } = await given();
    const until = timeText(api.clock.time - 60_000);

    expect((await recover({ since: since(), until, status: ['held'] })).body).toMatchObject({
      until,
      statuses: ['held'],
    });
    expect((await recover({ since: since(), until: '2099-01-01T00:00:00Z' })).body).toMatchObject({
      until: timeText(api.clock.time),
    });
  });

  it.each([
    [{}, 'since'],
    [{ since: 'yesterday' }, 'since'],
    [{ since: 5 }, 'since'],
    [{ since: '2026-02-30T00:00:00Z' }, 'since'],
    [{ since: '2099-01-01T00:00:00Z' }, 'since'],
    [{ since: '2026-01-15T10:00:00Z', until: '2026-01-15T10:00:00Z' }, 'since'],
    [{ since: '2026-01-15T10:00:00Z', until: 'later' }, 'until'],
    [{ since: '2026-01-15T10:00:00Z', status: [] }, 'status'],
    [{ since: '2026-01-15T10:00:00Z', status: ['delivered'] }, 'status[0]'],
    [{ since: '2026-01-15T10:00:00Z', status: 5 }, 'status'],
    [{ since: '2026-01-15T10:00:00Z', dry_run: 'yes' }, 'dry_run'],
    [{ since: '2026-01-15T10:00:00Z', rate: 5_000 }, 'rate'],
  ])('refuses %j with an error for %s [API-18]', async (json, path) => {
    const { recover, queued } = await given();

    const answer = await recover(json);

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path }] } });
    expect(queued()).toEqual([]);
  });

  it.each(['pending', 'disabled', 'verification_failed'] as const)(
    'is a 409 while the webhook is %s; a dry run counts',
    async (status) => {
      const { caller, id, recover, queued } = await given(...some('held', 1));
      await api.webhooks.update(caller.account, id, { set: { status } });

      const answer = await recover({ since: since() });
      const dryRun = await recover({ since: since(), dry_run: true });

      expect(answer.status).toBe(409);
      expect(dryRun).toMatchObject({ status: 200, body: { count: 1 } });
      expect(queued()).toEqual([]);
    },
  );

  it('is a 409 when the secret cannot be decrypted', async () => {
    const { caller, id, recover } = await given();
    const secrets = [{ dataKey: 1, sealed: 'AAAA', createdAt: '2026-01-15T10:00:00.000Z' }];
    await api.webhooks.update(caller.account, id, { set: { secrets } });

    expect((await recover({ since: since() })).status).toBe(409);
  });

  it("is a 404 for another account's webhook [API-6]", async () => {
    const { id } = await given();
    const other = await api.newCaller();

    const answer = await other.call('POST', `/v1/webhooks/${id}/recover`, { json: { since: since() } });

    expect(answer.status).toBe(404);
  });

  it('ends the recovery when its message is not enqueued, and is a 503', async () => {
    const { recover } = await given();
    api.faults.sqs = true;

    const answer = await recover({ since: since() }).finally(() => {
      api.faults.sqs = false;
    });

    expect(answer.status).toBe(503);
  });

  it('is one recovery for a repeated request with an Idempotency-Key, also after a failure [API-21]', async () => {
    const { caller, recover, queued } = await given();
    const input = { since: since() };
    api.faults.sqs = true;
    const failed = await recover(input, 'key').finally(() => {
      api.faults.sqs = false;
    });

    const [answer, repeated] = [await recover(input, 'key'), await recover(input, 'key')];

    expect([failed.status, answer.status, repeated.status]).toEqual([503, 202, 202]);
    expect(answer.body).toMatchObject({ status: 'running', reason: null });
    expect(repeated.body).toEqual(answer.body);
    expect(queued()).toHaveLength(1);
    const id = parseRecoveryId(Object(answer.body).id);
    expect(id && (await api.recoveries.get(caller.account, id, api.clock.time))).toMatchObject({
      state: 'running',
    });
  });

  it('keeps its progress when it is stored again', async () => {
    const { caller, recover } = await given();
    const input = { since: since() };
    const first = await recover(input);
    const id = parseRecoveryId(Object(first.body).id);
    const stored = id && (await api.recoveries.get(caller.account, id, api.clock.time));
    if (stored === undefined) throw new Error('no recovery was stored');
    await api.recoveries.advance(stored, { found: 5 });

    expect(await api.recoveries.create(stored)).toBe('exists');
    expect(await api.recoveries.get(caller.account, stored.id, api.clock.time)).toMatchObject({ found: 5 });
  });

  it('is limited per account [API-8, API-37]', async () => {
    const { caller, recover, queued } = await given();
    await api.take(caller, RECOVER_RATE_LIMIT, RECOVER_RATE_LIMIT.count - 1);

    const answers = [await recover({ since: since() }), await recover({ since: since() })];

    expect(answers.map(({ status }) => status)).toEqual([202, 429]);
    expect(queued()).toHaveLength(1);
  });
});

describe('a dry run', () => {
  it('counts events of the whole second of `since`, since the bus gives times in whole seconds', async () => {
    const second = Math.floor(api.clock.time / 1_000) * 1_000 - 60_000;
    const { recover } = await given(
      { status: 'held', acceptedAt: second },
      { status: 'held', acceptedAt: second - 1_000 },
    );

    const answer = await recover({ since: timeText(second + 700), dry_run: true });

    expect(answer.body).toEqual({ count: 1 });
  });

  it('counts what a recovery would repeat, and changes nothing', async () => {
    const { caller, id, recover, old, queued } = await given(
      ...some('held', 3),
      ...some('exhausted', 2),
      ...some('delivered', 2),
      ...some('canceled', 1),
      { status: 'exhausted', kind: 'test' },
      { status: 'held', acceptedAt: api.clock.time - 2 * HOUR },
    );
    const [repeated] = old;
    if (repeated === undefined) throw new Error('nothing was stored');
    const name = { accountId: caller.account, webhookId: id, deliveryId: repeated.deliveryId };
    await api.deliveries.markResent(name, newDeliveryId(api.clock.time));

    const both = await recover({ since: since(), dry_run: true });
    const held = await recover({ since: since(), status: ['held'], dry_run: true });

    expect(both).toMatchObject({ status: 200, body: { count: 4 } });
    expect(both.body).toEqual({ count: 4 });
    expect(held.body).toEqual({ count: 2 });
    expect(queued()).toEqual([]);
  });

  it('is limited per account [API-8, API-37]', async () => {
    const { caller, recover } = await given();
    await api.take(caller, DRY_RUN_RATE_LIMIT, DRY_RUN_RATE_LIMIT.count - 1);
    const dryRun = () => recover({ since: since(), dry_run: true });

    const answers = [await dryRun(), await dryRun()];

    expect(answers.map(({ status }) => status)).toEqual([200, 429]);
  });
});
