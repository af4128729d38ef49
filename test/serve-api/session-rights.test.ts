import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES, rightOf } from '../../lambdas/serve-api/routes.ts';
import { givenSession } from './support/given-session.ts';
import { type Api, startApi } from './support/start-api.ts';
import { storeWebhooks } from './support/store-webhooks.ts';

let api: Api;
let reader: Awaited<ReturnType<typeof givenSession>>;
beforeAll(async () => {
  api = await startApi();
  const { account } = await api.newCaller();
  reader = await givenSession(api, account, { read_only: true });
});
afterAll(() => api.close());

const KEYED = ROUTES.filter(({ needsKey }) => needsKey);
const WRITES = KEYED.filter((route) => rightOf(route) === 'write');
const READS = KEYED.filter((route) => rightOf(route) === 'read');
const pathOf = (path: string) => path.replaceAll(/\{(\w+)\}/g, 'any');

describe('a session that may only read', () => {
  it.each(WRITES.map(({ method, path }) => [method, path] as const))(
    'is refused %s %s before its input is examined [API-55]',
    async (method, path) => {
      const before = await storedItems();

      const answer = await reader.call(method, pathOf(path), method === 'GET' ? {} : { raw: '{' });

      expect(answer).toMatchObject({ status: 403, body: { type: 'urn:webhook-fanout:problem:read-only' } });
      expect(await storedItems()).toBe(before);
    },
  );

  it('may use only calls of the method GET, and end itself', () => {
    const others = READS.filter(({ method }) => method !== 'GET').map(({ call }) => call);

    expect(others).toEqual(['deleteSession']);
    expect(WRITES.filter(({ method }) => method === 'GET').map(({ call }) => call)).toEqual(['pollListener']);
  });

  it.each(READS.filter(({ method }) => method === 'GET').map(({ path }) => [path] as const))(
    'may use GET %s',
    async (path) => {
      const { status } = await reader.call('GET', pathOf(path));

      // Without an id or a query, a call that needs one has other answers than a refusal of rights.
      expect(status).toBe(path.includes('{') ? 404 : path === '/v1/activity' ? 400 : 200);
    },
  );
});

describe('a session', () => {
  it('that may write can create a webhook, which the audit log has with its actor [API-10]', async () => {
    const { account } = await api.newCaller();
    const session = await givenSession(api, account, { actor: 'bob' });
    api.clock.time += 1;

    const json = { url: 'https://example.com/hook', events: ['*'] };
    const created = await session.call('POST', '/v1/webhooks', { json });
    const [entry] = await api.audit.list(account, { since: 0, until: api.clock.time + 1, limit: 1 });

    expect(created.status).toBe(201);
    expect(entry).toMatchObject({
      action: 'webhook.create',
      source: 'session',
      actor: 'bob',
      keyId: session.sessionId,
    });
  });

  it.each(KEYED.filter(({ path }) => path.includes('{')).map(({ method, path }) => [method, path] as const))(
    'gets the same 404 for %s %s with an id of another account as with one that does not exist [API-6, API-55]',
    async (method, path) => {
      const [mine, other] = [await api.newCaller(), await api.newCaller()];
      const session = await givenSession(api, mine.account);
      const foreign = await idsOf(other);
      const json = BODIES[path] === undefined ? {} : { json: BODIES[path] };
      const before = await storedItems();

      const answers = await Promise.all(
        [foreign, UNKNOWN].map((ids) =>
          session.call(
            method,
            path.replaceAll(/\{(\w+)\}/g, (_, name) => Object(ids)[name]),
            json,
          ),
        ),
      );

      expect(answers[0]).toMatchObject({ status: 404 });
      expect(answers[0]?.text).toBe(answers[1]?.text);
      expect(itemsOfOthers(await storedItems(), mine.account)).toEqual(itemsOfOthers(before, mine.account));
    },
  );
});

const UNKNOWN = {
  webhook_id: 'wh_0000000000zzzzzzzzzzzzzz',
  delivery_id: 'dlv_0000000000zzzzzzzzzzzzzzzzzzzz',
  event_id: 'evt_zzzz',
  listener_id: 'lsn_0000000000zzzzzzzzzzzzzz',
  recovery_id: 'rcv_0000000000zzzzzzzzzzzzzz',
};

/** Valid bodies, so that the id decides. */
const BODIES: Readonly<Record<string, object>> = {
  '/v1/webhooks/{webhook_id}': { description: 'x' },
  '/v1/webhooks/{webhook_id}/secret/rotate': {},
  '/v1/webhooks/{webhook_id}/recover': { since: '2026-01-15T10:00:00Z' },
  '/v1/webhooks/{webhook_id}/test': { event_type: 'file.uploaded' },
};

/** Things of an account that exist. */
async function idsOf(caller: Awaited<ReturnType<Api['newCaller']>>): Promise<typeof UNKNOWN> {
  const [webhookId = ''] = await storeWebhooks(api, caller, 1);
  await caller.call('POST', `/v1/webhooks/${webhookId}/verify`);
  const listener = await caller.call('POST', '/v1/listeners', { json: { events: ['*'] } });
  const since = new Date(api.clock.time - 60_000).toISOString();
  const recovery = await caller.call('POST', `/v1/webhooks/${webhookId}/recover`, { json: { since } });
  const [queued] = caller.queued();
  const test = await caller.call('POST', `/v1/webhooks/${webhookId}/test`, {
    json: BODIES['/v1/webhooks/{webhook_id}/test'],
  });
  return {
    webhook_id: webhookId,
    delivery_id: String(Object(test.body).delivery_id ?? queued?.message.deliveryId),
    event_id: String(Object(test.body).event_id ?? queued?.message.eventId),
    listener_id: String(Object(listener.body).id),
    recovery_id: String(Object(recovery.body).id),
  };
}

async function storedItems(): Promise<string> {
  const scans = await Promise.all(
    [api.webhooksTable, api.deliveriesTable].map((TableName) =>
      api.dynamodb.send(new ScanCommand({ TableName })),
    ),
  );
  return JSON.stringify(
    scans.flatMap(({ Items = [] }) => Items).toSorted((a, b) => keyOf(a).localeCompare(keyOf(b))),
  );
}
const keyOf = (item: unknown): string => JSON.stringify([Object(item).pk, Object(item).sk]);

/** Without the caller's own counters and audit entries. */
function itemsOfOthers(items: string, account: string): unknown[] {
  return JSON.parse(items).filter((item: unknown) => !keyOf(item).includes(account));
}
