import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SESSION_RATE_LIMIT } from '../../../lambdas/serve-api/limits.ts';
import { NOW } from '../../support/builders.ts';
import { noFaults } from '../support/faulty-services.ts';
import { callerOf, exchange, givenLink } from '../support/given-session.ts';
import { type Api, startApi } from '../support/start-api.ts';

const MINUTE = 60_000;
const RETURN_URL = 'https://app.example.com/webhooks';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterEach(() => {
  api.clock.time = NOW;
  Object.assign(api.faults, noFaults());
});
afterAll(() => api.close());

const problemOf = ({ body }: { readonly body: unknown }) => String(Object(body).type).split(':').at(-1);
const returnUrlOf = ({ body }: { readonly body: unknown }) => Object(body).return_url;

describe('a code', () => {
  it('is exchanged for a token of its account, right, actor and time', async () => {
    const { account } = await api.newCaller();
    const options = { read_only: true, ttl: 600, actor: 'ann@example.com', return_url: RETURN_URL };
    const { code, sessionId } = await givenLink(api, account, options);

    const answer = await exchange(api, { code });

    expect(answer).toMatchObject({
      status: 201,
      body: {
        id: sessionId,
        kind: 'session',
        account_id: account,
        right: 'read',
        actor: 'ann@example.com',
        expires_at: new Date(NOW + 600_000).toISOString(),
        return_url: RETURN_URL,
        token: expect.stringMatching(/^whs_/),
      },
    });
  });

  it('is used up by the first exchange, and the second one is refused with the return URL [API-53]', async () => {
    const { account } = await api.newCaller();
    const { code } = await givenLink(api, account, { return_url: RETURN_URL });

    const first = await exchange(api, { code });
    const second = await exchange(api, { code });

    expect([first.status, second.status]).toEqual([201, 410]);
    expect([problemOf(second), returnUrlOf(second)]).toEqual(['code-used', RETURN_URL]);
  });

  it('is used up once by exchanges at the same time [API-53]', async () => {
    const { account } = await api.newCaller();
    const { code } = await givenLink(api, account);

    const answers = await Promise.all(Array.from({ length: 5 }, () => exchange(api, { code })));

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 410, 410, 410, 410]);
  });

  it.each([
    ['5 minutes', {}, 5 * MINUTE],
    ['an hour, when it is confirmed by a button', { confirm: true }, 60 * MINUTE],
  ])('expires after %s, and the refusal has the return URL [API-53]', async (_, options, validForMs) => {
    const { account } = await api.newCaller();
    const early = await givenLink(api, account, { ...options, return_url: RETURN_URL });
    const late = await givenLink(api, account, { ...options, return_url: RETURN_URL });

    api.clock.time = NOW + validForMs - 1;
    const before = await exchange(api, { code: early.code });
    api.clock.time = NOW + validForMs;
    const after = await exchange(api, { code: late.code });

    expect([before.status, after.status]).toEqual([201, 410]);
    expect([problemOf(after), returnUrlOf(after)]).toEqual(['code-expired', RETURN_URL]);
  });

  it('of a link that was revoked gets no token', async () => {
    const { account } = await api.newCaller();
    const { code, sessionId } = await givenLink(api, account);
    await api.sessions.revoke(account, sessionId, NOW);

    expect(problemOf(await exchange(api, { code }))).toBe('code-expired');
  });

  it('gets the same answer when it has the parts of another account, is invented, malformed, or a token [API-53]', async () => {
    const [mine, other] = [await api.newCaller(), await api.newCaller()];
    const { code } = await givenLink(api, mine.account);
    const { code: elsewhere } = await givenLink(api, other.account);
    const codes = [
      code.replace(`.${mine.account}`, `.${other.account}`),
      `${code.slice(0, 28)}${elsewhere.slice(28)}`,
      code.replace(/.\./, (end) => (end === 'A.' ? 'B.' : 'A.')),
      code.replace('whc_', 'whs_'),
      'whc_',
      'x',
    ];

    const answers = await Promise.all(codes.map((text) => exchange(api, { code: text })));

    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 404 });
    expect(answers.map(problemOf)).toEqual(codes.map(() => 'code-unknown'));
    expect((await exchange(api, { code })).status).toBe(201);
  });

  it('is not used up when the audit log cannot be written', async () => {
    const { account } = await api.newCaller();
    const { code } = await givenLink(api, account);
    api.faults.dynamodb = (command) => command === 'PutItemCommand';

    const failed = await exchange(api, { code });
    api.faults.dynamodb = () => false;
    const repeated = await exchange(api, { code });

    expect([failed.status, repeated.status]).toEqual([503, 201]);
  });

  it('may be exchanged 60 times a minute by an account, and unknown codes do not count [API-53]', async () => {
    const caller = await api.newCaller();
    const { code } = await givenLink(api, caller.account);
    await api.take(caller, SESSION_RATE_LIMIT, SESSION_RATE_LIMIT.count - 1);
    await exchange(api, { code: code.replace('whc_', 'whs_') });
    const { code: second } = await givenLink(api, caller.account);

    const last = await exchange(api, { code });
    const refused = await exchange(api, { code: second });
    api.clock.time += MINUTE;
    const later = await exchange(api, { code: second });

    expect([last.status, refused.status, later.status]).toEqual([201, 429, 201]);
    expect(refused.headers['retry-after']).toBeDefined();
  });
});

