import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newRecoveryId, parseRecoveryId } from '../../../lambdas/shared/domain/ids.ts';
import { type Api, startApi } from '../support/start-api.ts';
import { givenWebhook } from '../support/webhook-states.ts';

const MINUTE = 60_000;

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function given() {
  const { caller, id } = await givenWebhook(api, 'active');
  const since = new Date(api.clock.time - 60 * MINUTE).toISOString();
  const { body } = await caller.call('POST', `/v1/webhooks/${id}/recover`, { json: { since } });
  const recoveryId = parseRecoveryId(Object(body).id);
  if (recoveryId === undefined) throw new Error('no recovery was started');
  const stored = async () => {
    const recovery = await api.recoveries.get(caller.account, recoveryId, api.clock.time);
    if (recovery === undefined) throw new Error('the recovery is not stored');
    return recovery;
  };
  return {
    ...{ caller, recoveryId, stored },
    get: () => caller.call('GET', `/v1/recoveries/${recoveryId}`),
    queued: () => api.queuedRecoveries.filter((text) => text.includes(recoveryId)),
  };
}

describe('GET /v1/recoveries/{recovery_id}', () => {
  it('shows the progress', async () => {
    const { get, stored } = await given();
    const before = await stored();
    await api.recoveries.advance(before, { found: 9, enqueued: 8, expired: 1, delivered: 5, failed: 2 });

    const answer = await get();

    expect(answer).toMatchObject({
      status: 200,
      body: {
        status: 'running',
        ...{ found: 9, enqueued: 8, expired: 1, delivered: 5, failed: 2, ended_at: null },
      },
    });
  });

  it('says when results were counted last', async () => {
    const { get, stored } = await given();

    expect((await get()).body).toMatchObject({ counted_at: null });
    await api.recoveries.advance(await stored(), { delivered: 1, countedAt: api.clock.time + MINUTE });
    expect((await get()).body).toMatchObject({
      counted_at: new Date(api.clock.time + MINUTE).toISOString(),
    });
  });

  it('shows why it was stopped, and when', async () => {
    const { get, stored } = await given();
    await api.recoveries.end(await stored(), 'stopped', api.clock.time, 'the webhook is disabled');

    expect((await get()).body).toMatchObject({
      status: 'stopped',
      reason: 'the webhook is disabled',
      ended_at: new Date(api.clock.time).toISOString(),
    });
  });

  it('enqueues the message again when no step began for 5 minutes, once in 5 minutes [FAULT-43]', async () => {
    const { get, queued } = await given();

    api.clock.time += 5 * MINUTE - 1;
    await get();
    expect(queued()).toHaveLength(1);
    api.clock.time += 1;
    await get();
    await get();
    expect(queued()).toHaveLength(2);
    api.clock.time += 5 * MINUTE;
    await get();
    expect(queued()).toHaveLength(3);
  });

  it('enqueues nothing while steps are made, and nothing for one that has ended', async () => {
    const { get, stored, queued } = await given();
    api.clock.time += 10 * MINUTE;
    await api.recoveries.beginStep(await stored(), api.clock.time + 20_000);
    await get();
    await api.recoveries.end(await stored(), 'done', api.clock.time);
    api.clock.time += 10 * MINUTE;

    await get();

    expect(queued()).toHaveLength(1);
  });

  it("is a 404 for an unknown one and for another account's [API-6]", async () => {
    const { recoveryId } = await given();
    const other = await api.newCaller();
    const ids = [recoveryId, newRecoveryId(api.clock.time), 'x'];

    const answers = await Promise.all(ids.map((id) => other.call('GET', `/v1/recoveries/${id}`)));

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });
});
