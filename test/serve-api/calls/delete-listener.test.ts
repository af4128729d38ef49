import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi } from '../support/start-api.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('DELETE /v1/listeners/{listener_id}', () => {
  it('ends it at once', async () => {
    const caller = await api.newCaller();
    const { body } = await caller.call('POST', '/v1/listeners', { json: { events: ['*'] } });
    const path = `/v1/listeners/${Object(body).id}`;

    const answer = await caller.call('DELETE', path);

    expect(answer.status).toBe(204);
    expect(await api.listeners.list(caller.account)).toEqual([]);
    expect((await caller.call('GET', `${path}/deliveries`)).status).toBe(404);
    expect((await caller.call('DELETE', path)).status).toBe(404);
  });

  it("is a 404 for another account's listener, a webhook's id and other texts, and deletes nothing [API-39]", async () => {
    const caller = await api.newCaller();
    const other = await api.newCaller();
    const { body } = await caller.call('POST', '/v1/listeners', { json: { events: ['*'] } });

    const ids = [Object(body).id, 'wh_1', 'lsn_unknown', 'x'];
    const answers = await Promise.all(ids.map((id) => other.call('DELETE', `/v1/listeners/${id}`)));

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(await api.listeners.list(caller.account)).toHaveLength(1);
  });
});
