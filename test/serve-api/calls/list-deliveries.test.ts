import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEARCH_RATE_LIMIT } from '../../../lambdas/serve-api/limits.ts';
import type { DeliveryStatus } from '../../../lambdas/shared/domain/delivery.ts';
import { newDeliveryId, repeatedDeliveryId, type WebhookId } from '../../../lambdas/shared/domain/ids.ts';
import { attempt, NOW } from '../../support/builders.ts';
import { type Api, type Caller, startApi } from '../support/start-api.ts';
import { aHeader, storeDeliveries, storeStatuses } from '../support/store-deliveries.ts';
import { storeWebhooks } from '../support/store-webhooks.ts';

const THIRTY_DAYS_MS = 30 * 86_400_000;
const MAX_EXAMINED = 1_000;

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function givenWebhookOf(caller: Caller): Promise<WebhookId> {
  const [id] = await storeWebhooks(api, caller, 1);
  if (id === undefined) throw new Error('no webhook');
  return id;
}

async function givenLog(statuses: readonly DeliveryStatus[] = []) {
  const caller = await api.newCaller();
  const webhookId = await givenWebhookOf(caller);
  const ids = await storeStatuses(api, caller, webhookId, statuses);
  const path = `/v1/webhooks/${webhookId}/deliveries`;
  const list = (query: Record<string, string> = {}, by: Caller = caller) => by.call('GET', path, { query });
  return { caller, webhookId, ids, path, list };
}

function idsOf(body: unknown): string[] {
  return Object(body).data.map(({ id }: { id: string }) => id);
}

/** The pages of a list, until one has no cursor. */
async function pagesOf(
  list: (query: Record<string, string>) => Promise<{ body: unknown }>,
  query: Record<string, string>,
): Promise<string[][]> {
  const pages: string[][] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const { body } = await list({ ...query, ...(cursor === '' ? {} : { cursor }) });
    pages.push(idsOf(body));
    cursor = Object(body).next_cursor ?? undefined;
  }
  return pages;
}

const at = (ms: number): string => new Date(NOW + ms).toISOString();

function repeated(status: DeliveryStatus, count: number): DeliveryStatus[] {
  return Array(count).fill(status);
}

