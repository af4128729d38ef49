import { describe, expect, it } from 'vitest';
import { makeAttempt } from '../../lambdas/send-delivery/attempt.ts';
import type { Attempt, DeliveryMessage } from '../../lambdas/shared/domain/delivery.ts';
import type { SuccessStatus } from '../../lambdas/shared/domain/webhook.ts';
import type { PostRequest, PostResult } from '../../lambdas/shared/http/post.ts';
import { message, NOW } from '../support/builders.ts';
import { answered } from '../support/post-results.ts';
import { ADDRESS_REFUSED } from './builders.ts';

function attemptWith(result: PostResult, one = message(), success: SuccessStatus = '200'): Promise<Attempt> {
  const request = { message: one, url: one.url, signed: one.signed, customHeaders: [], token: 't', at: NOW };
  return makeAttempt(request, success, async () => result);
}

const CHALLENGE = message({
  kind: 'verification',
  body: JSON.stringify({ data: { challenge: 'c-123' } }),
});

/** The request of an attempt. */
async function requestOf(one: DeliveryMessage, success: SuccessStatus = '200'): Promise<PostRequest> {
  const { promise, resolve } = Promise.withResolvers<PostRequest>();
  const request = {
    message: one,
    url: 'https://current.example/',
    signed: one.signed,
    customHeaders: [],
    token: 't',
    at: NOW,
  };
  await makeAttempt(request, success, async (posted) => {
    resolve(posted);
    return answered(200);
  });
  return promise;
}

describe('the request', () => {
  it('has the body of the message, the URL of the request and the signatures', async () => {
    const { url, body, headers } = await requestOf(message());

    expect({ url, body }).toEqual({ url: 'https://current.example/', body: message().body });
    expect(headers).toMatchObject({ 'X-Webhook-Signature': 'sha256=aa', 'webhook-signature': 'v1,qg==' });
  });

  it('reads the beginning of a failure, nothing of a success, and the whole response to a challenge', async () => {
    const [event, challenge] = [await requestOf(message()), await requestOf(CHALLENGE)];

    expect([199, 200, 201, 500].map(event.readBody)).toEqual([
      'beginning',
      'nothing',
      'beginning',
      'beginning',
    ]);
    expect([200, 201].map(challenge.readBody)).toEqual(['all', 'beginning']);
  });

  it('reads nothing of any 2xx response when every 2xx is a success', async () => {
    const { readBody } = await requestOf(message(), '2xx');

    expect([199, 200, 299, 300].map(readBody)).toEqual(['beginning', 'nothing', 'nothing', 'beginning']);
  });
});

describe('a status', () => {
  it.each([
    ['200', 200, true],
    ['200', 201, false],
    ['2xx', 199, false],
    ['2xx', 200, true],
    ['2xx', 299, true],
    ['2xx', 300, false],
  ] as const)('is a success with the setting %s: %i, %s', async (success, status, isSuccess) => {
    const { error } = await attemptWith(answered(status), message(), success);

    expect(error).toBe(isSuccess ? undefined : 'http_status');
  });

  it('of a response to a challenge must be 200, although every 2xx is a success', async () => {
    const body = '{"challenge":"c-123"}';

    expect(await attemptWith(answered(201, { body }), CHALLENGE, '2xx')).toMatchObject({
      error: 'http_status',
      reason: 'the endpoint answered 201; 200 was expected',
    });
    expect(await attemptWith(answered(200, { body }), CHALLENGE, '2xx')).not.toHaveProperty('error');
  });

  it('that fails is recorded with the expected one', async () => {
    expect(await attemptWith(answered(500))).toMatchObject({
      reason: 'the endpoint answered 500; 200 was expected',
    });
    expect(await attemptWith(answered(500), message(), '2xx')).toMatchObject({
      reason: 'the endpoint answered 500; a 2xx status was expected',
    });
  });
});

