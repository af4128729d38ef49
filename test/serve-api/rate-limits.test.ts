import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRateLimits, type RateLimits } from '../../lambdas/shared/store/rate-limits.ts';
import { accountId, NOW } from '../support/builders.ts';
import { type Api, startApi } from './support/start-api.ts';
import { givenWebhook } from './support/webhook-states.ts';

const LIMIT = { name: 'test', count: 3, windowSeconds: 60 };

let api: Api;
let limits: RateLimits;
beforeAll(async () => {
  api = await startApi();
  limits = createRateLimits({ dynamodb: api.dynamodb, tableName: api.webhooksTable });
});
afterAll(() => api.close());

describe('a rate limit', () => {
  it('allows exactly its count, also for calls at the same time [API-8]', async () => {
    const account = accountId('acct_parallel');

    const taken = await Promise.all(Array.from({ length: 10 }, () => limits.take(account, LIMIT, NOW)));

    expect(taken.filter(({ ok }) => ok)).toHaveLength(3);
  });

  it('counts a call when another call has started the window just before', async () => {
    const account = accountId('acct_race');
    const winner = () => limits.take(account, LIMIT, NOW);
    const afterFirst = async () => {
      api.faults.before = { command: 'UpdateItemCommand', run: winner };
    };
    api.faults.before = { command: 'UpdateItemCommand', run: afterFirst };

    const loser = await limits.take(account, LIMIT, NOW);
    const [third, fourth] = [await limits.take(account, LIMIT, NOW), await limits.take(account, LIMIT, NOW)];

    expect([loser.ok, third.ok, fourth.ok]).toEqual([true, true, false]);
  });

  it('returns what remains of the window', async () => {
    const account = accountId('acct_remaining');

    const taken = [];
    for (let i = 0; i < 3; i++) taken.push(await limits.take(account, LIMIT, NOW + 20_500));

    expect(taken).toEqual([2, 1, 0].map((remaining) => ({ ok: true, remaining, resetSeconds: 40 })));
  });

  it('returns the remaining time of the window', async () => {
    const account = accountId('acct_wait');
    for (let i = 0; i < 3; i++) await limits.take(account, LIMIT, NOW + 20_500);

    const refused = await limits.take(account, LIMIT, NOW + 20_500);

    expect(refused).toEqual({ ok: false, retryAfterSeconds: 40 });
  });

  it('starts again from zero in the next window', async () => {
    const account = accountId('acct_next');
    for (let i = 0; i < 4; i++) await limits.take(account, LIMIT, NOW);

    const next = await limits.take(account, LIMIT, NOW + 60_000);

    expect(next).toMatchObject({ ok: true, remaining: 2 });
  });

  it('counts accounts and names separately', async () => {
    for (let i = 0; i < 4; i++) await limits.take(accountId('acct_one'), LIMIT, NOW);

    const taken = [
      await limits.take(accountId('acct_two'), LIMIT, NOW),
      await limits.take(accountId('acct_one'), { ...LIMIT, name: 'other' }, NOW),
    ];

    expect(taken).toMatchObject([
      { ok: true, remaining: 2 },
      { ok: true, remaining: 2 },
    ]);
  });

  it('counts in the newer window when the clock of a call is behind', async () => {
    const account = accountId('acct_skew');
    await limits.take(account, LIMIT, NOW + 60_000);

    const behind = await limits.take(account, LIMIT, NOW + 59_000);

    expect(behind).toMatchObject({ ok: true, remaining: 1 });
  });

  it('does not appear among the account’s webhooks', async () => {
    const account = accountId('acct_list');
    await limits.take(account, LIMIT, NOW);

    const list = await api.webhooks.list(account);

    expect(list).toEqual({ webhooks: [], unreadable: 0 });
  });
});

describe('an answer to a call with a limit', () => {
  const json = { url: 'https://customer.example/hook', events: ['*'] };

  it('has the structured fields RateLimit and RateLimit-Policy, also a 429', async () => {
    const { caller, id } = await givenWebhook(api, 'active');
    const test = () =>
      caller.call('POST', `/v1/webhooks/${id}/test`, { json: { event_type: 'file.uploaded' } });

    const first = await test();
    for (let n = 0; n < 59; n++) await test();
    const refused = await test();

    expect(first).toMatchObject({
      status: 202,
      headers: { ratelimit: '"test";r=59;t=60', 'ratelimit-policy': '"test";q=60;w=60' },
    });
    expect(refused).toMatchObject({
      status: 429,
      headers: { ratelimit: '"test";r=0;t=60', 'ratelimit-policy': '"test";q=60;w=60', 'retry-after': '60' },
    });
  });

  it('has them only when the request was counted', async () => {
    const { caller, patch } = await givenWebhook(api, 'active');

    const answers = [
      await patch({ description: 'new' }),
      await patch({ url: 'https://customer.example/new' }),
      await caller.call('POST', '/v1/webhooks', { json }),
      await caller.call('POST', '/v1/webhooks', { json: {} }),
      await caller.call('GET', '/v1/webhooks'),
    ];

    expect(answers.map(({ headers }) => headers.ratelimit?.split(';')[0])).toEqual([
      undefined,
      '"verify"',
      '"create"',
      undefined,
      undefined,
    ]);
  });
});