describe('an API key', () => {
  it('is exchanged for a token of its account that ends with the key [API-54]', async () => {
    const caller = await api.newCaller();

    const begun = await exchange(api, { api_key: caller.key });
    const session = callerOf(api, String(Object(begun.body).token));
    const before = await session.call('GET', '/v1/session');
    await api.apiKeys.revoke(caller.key, NOW);
    const after = await session.call('GET', '/v1/session');

    expect(begun).toMatchObject({
      status: 201,
      body: { account_id: caller.account, actor: 'test', right: 'write' },
    });
    expect([before.status, after.status]).toEqual([200, 401]);
  });

  it.each(['whk_', `whk_${'a'.repeat(32)}`, 'whs_x', 'x'])(
    'that is wrong, such as %s, is a 401',
    async (key) => {
      const answer = await exchange(api, { api_key: key });

      expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': expect.any(String) } });
    },
  );
});

describe('an exchange', () => {
  it.each([
    ['nothing', {}],
    ['both', { code: 'x', api_key: 'y' }],
    ['another type', { code: 5 }],
    ['an unknown field', { code: 'x', account: 'acct_2' }],
  ])('of %s is a 400', async (_, json) => {
    expect(problemOf(await exchange(api, json))).toBe('invalid-request');
  });

  it('stores and logs neither code nor token nor key [API-53, API-54]', async () => {
    const caller = await api.newCaller();
    const { code } = await givenLink(api, caller.account);
    const first = await exchange(api, { code });
    const second = await exchange(api, { api_key: caller.key });
    const tokens = [first, second].map(({ body }) => String(Object(body).token));
    for (const token of tokens) await callerOf(api, token).call('GET', '/v1/webhooks');

    const items = await Promise.all(
      [api.webhooksTable, api.deliveriesTable].map((TableName) =>
        api.dynamodb.send(new ScanCommand({ TableName })),
      ),
    );

    const kept = JSON.stringify(items) + api.logLines.join();
    // The secret part of each.
    for (const secret of [code, ...tokens]) expect(kept).not.toContain(secret.slice(28, 60));
    expect(kept).not.toContain(caller.key.slice(4));
  });

  it('is in the audit log, with the actor and the id of the request', async () => {
    const { account } = await api.newCaller();
    const { code, sessionId } = await givenLink(api, account, { actor: 'bob', read_only: true });
    await exchange(api, { code });

    const range = { since: 0, until: NOW + 1, limit: 9 };
    const entries = await api.audit.list(account, range);

    expect(entries.map(({ id, at, ...entry }) => entry)).toEqual(
      expect.arrayContaining([
        {
          accountId: account,
          action: 'session.create',
          source: 'portal',
          actor: 'bob',
          subject: sessionId,
          requestId: 'request-of-backend',
          details: { right: 'read', ttl_seconds: 3_600 },
          outcome: 'done',
        },
        {
          accountId: account,
          action: 'session.begin',
          source: 'session',
          actor: 'bob',
          subject: sessionId,
          requestId: 'request-1',
          details: { right: 'read' },
          outcome: 'done',
        },
      ]),
    );
  });
});