describe('GET /v1/webhooks/{webhook_id}/deliveries', () => {
  it('lists deliveries newest first, without headers and bodies of responses', async () => {
    const { caller, webhookId, list } = await givenLog();
    const older = aHeader(caller, webhookId, { deliveryId: newDeliveryId(NOW - 1) });
    const newer = aHeader(caller, webhookId, {
      trigger: 'resend',
      resendOf: older.deliveryId,
      startedAt: NOW,
    });
    const failed = attempt({ excerpt: 'body-text', responseHeaders: { server: 'header-text' } });
    await storeDeliveries(api, [
      { header: older, status: 'held', more: { reason: 'the webhook is disabled' } },
      { header: newer, status: 'retrying', attempts: [failed], more: { next_attempt_at: NOW + 1_000 } },
    ]);

    const { body, text } = await list();

    expect(body).toEqual({
      data: [
        {
          id: newer.deliveryId,
          event_id: newer.eventId,
          event_type: 'file.uploaded',
          webhook_id: webhookId,
          status: 'retrying',
          trigger: 'resend',
          resend_of: older.deliveryId,
          accepted: '2026-01-15T10:30:00.000Z',
          created: '2026-01-15T10:30:00.000Z',
          next_attempt_at: '2026-01-15T10:30:01.000Z',
          attempts: [
            {
              number: 1,
              at: '2026-01-15T10:30:00.000Z',
              duration_ms: 20,
              timing: { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: null },
              error: 'http_status',
              reason: 'it answered 500',
              response: { status: 500, body_truncated: false },
            },
          ],
        },
        {
          id: older.deliveryId,
          event_id: older.eventId,
          event_type: 'file.uploaded',
          webhook_id: webhookId,
          status: 'held',
          reason: 'the webhook is disabled',
          trigger: 'event',
          accepted: '2026-01-15T10:29:59.999Z',
          created: '2026-01-15T10:29:59.999Z',
          attempts: [],
        },
      ],
      newer_cursor: expect.any(String),
      next_cursor: null,
    });
    expect(text).not.toMatch(/body-text|header-text/);
  });

  it('lists a repeat by the time at which its event was accepted, and says when it began', async () => {
    const { caller, webhookId, list } = await givenLog();
    const held = aHeader(caller, webhookId, { deliveryId: newDeliveryId(NOW - 2_000) });
    const repeat = aHeader(caller, webhookId, {
      ...{ deliveryId: repeatedDeliveryId(held.deliveryId), resendOf: held.deliveryId },
      ...{ trigger: 'recovery', startedAt: NOW },
    });
    const later = aHeader(caller, webhookId, { deliveryId: newDeliveryId(NOW - 1_000) });
    await storeDeliveries(
      api,
      [repeat, later].map((header) => ({ header, status: 'delivered' })),
    );

    const { body } = await list();

    expect(Object(body).data).toMatchObject([
      { id: later.deliveryId, accepted: at(-1_000), created: at(-1_000) },
      { id: repeat.deliveryId, accepted: at(-2_000), created: at(0) },
    ]);
  });

  it('returns every delivery exactly once over all pages, and no empty page at the end', async () => {
    const { ids, list } = await givenLog(repeated('delivered', 4));

    expect(await pagesOf(list, { limit: '3' })).toEqual([ids.slice(1).toReversed(), ids.slice(0, 1)]);
    expect(await pagesOf(list, { limit: '2' })).toEqual([
      ids.slice(2).toReversed(),
      ids.slice(0, 2).toReversed(),
    ]);
    expect(await pagesOf(list, { limit: '4' })).toEqual([ids.toReversed()]);
  });

  it('continues after its cursor when newer deliveries arrive', async () => {
    const { caller, webhookId, ids, list } = await givenLog(repeated('delivered', 3));
    const cursor = String(Object((await list({ limit: '1' })).body).next_cursor);
    const header = aHeader(caller, webhookId, { deliveryId: newDeliveryId(NOW + 1_000) });
    await storeDeliveries(api, [{ header, status: 'delivered' }]);

    expect(idsOf((await list({ cursor })).body)).toEqual(ids.slice(0, 2).toReversed());
  });

  it('filters by status, one or several', async () => {
    const { ids, list } = await givenLog(['held', 'delivered', 'exhausted', 'held', 'canceled']);

    expect(idsOf((await list({ status: 'held' })).body)).toEqual([ids[3], ids[0]]);
    expect(idsOf((await list({ status: 'exhausted,canceled' })).body)).toEqual([ids[4], ids[2]]);
    expect(await pagesOf(list, { status: 'held,delivered', limit: '1' })).toEqual([
      [ids[3]],
      [ids[1]],
      [ids[0]],
    ]);
  });

  it('filters by event type', async () => {
    const { caller, webhookId, list } = await givenLog(['delivered']);
    const header = aHeader(caller, webhookId, { eventType: 'user.registered' });
    await storeDeliveries(api, [
      { header, status: 'delivered' },
      { header: aHeader(caller, webhookId, { eventType: 'user.registered.again' }), status: 'delivered' },
    ]);

    expect(idsOf((await list({ event_type: 'user.registered' })).body)).toEqual([header.deliveryId]);
    expect(idsOf((await list({ event_type: 'user.registered', status: 'held' })).body)).toEqual([]);
  });

  it('filters by time: from `since` on, before `until`', async () => {
    const { ids, list } = await givenLog(repeated('delivered', 4));
    const at = (ms: number) => new Date(NOW + ms).toISOString();

    expect(idsOf((await list({ since: at(2) })).body)).toEqual([ids[3], ids[2]]);
    expect(idsOf((await list({ until: at(1) })).body)).toEqual([ids[0]]);
    expect(idsOf((await list({ since: at(1), until: at(3) })).body)).toEqual([ids[2], ids[1]]);
    expect(idsOf((await list({ since: '2026-01-15T12:30:00.003+02:00' })).body)).toEqual([ids[3]]);
    expect(idsOf((await list({ since: at(1), until: at(1) })).body)).toEqual([]);
  });

  it('accepts a cursor together with another range than that of the page before', async () => {
    const { ids, list } = await givenLog(repeated('delivered', 4));
    const at = (ms: number) => new Date(NOW + ms).toISOString();
    const cursor = String(Object((await list({ limit: '2' })).body).next_cursor);

    expect(idsOf((await list({ cursor, since: at(1) })).body)).toEqual([ids[1]]);
    expect(idsOf((await list({ cursor, since: at(3) })).body)).toEqual([]);
    expect(idsOf((await list({ cursor, until: at(1) })).body)).toEqual([ids[0]]);
  });

  it('returns to the same entries by newer_cursor, and ends with the newest page', async () => {
    const { list, caller, webhookId, ids } = await givenLog(repeated('delivered', 7));
    const newestFirst = [...ids].reverse();
    const oldest = await list({
      limit: '2',
      cursor: String(Object((await list({ limit: '5' })).body).next_cursor),
    });
    const step = async (from: { body: unknown }, name: 'newer_cursor' | 'next_cursor') =>
      list({ limit: '2', cursor: String(Object(from.body)[name]) });

    const newer = await step(oldest, 'newer_cursor');
    const [older, newest] = [await step(newer, 'next_cursor'), await step(newer, 'newer_cursor')];
    const [added] = await storeStatuses(api, caller, webhookId, ['delivered']);
    const first = await step(newest, 'newer_cursor');

    expect(idsOf(oldest.body)).toEqual(newestFirst.slice(5));
    expect(idsOf(newer.body)).toEqual(newestFirst.slice(3, 5));
    expect(idsOf(older.body)).toEqual(newestFirst.slice(5));
    expect(idsOf(newest.body)).toEqual(newestFirst.slice(1, 3));
    expect(idsOf(first.body)).toEqual(newestFirst.slice(0, 2));
    expect(added).toBeDefined();
  });

  it('skips no entry when a newer page with a filter has none', async () => {
    const { list } = await givenLog([
      ...repeated('held', 2),
      ...repeated('delivered', MAX_EXAMINED + 1),
      'held',
    ]);
    const oldest = await list({ until: new Date(NOW + 1).toISOString() });
    const cursor = String(Object(oldest.body).newer_cursor);

    const newer = await list({ status: 'exhausted', cursor });
    const older = await list({ status: 'held', cursor: String(Object(newer.body).next_cursor) });

    expect(idsOf(newer.body)).toEqual([]);
    expect(Object(newer.body).newer_cursor).not.toBeNull();
    expect(idsOf(older.body)).toHaveLength(2);
  });

  it('is limited for each account when it has a filter [API-52]', async () => {
    const { caller, list } = await givenLog(['held']);
    await api.take(caller, SEARCH_RATE_LIMIT, SEARCH_RATE_LIMIT.count);

    expect((await list({ status: 'held' })).status).toBe(429);
    expect((await list()).status).toBe(200);
  });

  it('examines at most 1,000 records, and answers an empty page with a cursor until it finds one or ends', async () => {
    const { ids, list } = await givenLog(['held', ...repeated('delivered', MAX_EXAMINED + 499)]);

    const pages = await pagesOf(list, { status: 'held' });

    expect(pages).toEqual([[], [ids[0]]]);
  });

  it('reads a filtered page with at most four queries, and a page without a filter with one', async () => {
    const { list } = await givenLog([...repeated('delivered', MAX_EXAMINED + 100)]);
    const queries = async (query: Record<string, string>) => {
      let count = 0;
      api.faults.dynamodb = (command) => {
        if (command === 'QueryCommand') count++;
        return false;
      };
      try {
        await list(query);
      } finally {
        api.faults.dynamodb = () => false;
      }
      return count;
    };

    expect(await queries({ status: 'held' })).toBe(4);
    expect(await queries({})).toBe(1);
  });

  it('never shows an expired delivery, and ends where only expired ones follow', async () => {
    const { caller, webhookId, list } = await givenLog();
    const expired = aHeader(caller, webhookId, {
      deliveryId: newDeliveryId(NOW - THIRTY_DAYS_MS),
      acceptedAt: NOW - THIRTY_DAYS_MS - 1_000,
    });
    const kept = aHeader(caller, webhookId);
    await storeDeliveries(api, [
      { header: expired, status: 'exhausted' },
      { header: kept, status: 'exhausted' },
    ]);

    expect(await pagesOf(list, { limit: '1' })).toEqual([[kept.deliveryId]]);
    expect(await pagesOf(list, { status: 'exhausted' })).toEqual([[kept.deliveryId]]);
  });

  it('is empty for a webhook without deliveries', async () => {
    const { list } = await givenLog();

    expect(await list()).toMatchObject({ status: 200, body: { data: [], next_cursor: null } });
  });

  it('is readable after the webhook was deleted, until its last record has expired', async () => {
    const { caller, webhookId, ids, list } = await givenLog(['canceled']);
    await caller.call('DELETE', `/v1/webhooks/${webhookId}`);

    expect(idsOf((await list()).body)).toEqual(ids);
    expect(await list({ status: 'held' })).toMatchObject({ status: 200, body: { data: [] } });
    try {
      api.clock.time = NOW + THIRTY_DAYS_MS + 1_000;
      expect((await list()).status).toBe(404);
    } finally {
      api.clock.time = NOW;
    }
  });

  it("is a 404 for another account's webhook, with its own cursor too [API-6, API-19]", async () => {
    const { list } = await givenLog(repeated('delivered', 2));
    const other = await api.newCaller();
    const cursor = String(Object((await list({ limit: '1' })).body).next_cursor);

    expect((await list({}, other)).status).toBe(404);
    expect((await list({ cursor }, other)).status).toBe(400);
  });

  it('refuses a forged cursor, and those of other lists [API-19]', async () => {
    const { caller, list } = await givenLog(repeated('delivered', 2));
    const sibling = await givenWebhookOf(caller);
    await storeStatuses(api, caller, sibling, repeated('delivered', 2));
    const cursorOf = async (path: string) =>
      String(Object((await caller.call('GET', path, { query: { limit: '1' } })).body).next_cursor);
    const own = String(Object((await list({ limit: '1' })).body).next_cursor);
    const forged = [
      'x',
      '',
      'dlv_1',
      Buffer.from('dlv_1.0123456789abcdef').toString('base64url'),
      `${own}=`,
      await cursorOf('/v1/webhooks'),
      await cursorOf(`/v1/webhooks/${sibling}/deliveries`),
    ];

    const answers = await Promise.all(forged.map((cursor) => list({ cursor })));

    expect(answers.map(({ status }) => status)).toEqual(forged.map(() => 400));
    expect((await list({ cursor: own })).status).toBe(200);
    expect((await caller.call('GET', '/v1/webhooks', { query: { cursor: own } })).status).toBe(400);
  });

  it.each([
    ['an unknown status', { status: 'queued' }, ['status[0]']],
    ['an empty status', { status: '' }, ['status[0]']],
    ['a long list of statuses', { status: 'held,'.repeat(1_000) }, ['status']],
    ['an empty event type', { event_type: '' }, ['event_type']],
    ['a long event type', { event_type: 'a'.repeat(129) }, ['event_type']],
    ['a time that is none', { since: 'yesterday' }, ['since']],
    ['a date that no calendar has', { until: '2026-02-30T00:00:00Z' }, ['until']],
    ['a time without an offset', { until: '2026-01-15T10:30:00' }, ['until']],
    [
      'a range that ends before it begins',
      { since: '2026-01-02T00:00Z', until: '2026-01-01T00:00Z' },
      ['since'],
    ],
    ['a limit of 0', { limit: '0' }, ['limit']],
    ['a limit of 101', { limit: '101' }, ['limit']],
    ['an unknown parameter', { state: 'held' }, ['state']],
    ['several errors', { limit: '0', status: 'x', since: '' }, ['status[0]', 'since', 'limit']],
  ])('refuses %s', async (_name, query, paths) => {
    const { list } = await givenLog();

    const answer = await list(query as Record<string, string>);

    expect(answer.status).toBe(400);
    expect(Object(answer.body).errors.map(({ path }: { path: string }) => path)).toEqual(paths);
  });

  it.each(['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+23:59', '9999-12-31T23:59:59.999999999-23:59'])(
    'accepts the time %s',
    async (time) => {
      const { list } = await givenLog(['delivered']);

      expect((await list({ since: time })).status).toBe(200);
      expect((await list({ until: time })).status).toBe(200);
    },
  );
});
