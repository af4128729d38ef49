import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MAX_REQUEST_BYTES } from '../../lambdas/serve-api/middlewares/read-json-body.ts';
import { ROUTES } from '../../lambdas/serve-api/routes.ts';
import { type Api, type CallOptions, startApi } from './harness.ts';

const VALID = { url: 'https://customer.example/hook', events: ['*'] };

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterEach(() => {
  api.faults.dynamodb = () => false;
});
afterAll(() => api.close());

const KEYED = ROUTES.filter(({ needsKey }) => needsKey).map(({ method, path }) => [method, path] as const);

describe('authentication', () => {
  it.each(KEYED)('is asked of %s %s', async (method, path) => {
    const answer = await api.call(method, path.replace('{webhook_id}', 'wh_1'), { raw: '{' });

    expect(answer).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer realm="webhook-fanout"' },
      body: { type: 'urn:webhook-fanout:problem:unauthorized' },
    });
  });

  it.each([
    ['an unknown key', `Bearer whk_${'a'.repeat(32)}`],
    ['another scheme', 'Basic dXNlcjpwYXNz'],
    ['no key', 'Bearer '],
    ['a key of another form', 'Bearer abc'],
    ['a key that is too long', `Bearer whk_${'a'.repeat(5_000)}`],
  ])('refuses %s', async (_name, authorization) => {
    const answer = await api.call('GET', '/v1/webhooks', { headers: { authorization } });

    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('invalid_token');
  });

  it('says the same of a wrong, a revoked and a malformed key', async () => {
    const caller = await api.newCaller();
    await api.apiKeys.revoke(caller.key, api.clock.time);
    const keys = [`whk_${'a'.repeat(32)}`, caller.key, caller.key.slice(0, -1), 'abc', ''];

    const answers = await Promise.all(
      keys.map((key) => api.call('GET', '/v1/webhooks', { headers: { authorization: `Bearer ${key}` } })),
    );

    const said = answers.map(({ status, headers, text }) => JSON.stringify([status, headers, text]));
    expect(answers[0]?.status).toBe(401);
    expect(new Set(said).size).toBe(1);
  });

  it('stops a revoked key at once', async () => {
    const caller = await api.newCaller();
    const before = await caller.call('GET', '/v1/webhooks');

    await api.apiKeys.revoke(caller.key, api.clock.time);
    const after = await caller.call('GET', '/v1/webhooks');

    expect([before.status, after.status]).toEqual([200, 401]);
  });

  it('logs that a revoked key is still used, by its id', async () => {
    const caller = await api.newCaller();
    await api.apiKeys.revoke(caller.key, api.clock.time);

    await caller.call('GET', '/v1/webhooks');

    const [revoked] = await api.apiKeys.list(caller.account);
    const line = api.logLines.find((text) => text.includes(caller.account)) ?? '{}';
    expect(JSON.parse(line).fields).toEqual({ key_id: revoked?.id, account_id: caller.account });
    expect(line).not.toContain(caller.key);
  });

  it('takes the scheme in any case', async () => {
    const caller = await api.newCaller();

    const answer = await api.call('GET', '/v1/webhooks', {
      headers: { authorization: `bearer ${caller.key}` },
    });

    expect(answer.status).toBe(200);
  });

  it('never logs or repeats a key', async () => {
    const caller = await api.newCaller();
    api.faults.dynamodb = () => true;

    const answer = await caller.call('GET', '/v1/webhooks');

    expect(answer.status).toBe(503);
    expect(answer.text + api.logLines.join()).not.toContain(caller.key);
  });
});

describe('an unknown path or method', () => {
  it.each([
    '/',
    '/v1',
    '/v1/webhooks/',
    '/v2/webhooks',
    '/v1/webhooks/wh_1/deliveries',
    '/v1/webhooks/wh_1/verify/x',
  ])('is a 404: %s', async (path) => {
    const answer = await api.call('GET', path);

    expect(answer).toMatchObject({ status: 404, body: { type: 'urn:webhook-fanout:problem:not-found' } });
  });

  it.each([
    ['PUT', '/v1/webhooks', 'POST, GET'],
    ['PUT', '/v1/webhooks/wh_1', 'GET, PATCH, DELETE'],
    ['GET', '/v1/webhooks/wh_1/verify', 'POST'],
    ['PUT', '/v1/webhooks/test', 'POST'],
    ['POST', '/v1/event-types', 'GET'],
  ])('is a 405 that names what is allowed: %s %s', async (method, path, allow) => {
    const answer = await api.call(method, path);

    expect(answer).toMatchObject({ status: 405, headers: { allow } });
  });
});

