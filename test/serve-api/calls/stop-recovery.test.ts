import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newRecoveryId, parseRecoveryId } from '../../../lambdas/shared/domain/ids.ts';
import { type Api, startApi } from '../support/start-api.ts';
import { givenWebhook } from '../support/webhook-states.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function given() {
  const { caller, id } = await givenWebhook(api, 'active');
  const since = new Date(api.clock.time - 3_600_000).toISOString();
  const { body } = await caller.call('POST', `/v1/webhooks/${id}/recover`, { json: { since } });
  const recoveryId = parseRecoveryId(Object(body).id);
  if (recoveryId === undefined) throw new Error('no recovery was started');
  return { caller, recoveryId, stop: () => caller.call('DELETE', `/v1/recoveries/${recoveryId}`) };
}

describe('DELETE /v1/recoveries/{recovery_id}', () => {
  it('stops it, and shows its progress', async () => {
    const { caller, recoveryId, stop } = await given();

    const answer = await stop();

    expect(answer).toMatchObject({
      status: 200,
      body: { id: recoveryId, status: 'stopped', reason: 'stopped by request', enqueued: 0 },
    });
    const stored = await api.recoveries.get(caller.account, recoveryId, api.clock.time);
    expect(stored?.state).toBe('stopped');
  });

  it('does not change one that has ended, also when it is repeated', async () => {
    const { caller, recoveryId, stop } = await given();
    await api.recoveries.end({ accountId: caller.account, id: recoveryId }, 'done', api.clock.time);

    await stop();

    expect(await stop()).toMatchObject({ status: 200, body: { status: 'done', reason: null } });
  });

  it("is a 404 for an unknown one and for another account's, and stores nothing [API-6]", async () => {
    const { caller, recoveryId } = await given();
    const other = await api.newCaller();
    const ids = [recoveryId, newRecoveryId(api.clock.time), 'x'];

    const answers = await Promise.all(ids.map((id) => other.call('DELETE', `/v1/recoveries/${id}`)));

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(await api.recoveries.get(other.account, recoveryId, api.clock.time)).toBeUndefined();
    const stored = await api.recoveries.get(caller.account, recoveryId, api.clock.time);
    expect(stored?.state).toBe('running');
  });
});
