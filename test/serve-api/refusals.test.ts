import { gzipSync } from 'node:zlib';
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
  it.each(KEYED)('is required by %s %s', async (method, path) => {
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
  ])('refuses %s [API-5]', async (_name, authorization) => {
    const answer = await api.call('GET', '/v1/webhooks', { headers: { authorization } });

    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('invalid_token');
  });

  it('gives the same answer for an unknown, a revoked and a malformed key [API-5]', async () => {
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

  it('refuses a revoked key at once [API-5]', async () => {
    const caller = await api.newCaller();
    const before = await caller.call('GET', '/v1/webhooks');

    await api.apiKeys.revoke(caller.key, api.clock.time);
    const after = await caller.call('GET', '/v1/webhooks');

    expect([before.status, after.status]).toEqual([200, 401]);
  });

  it('logs the use of a revoked key, with its id [API-10]', async () => {
    const caller = await api.newCaller();
    await api.apiKeys.revoke(caller.key, api.clock.time);

    await caller.call('GET', '/v1/webhooks');

    const [revoked] = await api.apiKeys.list(caller.account);
    const line = api.logLines.find((text) => text.includes(caller.account)) ?? '{}';
    expect(JSON.parse(line).fields).toEqual({ key_id: revoked?.id, account_id: caller.account });
    expect(line).not.toContain(caller.key);
  });

  it('accepts the scheme in any case', async () => {
    const caller = await api.newCaller();

    const answer = await api.call('GET', '/v1/webhooks', {
      headers: { authorization: `bearer ${caller.key}` },
    });

    expect(answer.status).toBe(200);
  });

  it('never logs or repeats a key [API-5]', async () => {
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
    ['application/json; charset=utf8', 201],
    ['application/json; charset=UTF8; profile="https://example.com/p"', 201],
    ['application/json; charset=unicode-1-1-utf-8', 201],
    ['application/json; charset=csUTF8', 201],
    ['application/json; charset=us-ascii', 201],
    ['application/json; charset=ASCII', 201],
    ['application/json; charset=ANSI_X3.4-1968', 201],
    ['application/json; charset=ISO646-US', 201],
    ['application/json;', 201],
    ['application/json ; ', 201],
    ['application/json;;charset=utf-8;', 201],
    ['application/json; version=1', 201],
    ['application/json; x', 201],
    [' application/json ', 201],
    ['application/json; charset=latin1', 415],
    ['application/json; charset=utf-16', 415],
    ['application/json; charset="nonsense, utf-8"', 415],
    ['application/json, application/json', 415],
    ['application/json charset=utf-8', 415],
    ['application/merge-patch+json', 415],
    ['application/x-www-form-urlencoded', 415],
    ['text/plain', 415],
    ['text/json', 415],
    ['application/jsonp', 415],
    ['application', 415],
    ['/', 415],
    ['', 415],
    [undefined, 415],
  ])('with the content type %s is a %d [API-18]', async (type, status) => {
    const answer = await post({ json: VALID, headers: { 'content-type': type } });

    expect(answer.status).toBe(status);
  });

  it.each([
    ['nothing', ''],
    ['half of an object', '{"url":'],
    ['single quotes', "{'url':1}"],
    ['two values', '{}{}'],
    ['half a character', JSON.stringify({ ...VALID, description: '?' }).replace('?', '\ud800')],
  ])('of %s is a 400 [API-18]', async (_name, raw) => {
    const answer = await post({ raw });

    expect(answer).toMatchObject({
      status: 400,
      body: { type: 'urn:webhook-fanout:problem:invalid-request' },
    });
  });

  it.each(['{"secret":"do-not-repeat-me', '?do-not-repeat-me'])(
    'is never quoted in the answer: %s',
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

  it('in base64 that is not UTF-8 is a 400', async () => {
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
  ])('of %j is refused with the reason', async (raw, message) => {
    const answer = await post({ raw });

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '', message }] } });
  });

  it.each([
    ['application/json; charset=latin1', 'the charset of the body is "latin1"'],
    ['application/json; charset="UTF 16"', 'the charset of the body is "UTF 16"'],
    ['text/plain; charset=utf-8', 'the content type is "text/plain; charset=utf-8"'],
    [undefined, 'there is no content type'],
  ])('with the content type %s is refused with the reason [API-18]', async (type, reason) => {
    const answer = await post({ json: VALID, headers: { 'content-type': type } });

    expect(answer).toMatchObject({
      status: 415,
      body: { detail: `${reason}; send JSON in UTF-8 with the header "Content-Type: application/json"` },
    });
  });

  it.each(['identity', 'Identity', ' identity , identity', '', ','])(
    'with the content coding "%s" is read',
    async (coding) => {
      const answer = await post({ json: VALID, headers: { 'content-encoding': coding } });

      expect(answer.status).toBe(201);
    },
  );

  it.each([
    ['gzip', 'gzip'],
    ['GZip', 'gzip'],
    ['x-gzip', 'x-gzip'],
    ['deflate', 'deflate'],
    ['br', 'br'],
    ['zstd', 'zstd'],
    ['aws-chunked', 'aws-chunked'],
    ['gzip, br', 'gzip, br'],
    ['identity, gzip', 'gzip'],
    ['gzip,identity,,BR', 'gzip, br'],
    ['utf-8', 'utf-8'],
    ['x'.repeat(5_000), `${'x'.repeat(64)}…`],
  ])('with the content coding "%s" is a 415 that names it [API-18]', async (coding, name) => {
    const gzipped = gzipSync(JSON.stringify(VALID));

    const asBase64 = await post({
      raw: gzipped.toString('base64'),
      isBase64Encoded: true,
      headers: { 'content-encoding': coding },
    });
    // The gateway hands over JSON as text, in which the bytes of gzip are replaced.
    const asText = await post({ raw: gzipped.toString('utf8'), headers: { 'content-encoding': coding } });

    for (const answer of [asBase64, asText]) {
      expect(answer).toMatchObject({
        status: 415,
        headers: { 'accept-encoding': 'identity' },
        body: { detail: `the content coding of the body is "${name}"; send it without one` },
      });
    }
  });

  it('with a byte order mark is read without it', async () => {
    const json = { ...VALID, description: 'grüezi' };
    const raw = `\ufeff${JSON.stringify(json)}`;

    const asText = await post({ raw });
    const asBase64 = await post({ raw: Buffer.from(raw).toString('base64'), isBase64Encoded: true });

    expect([asText, asBase64].map(({ status }) => status)).toEqual([201, 201]);
    expect(asText.body).toMatchObject({ description: 'grüezi' });
  });

  it('with a field twice has the last value, as JSON.parse reads it', async () => {
    const answer = await post({ raw: `{"url":7,"url":"${VALID.url}","events":[],"events":["*"]}` });

    expect(answer).toMatchObject({ status: 201, body: { url: VALID.url, events: ['*'] } });
  });

  it.each([
    ['url', 'url', '"https://customer.example/\\ud800"'],
    ['events[0]', 'events', '["file.\\udc00"]'],
    ['secret', 'secret', '"sixteen characters \\ud800"'],
    ['description', 'description', '"\\udfff"'],
    ['\ufffd', '\\ud800', '1'],
  ])('with half of a surrogate pair is a 400: %s', async (path, name, value) => {
    const raw = JSON.stringify(VALID).replace(/}$/, () => `,"${name}":${value}}`);

    const answer = await post({ raw });

    expect(answer.status).toBe(400);
    expect(Object(answer.body).errors).toEqual([{ path, message: expect.any(String) }]);
  });

  it('of another content type is refused with the beginning of its name', async () => {
    const type = `text/${'x'.repeat(5_000)}`;

    const answer = await post({ json: VALID, headers: { 'content-type': type } });

    const { detail } = Object(answer.body);
    expect(detail).toMatch(
      /^the content type is "text\/x{59}…"; send JSON .* "Content-Type: application\/json"$/,
    );
  });

  it('in which the gateway replaced bytes that are not UTF-8 is a 400; the escaped character is read [API-18]', async () => {
    const json = { ...VALID, description: 'caf\ufffd' };

    const replaced = await post({ json });
    const meant = await post({ raw: JSON.stringify(json).replace('\ufffd', '\\ufffd') });

    expect(replaced.status).toBe(400);
    expect(Object(replaced.body).detail).toContain('not UTF-8');
    expect(meant).toMatchObject({ status: 201, body: { description: 'caf\ufffd' } });
  });

  it('over 64 KiB is a 413, counted in bytes [API-18]', async () => {
    const raw = JSON.stringify('ü'.repeat(MAX_REQUEST_BYTES / 2));

    const answer = await post({ raw });

    expect(answer).toMatchObject({
      status: 413,
      body: { type: 'urn:webhook-fanout:problem:body-too-large' },
    });
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString'])(
    'with the field %s is a 400 [API-18]',
    async (name) => {
      const raw = `{"url":"${VALID.url}","events":["*"],"${name}":{"polluted":true}}`;

      const answer = await post({ raw });

      expect(answer.status).toBe(400);
      expect(Object(answer.body).errors).toEqual([
        { path: name, message: 'is not a known field; known are url, events, secret, description' },
      ]);
      expect(Object({}).polluted).toBeUndefined();
    },
  );

  it.each([
    ['as a whole', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['in a field', `{"events":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['in an unknown field', `{"x":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`],
  ])('nested 10,000 deep %s is a 400 [API-18]', async (_name, raw) => {
    const answer = await post({ raw });

    expect(answer.status).toBe(400);
  });

  it('with 6,000 errors gets a short answer [API-18]', async () => {
    const mistakes = Object.fromEntries(Array.from({ length: 6_000 }, (_, i) => [`x${i}`, 1]));

    const answer = await post({ json: { ...VALID, ...mistakes } });

    expect(answer.status).toBe(400);
    expect(Object(answer.body).errors.at(-1)).toEqual({ path: '', message: 'and 5950 more' });
    expect(answer.text.length).toBeLessThan(16_384);
  });

  it('of random JSON is a 400 [API-18]', async () => {
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
  ])('in %j is described with what is expected [API-18]', async (change, path, message) => {
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
  ])('of the query, limit=%s, is described likewise', async (limit, message) => {
    const caller = await api.newCaller();

    const answer = await caller.call('GET', '/v1/webhooks', { query: { limit } });

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'limit', message }] } });
  });

  it('is described with the possible values', async () => {
    const caller = await api.newCaller();

    const answer = await caller.call('PATCH', '/v1/webhooks/wh_1', { json: { status: 'paused' } });

    const message = 'is "paused"; use "active" or "disabled"';
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'status', message }] } });
  });

  it('is quoted in short and in whole characters', async () => {
    const caller = await api.newCaller();
    const json = { ...VALID, events: [`\ud83e${'a'.repeat(60_000)}`], [`\udd84${'b'.repeat(300)}`]: 1 };

    const answer = await caller.call('POST', '/v1/webhooks', { json });

    expect(answer.status).toBe(400);
    expect(answer.text.length).toBeLessThan(1_500);
    expect(JSON.stringify(answer.body)).not.toMatch(/\\ud[89a-f]/);
  });
});

describe('a failure on our side', () => {
  it('is a 503 without the cause, which is logged', async () => {
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