describe('a response to a challenge', () => {
  it.each([
    ['is not JSON', { body: 'c-123' }],
    ['is null', { body: 'null' }],
    ['is a text', { body: '"c-123"' }],
    ['has another challenge', { body: '{"challenge":"c-124"}' }],
    ['has a number', { body: '{"challenge":123}' }],
    ['is incomplete', { body: '{"challenge":"c-123"}', bodyCut: true }],
  ])('is refused when it %s [URL-16]', async (_, response) => {
    expect(await attemptWith(answered(200, response), CHALLENGE)).toMatchObject({
      status: 200,
      error: 'challenge_mismatch',
      excerpt: response.body,
    });
  });

  it.each(['{"data":{}}', '{"data":null}', '{"data":{"challenge":1}}'])(
    'is refused when the challenge has no text: %s [URL-16]',
    async (body) => {
      const without = message({ kind: 'verification', body });

      expect(await attemptWith(answered(200, { body: '{"challenge":1}' }), without)).toMatchObject({
        error: 'challenge_mismatch',
      });
    },
  );
});

describe('the recorded attempt', () => {
  it('has the beginning of the response when it failed [NET-23]', async () => {
    const attempt = await attemptWith(answered(500, { body: '<h1>Sorry</h1>' }));

    expect(attempt).toMatchObject({ status: 500, error: 'http_status', excerpt: '<h1>Sorry</h1>' });
    expect(attempt).not.toHaveProperty('excerptCut');
    expect(await attemptWith(answered(500, { body: 'x'.repeat(256) }))).not.toHaveProperty('excerptCut');
    expect(await attemptWith(answered(500))).not.toHaveProperty('excerpt');
  });

  it.each([
    ['the response is longer than an excerpt', { body: 'x'.repeat(1_025) }],
    ['the response is longer than what is read', { body: 'x', bodyCut: true }],
  ])('marks the excerpt as cut when %s [NET-23]', async (_, response) => {
    const attempt = await attemptWith(answered(500, response));

    expect(attempt.excerptCut).toBe(true);
    expect(attempt.excerpt?.length).toBeLessThanOrEqual(1_024);
  });

  it('has an excerpt of 1 KiB of UTF-8 that ends with a whole character', async () => {
    const attempt = await attemptWith(answered(500, { body: `${'x'.repeat(1_021)}😀` }));

    expect(attempt.excerpt).toBe('x'.repeat(1_021));
    expect(attempt.excerptCut).toBe(true);
  });

  it('has the recorded headers of the response when it failed, and none when it succeeded [NET-28]', async () => {
    const headers = { 'content-type': 'text/html', 'retry-after': '5' };

    expect(await attemptWith(answered(503, { headers }))).toMatchObject({ responseHeaders: headers });
    expect(await attemptWith(answered(200, { headers }))).not.toHaveProperty('responseHeaders');
  });

  it('has nothing of the response when it succeeded [NET-23]', async () => {
    const attempt = await attemptWith(answered(200, { body: 'thank you' }));

    expect(attempt).toEqual({
      number: 1,
      at: NOW,
      durationMs: 20,
      timing: { firstByteMs: 20 },
      token: 't',
      status: 200,
    });
  });

  it('has nothing of the response when the challenge was echoed [NET-23]', async () => {
    const body = JSON.stringify({ data: { challenge: 'c-123' } });
    const echoed = answered(200, { body: '{"challenge":"c-123"}' });

    const attempt = await attemptWith(echoed, message({ kind: 'verification', body }));

    expect(attempt).toEqual({
      number: 1,
      at: NOW,
      durationMs: 20,
      timing: { firstByteMs: 20 },
      token: 't',
      status: 200,
    });
  });

  it('has only the error and its reason when the address was refused [NET-23]', async () => {
    const attempt = await attemptWith(ADDRESS_REFUSED);

    expect(attempt).toEqual({
      number: 1,
      at: NOW,
      durationMs: 1,
      token: 't',
      error: 'address_refused',
      reason: 'the address is private',
    });
  });

  it('has the Location of a redirect, which is not followed [NET-4]', async () => {
    const location = 'http://169.254.169.254/latest/meta-data/';

    const attempt = await attemptWith(answered(302, { location }));

    expect(attempt).toMatchObject({ status: 302, error: 'http_status', location });
  });

  it('states whether the request was sent again on a new connection [NET-20]', async () => {
    expect(await attemptWith(answered(200, { reconnected: true }))).toMatchObject({ reconnected: true });
    expect(await attemptWith(answered(200))).not.toHaveProperty('reconnected');
  });
});
