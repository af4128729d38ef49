import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { noFaults } from '../serve-api/support/faulty-services.ts';
import { type Api, CONSOLE_URL, startApi } from '../serve-api/support/start-api.ts';
import { NOW } from '../support/builders.ts';
import { DEFECT_SECRET } from '../support/new-cloud.ts';

const INPUT = { account: 'acct_1', actor: 'ann@example.com' };

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterEach(() => {
  Object.assign(api.faults, noFaults());
});
afterAll(() => api.close());

const create = (event: unknown) => api.portal(event, 'request-1');

describe('the portal function', () => {
  it('answers a link with the code in its fragment, and when it expires [API-53]', async () => {
    const answer = await create(INPUT);

    expect(answer).toEqual({
      url: expect.stringMatching(/^https:\/\/api\.example\/console\/webhooks#code=whc_[\w-]{56}\.acct_1$/),
      session_id: expect.stringMatching(/^ses_[0-9a-z]{24}$/),
      expires_at: new Date(NOW + 5 * 60_000).toISOString(),
    });
    expect(Reflect.get(answer, 'url')).toContain(CONSOLE_URL);
  });

  it('marks a link that a person must confirm, which is valid for an hour', async () => {
    const answer = await create({ ...INPUT, confirm: true });

    expect(answer).toMatchObject({
      url: expect.stringMatching(/&confirm=1$/),
      expires_at: new Date(NOW + 3_600_000).toISOString(),
    });
  });

  it.each([
    ['account', undefined],
    ['account', ''],
    ['account', 'a#b'],
    ['account', 'x'.repeat(65)],
    ['actor', undefined],
    ['actor', ' '],
    ['actor', 'two\nlines'],
    ['actor', '\ud800'],
    ['actor', 'x'.repeat(129)],
    ['read_only', 'true'],
    ['confirm', 1],
    ['ttl', 59],
    ['ttl', 86_401],
    ['ttl', 60.5],
    ['ttl', '600'],
    ['ttl', Number.NaN],
    ['return_url', 'javascript:alert(1)'],
    ['return_url', 'data:text/html,x'],
    ['return_url', 'http://app.example.com'],
    ['return_url', 'https://user:password@app.example.com'],
    ['return_url', '/webhooks'],
    ['return_url', `https://app.example.com/${'x'.repeat(2_048)}`],
    ['__proto__x', 1],
  ])('refuses %s: %j and returns the reason, without an exception [API-56]', async (name, value) => {
    const answer = await create({ ...INPUT, [name]: value });

    expect(answer).toMatchObject({
      error: expect.stringContaining(name),
      errors: [{ path: name, message: expect.any(String) }],
    });
    expect(answer).not.toHaveProperty('url');
  });

  it.each([null, undefined, [], 'acct_1', 5])('refuses the payload %j [API-56]', async (event) => {
    expect(await create(event)).toMatchObject({ error: 'the payload must be a JSON object' });
  });

  it('lists all errors', async () => {
    const answer = await create({ ttl: 0, accounts: 'acct_1' });

    expect(Reflect.get(answer, 'errors').map(({ path }: { path: string }) => path)).toEqual([
      'accounts',
      'account',
      'actor',
      'ttl',
    ]);
  });

  it.each(['https://app.example.com/webhooks?tab=1', 'http://localhost:3000/', 'http://127.0.0.1:3000/'])(
    'accepts the return_url %s',
    async (returnUrl) => {
      expect(await create({ ...INPUT, return_url: returnUrl })).toHaveProperty('url');
    },
  );

  it('makes no link when the audit log cannot be written', async () => {
    const before = (await api.sessions.list('acct_1' as never)).length;
    api.faults.dynamodb = (command) => command === 'PutItemCommand';

    await expect(create(INPUT)).rejects.toThrow();

    expect(await api.sessions.list('acct_1' as never)).toHaveLength(before);
  });
});

describe('the log line of an error of our own', () => {
  const IDS = { account_id: 'acct_1', request_id: 'request-1' };
  const OWN_ERROR = {
    why: 'TypeError',
    stack: expect.arrayContaining([expect.stringMatching(/^lambdas\/shared\/store\//)]),
  };
  const failAt = (command: string): void => {
    api.faults.before = { command, run: () => Promise.reject(new TypeError(DEFECT_SECRET)) };
  };

  it('has the ids of the account and the session, and where it was thrown, without its message', async () => {
    failAt('PutItemCommand');

    await expect(create(INPUT)).rejects.toThrow();

    expect(JSON.parse(api.logLines.at(-1) ?? '')).toMatchObject({
      text: 'a link could not be created',
      fields: { ...IDS, session_id: expect.stringMatching(/^ses_/), ...OWN_ERROR },
    });
    expect(api.logLines.join()).not.toContain(DEFECT_SECRET);
  });

  it('after the link was created has the entry of the audit log, too', async () => {
    failAt('UpdateItemCommand');

    expect(await create(INPUT)).toMatchObject({ url: expect.any(String) });

    expect(JSON.parse(api.logLines.at(-1) ?? '')).toMatchObject({
      text: 'the end of a change was not recorded in the audit log',
      fields: { ...IDS, audit_id: expect.stringMatching(/^aud_/), ...OWN_ERROR },
    });
    expect(api.logLines.join()).not.toContain(DEFECT_SECRET);
  });
});
