import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newRecoveryId, type RecoveryId, type WebhookId } from '../../../lambdas/shared/domain/ids.ts';
import { NOW } from '../../support/builders.ts';
import { type Api, type Caller, startApi } from '../support/start-api.ts';
import { storeWebhooks } from '../support/store-webhooks.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function addRecovery(caller: Caller, webhookId: WebhookId, createdAt: number): Promise<RecoveryId> {
  const id = newRecoveryId(createdAt);
  await api.recoveries.create({
    ...{ id, accountId: caller.account, webhookId, createdAt, since: 0, until: NOW, statuses: ['held'] },
    ...{ rate: 50, state: 'running', found: 7, enqueued: 0, expired: 0 },
    ...{ delivered: 0, failed: 0, failedInRow: 0 },
  });
  return id;
}

async function twoWebhooks(caller: Caller): Promise<readonly [WebhookId, WebhookId]> {
  const [one, other] = await storeWebhooks(api, caller, 2);
  if (one === undefined || other === undefined) throw new Error('no webhooks were stored');
  return [one, other];
}

describe('GET /v1/webhooks/{webhook_id}/recoveries', () => {
  it('lists the recoveries of this webhook with their progress, the newest first', async () => {
    const caller = await api.newCaller();
    const [mine, sibling] = await twoWebhooks(caller);
    const first = await addRecovery(caller, mine, NOW - 2);
    const second = await addRecovery(caller, mine, NOW - 1);
    await addRecovery(caller, sibling, NOW);
    await api.recoveries.end({ accountId: caller.account, id: first }, 'stopped', NOW, 'by request');

    const answer = await caller.call('GET', `/v1/webhooks/${mine}/recoveries`);

    expect(answer.status).toBe(200);
    expect(Object(answer.body).data).toMatchObject([
      { id: second, status: 'running', webhook_id: mine, found: 7 },
      { id: first, status: 'stopped', webhook_id: mine },
    ]);
    expect(Object(answer.body).data).toHaveLength(2);
  });

  it('is empty for a webhook without one, and a 404 for a webhook of another account [API-6]', async () => {
    const [caller, other] = [await api.newCaller(), await api.newCaller()];
    const [mine, without] = await twoWebhooks(caller);
    await addRecovery(caller, mine, NOW);

    expect((await other.call('GET', `/v1/webhooks/${mine}/recoveries`)).status).toBe(404);
    expect((await caller.call('GET', `/v1/webhooks/${without}/recoveries`)).body).toEqual({ data: [] });
  });
});
