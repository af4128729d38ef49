import { describe, expect, it } from 'vitest';
import { makeAttempt } from '../../lambdas/send-delivery/attempt.ts';
import type { Attempt } from '../../lambdas/shared/domain/delivery.ts';
import type { PostResult } from '../../lambdas/shared/http/post.ts';
import { message, NOW } from '../support/builders.ts';
import { answered } from '../support/post-results.ts';

function attemptThatGets(result: PostResult, one = message()): Promise<Attempt> {
  const request = { message: one, url: one.url, signed: one.signed, token: 't', at: NOW };
  return makeAttempt(request, '200', async () => result);
}

describe('what is kept of an answer', () => {
  it('is its beginning where the attempt failed [NET-23]', async () => {
    const attempt = await attemptThatGets(answered(500, { body: '<h1>Sorry</h1>' }));

    expect(attempt).toMatchObject({ status: 500, error: 'http_status', excerpt: '<h1>Sorry</h1>' });
    expect(attempt).not.toHaveProperty('excerptCut');
  });

  it.each([
    ['it is longer than what is kept', { body: 'x'.repeat(257) }],
    ['it was longer than what is read', { body: 'x', bodyCut: true }],
  ])('is marked as cut when %s [NET-23]', async (_, answer) => {
    const attempt = await attemptThatGets(answered(500, answer));

    expect(attempt.excerptCut).toBe(true);
    expect(attempt.excerpt?.length).toBeLessThanOrEqual(256);
  });

  it('ends in no half of a character', async () => {
    const attempt = await attemptThatGets(answered(500, { body: `${'x'.repeat(255)}😀` }));

    expect(attempt.excerpt?.isWellFormed()).toBe(true);
    expect(attempt.excerptCut).toBe(true);
  });

  it('is nothing of a success [NET-23]', async () => {
    const attempt = await attemptThatGets(answered(200, { body: 'thank you' }));

    expect(attempt).toEqual({ number: 1, at: NOW, durationMs: 20, token: 't', status: 200 });
  });

  it('is nothing of a challenge that came back [NET-23]', async () => {
    const body = JSON.stringify({ data: { challenge: 'c-123' } });
    const echoed = answered(200, { body: '{"challenge":"c-123"}' });

    const attempt = await attemptThatGets(echoed, message({ kind: 'verification', body }));

    expect(attempt).toEqual({ number: 1, at: NOW, durationMs: 20, token: 't', status: 200 });
  });

  it('is nothing but the reason for an address that was refused [NET-23]', async () => {
    const refused = { error: 'address_refused', reason: 'a private network', durationMs: 1 } as const;

    const attempt = await attemptThatGets({ kind: 'failed', reconnected: false, ...refused });

    expect(attempt).toEqual({ number: 1, at: NOW, token: 't', ...refused });
  });

  it('is the Location of a redirect, to read and not to follow [NET-4]', async () => {
    const location = 'http://169.254.169.254/latest/meta-data/';

    const attempt = await attemptThatGets(answered(302, { location }));

    expect(attempt).toMatchObject({ status: 302, error: 'http_status', location });
  });

  it('says so when a connection had to be made anew [NET-20]', async () => {
    expect(await attemptThatGets(answered(200, { reconnected: true }))).toMatchObject({ reconnected: true });
    expect(await attemptThatGets(answered(200))).not.toHaveProperty('reconnected');
  });
});