describe('a body', () => {
  const post = async (options: CallOptions) => (await api.newCaller()).call('POST', '/v1/webhooks', options);

  it.each([
    ['application/json', 201],
    ['application/json; charset=utf-8', 201],
    ['Application/JSON;charset="UTF-8"', 201],
    ['application/json; charset=latin1', 415],
    ['application/x-www-form-urlencoded', 415],
    ['text/plain', 415],
    ['application/jsonp', 415],
    [undefined, 415],
  ])('with the content type %s is a %d', async (type, status) => {
    const answer = await post({ json: VALID, headers: { 'content-type': type } });

    expect(answer.status).toBe(status);
  });

  it.each([
    ['nothing', ''],
    ['half of an object', '{"url":'],
    ['single quotes', "{'url':1}"],
    ['two values', '{}{}'],
    ['half a character', JSON.stringify({ ...VALID, description: '?' }).replace('?', '\ud800')],
  ])('of %s is a 400', async (_name, raw) => {
    const answer = await post({ raw });

    expect(answer).toMatchObject({
      status: 400,
      body: { type: 'urn:webhook-fanout:problem:invalid-request' },
    });
  });

  it.each(['{"secret":"do-not-repeat-me', '?do-not-repeat-me'])(
    'never comes back in the answer: %s',
    async (raw) => {
      const answer = await post({ raw });

      expect(answer.status).toBe(400);
      expect(answer.text).not.toContain('do-not-repeat-me');
    },
  );

  it('is read from base64, where the gateway says so', async () => {
    const raw = Buffer.from(JSON.stringify({ ...VALID, description: 'grüezi' })).toString('base64');

    const answer = await post({ raw, isBase64Encoded: true });

    expect(answer).toMatchObject({ status: 201, body: { description: 'grüezi' } });
  });

  it('in base64 that is no UTF-8 is a 400', async () => {
    const bytes = Buffer.from(JSON.stringify({ ...VALID, description: '?' }));
    bytes[bytes.indexOf('?')] = 0xff;
    const raw = bytes.toString('base64');

    const answer = await post({ raw, isBase64Encoded: true });

    expect(answer.status).toBe(400);
  });

  it.each([
    ['{"url":"https://a.example/",\n  }', 'the body is not valid JSON: see line 2, column 3'],
    ["{'secret':1}", 'the body is not valid JSON: see line 1, column 2'],
    ['', 'the body is empty; send a JSON object'],
    ['[]', 'must be an object, not an array'],
    ['null', 'must be an object, not null'],
  ])('of %j is told what is wrong with it', async (raw, message) => {
    const answer = await post({ raw });

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '', message }] } });
  });

  it('that is announced as something else is told as what, in short', async () => {
    const type = `text/${'x'.repeat(5_000)}`;

    const answer = await post({ json: VALID, headers: { 'content-type': type } });

    const { detail } = Object(answer.body);
    expect(detail).toMatch(
      /^the content type is "text\/x{59}…"; send JSON .* "Content-Type: application\/json"$/,
    );
  });

  it('in which the gateway has replaced what is no UTF-8 is a 400, and the escaped character is not', async () => {
    const json = { ...VALID, description: 'caf\ufffd' };

    const replaced = await post({ json });
    const meant = await post({ raw: JSON.stringify(json).replace('\ufffd', '\\ufffd') });

    expect(replaced.status).toBe(400);
    expect(Object(replaced.body).detail).toContain('not UTF-8');
    expect(meant).toMatchObject({ status: 201, body: { description: 'caf\ufffd' } });
  });

  it('over 64 KiB is a 413, counted in bytes', async () => {
    const raw = JSON.stringify('ü'.repeat(MAX_REQUEST_BYTES / 2));

    const answer = await post({ raw });

    expect(answer).toMatchObject({
      status: 413,
      body: { type: 'urn:webhook-fanout:problem:body-too-large' },
    });
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString'])(
    'with the field %s is a 400',
    async (name) => {
      const raw = `{"url":"${VALID.url}","events":["*"],"${name}":{"polluted":true}}`;

      const answer = await post({ raw });

      expect(answer.status).toBe(400);
      expect(Object(answer.body).errors).toEqual([
        { path: name, message: 'is not known here; known are url, events, secret, description' },
      ]);
      expect(Object({}).polluted).toBeUndefined();
    },
  );

  it.each([
    ['as a whole', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['in a field', `{"events":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['in an unknown field', `{"x":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`],
  ])('nested 10,000 deep %s is a 400', async (_name, raw) => {
    const answer = await post({ raw });

    expect(answer.status).toBe(400);
  });

  it('with 6,000 mistakes gets a short answer', async () => {
    const mistakes = Object.fromEntries(Array.from({ length: 6_000 }, (_, i) => [`x${i}`, 1]));

    const answer = await post({ json: { ...VALID, ...mistakes } });

    expect(answer.status).toBe(400);
    expect(Object(answer.body).errors.at(-1)).toEqual({ path: '', message: 'and 5950 more' });
    expect(answer.text.length).toBeLessThan(16_384);
  });

  it('of any JSON at all is answered, and creates a webhook only from a whole input', async () => {
    const caller = await api.newCaller();

    await fc.assert(
      fc.asyncProperty(fc.json(), async (raw) => {
        const answer = await caller.call('POST', '/v1/webhooks', { raw });

        expect(answer.status).toBe(400);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a refused value', () => {
  it.each([
    [{ url: 1 }, 'url', 'must be a string, not a number'],
    [{ events: 'file.*' }, 'events', 'must be an array, not a string'],
    [{ events: [] }, 'events', 'has 0 entries; at least 1 are needed'],
    [{ events: [null] }, 'events[0]', 'must be a string, not null'],
    [{ description: 'x'.repeat(257) }, 'description', 'has 257 characters; at most 256 are allowed'],
  ])('in %j is told what it is and what it may be', async (change, path, message) => {
    const caller = await api.newCaller();

    const answer = await caller.call('POST', '/v1/webhooks', { json: { ...VALID, ...change } });

    expect(answer.status).toBe(400);
    expect(Object(answer.body).errors).toEqual([{ path, message }]);
    expect(Object(answer.body).detail).toBe(`${path}: ${message}`);
  });

  it.each([
    ['101', 'is 101; at most 100 are allowed'],
    ['0', 'is 0; at least 1 are needed'],
    ['0x10', 'must be a whole number from 1 to 100'],
    ['1e1', 'must be a whole number from 1 to 100'],
    ['1,2', 'must be a whole number from 1 to 100'],
    ['', 'must be a whole number from 1 to 100'],
  ])('of the query, limit=%s, likewise', async (limit, message) => {
    const caller = await api.newCaller();

    const answer = await caller.call('GET', '/v1/webhooks', { query: { limit } });

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'limit', message }] } });
  });

  it('is told which ones there are', async () => {
    const caller = await api.newCaller();

    const answer = await caller.call('PATCH', '/v1/webhooks/wh_1', { json: { status: 'paused' } });

    const message = 'is "paused"; use "active" or "disabled"';
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'status', message }] } });
  });

  it('comes back in short and in whole characters', async () => {
    const caller = await api.newCaller();
    const json = { ...VALID, events: [`\ud83e${'a'.repeat(60_000)}`], [`\udd84${'b'.repeat(300)}`]: 1 };

    const answer = await caller.call('POST', '/v1/webhooks', { json });

    expect(answer.status).toBe(400);
    expect(answer.text.length).toBeLessThan(1_500);
    expect(JSON.stringify(answer.body)).not.toMatch(/\\ud[89a-f]/);
  });
});

describe('a failure on our side', () => {
  it('is a 503 that says nothing of what broke, and the log says it', async () => {
    const caller = await api.newCaller();
    api.faults.dynamodb = (command) => command === 'QueryCommand';

    const answer = await caller.call('GET', '/v1/webhooks');

    expect(answer).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
      body: { type: 'urn:webhook-fanout:problem:unavailable' },
    });
    expect(answer.text).not.toMatch(/throughput|dynamo|stack|\.ts/i);
    expect(api.logLines.at(-1)).toContain('ProvisionedThroughputExceededException');
  });
});
