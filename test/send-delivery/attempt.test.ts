import { describe, expect, it } from 'vitest';
import { makeAttempt } from '../../lambdas/send-delivery/attempt.ts';
import type { Attempt } from '../../lambdas/shared/domain/delivery.ts';
import type { PostResult } from '../../lambdas/shared/http/post.ts';
import { message, NOW } from '../support/builders.ts';
import { answered } from '../support/post-results.ts';
import { ADDRESS_REFUSED } from './builders.ts';

function attemptWith(result: PostResult, one = message()): Promise<Attempt> {
  const request = { message: one, url: one.url, signed: one.signed, customHeaders: [], token: 't', at: NOW };
  return makeAttempt(request, '200', async () => result);
}

describe('the recorded attempt', () => {
  it('has the beginning of the response when it failed [NET-23]', async () => {
    const attempt = await attemptWith(answered(500, { body: '<h1>Sorry</h1>' }));

    expect(attempt).toMatchObject({ status: 500, error: 'http_status', excerpt: '<h1>Sorry</h1>' });
    expect(attempt).not.toHaveProperty('excerptCut');
  });

  it.each([
    ['the response is longer than an excerpt', { body: 'x'.repeat(257) }],
    ['the response is longer than what is read', { body: 'x', bodyCut: true }],
  ])('marks the excerpt as cut when %s [NET-23]', async (_, response) => {
    const attempt = await attemptWith(answered(500, response));

    expect(attempt.excerptCut).toBe(true);
    expect(attempt.excerpt?.length).toBeLessThanOrEqual(256);
  });

  it('has an excerpt that does not end with half of a surrogate pair', async () => {
    const attempt = await attemptWith(answered(500, { body: `${'x'.repeat(255)}😀` }));

    expect(attempt.excerpt?.isWellFormed()).toBe(true);
    expect(attempt.excerptCut).toBe(true);
  });

  it('has nothing of the response when it succeeded [NET-23]', async () => {
    const attempt = await attemptWith(answered(200, { body: 'thank you' }));

    expect(attempt).toEqual({ number: 1, at: NOW, durationMs: 20, token: 't', status: 200 });
  });

  it('has nothing of the response when the challenge was echoed [NET-23]', async () => {
    const body = JSON.stringify({ data: { challenge: 'c-123' } });
    const echoed = answered(200, { body: '{"challenge":"c-123"}' });

    const attempt = await attemptWith(echoed, message({ kind: 'verification', body }));

    expect(attempt).toEqual({ number: 1, at: NOW, durationMs: 20, token: 't', status: 200 });
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
