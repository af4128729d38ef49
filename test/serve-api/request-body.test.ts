import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_REQUEST_BYTES } from '../../lambdas/serve-api/middlewares/read-json-body.ts';
import type { CallOptions } from './support/gateway-event.ts';
import { type Api, startApi } from './support/start-api.ts';

const VALID = { url: 'https://customer.example/hook', events: ['*'] };

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

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
    ['a lone surrogate', JSON.stringify({ ...VALID, description: '?' }).replace('?', '\ud800')],
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

  it('is decoded from base64 when the gateway encoded it', async () => {
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
    'with the content coding "%s" is accepted',
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
    // The gateway passes a JSON body as text, in which bytes that are not UTF-8 are replaced.
    const asText = await post({ raw: gzipped.toString('utf8'), headers: { 'content-encoding': coding } });

    for (const answer of [asBase64, asText]) {
      expect(answer).toMatchObject({
        status: 415,
        headers: { 'accept-encoding': 'identity' },
        body: { detail: `the content coding of the body is "${name}"; send it without one` },
      });
    }
  });

  it('may start with a byte order mark', async () => {
    const json = { ...VALID, description: 'grüezi' };
    const raw = `\ufeff${JSON.stringify(json)}`;

    const asText = await post({ raw });
    const asBase64 = await post({ raw: Buffer.from(raw).toString('base64'), isBase64Encoded: true });

    expect([asText, asBase64].map(({ status }) => status)).toEqual([201, 201]);
    expect(asText.body).toMatchObject({ description: 'grüezi' });
  });

  it('with a repeated field has the last value, as with JSON.parse', async () => {
    const answer = await post({ raw: `{"url":7,"url":"${VALID.url}","events":[],"events":["*"]}` });

    expect(answer).toMatchObject({ status: 201, body: { url: VALID.url, events: ['*'] } });
  });

  it.each([
    ['url', 'url', '"https://customer.example/\\ud800"'],
    ['events[0]', 'events', '["file.\\udc00"]'],
    ['secret', 'secret', '"sixteen characters \\ud800"'],
    ['description', 'description', '"\\udfff"'],
    ['\ufffd', '\\ud800', '1'],
  ])('with a lone surrogate is a 400: %s', async (path, name, value) => {
    const raw = JSON.stringify(VALID).replace(/}$/, () => `,"${name}":${value}}`);

    const answer = await post({ raw });

    expect(answer.status).toBe(400);
    expect(Object(answer.body).errors).toEqual([{ path, message: expect.any(String) }]);
  });

  it('of another content type is refused with a short form of the type', async () => {
    const type = `text/${'x'.repeat(5_000)}`;

    const answer = await post({ json: VALID, headers: { 'content-type': type } });

    const { detail } = Object(answer.body);
    expect(detail).toMatch(
      /^the content type is "text\/x{59}…"; send JSON .* "Content-Type: application\/json"$/,
    );
  });

  it('in which the gateway replaced bytes that are not UTF-8 is a 400; the escaped character is accepted [API-18]', async () => {
    const json = { ...VALID, description: 'caf\ufffd' };

    const replaced = await post({ json });
    const escaped = await post({ raw: JSON.stringify(json).replace('\ufffd', '\\ufffd') });

    expect(replaced.status).toBe(400);
    expect(Object(replaced.body).detail).toContain('not UTF-8');
    expect(escaped).toMatchObject({ status: 201, body: { description: 'caf\ufffd' } });
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
        {
          path: name,
          message: expect.stringMatching(/^is not a known field; known are url, events, secret/),
        },
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

  it('with 6,000 errors has a short answer [API-18]', async () => {
    const unknownFields = Object.fromEntries(Array.from({ length: 6_000 }, (_, i) => [`x${i}`, 1]));

    const answer = await post({ json: { ...VALID, ...unknownFields } });

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
