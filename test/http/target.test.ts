import { describe, expect, it } from 'vitest';
import { createTargetCheck } from '../../lambdas/shared/http/target.ts';

const PRIVATE = { allowPrivateEndpoints: true };

describe('the target of a URL', () => {
  it.each([
    [
      'https://Receiver.test/hook?a=1#b',
      {
        origin: 'https://receiver.test',
        secure: true,
        host: 'receiver.test',
        isAddress: false,
        port: 443,
        path: '/hook?a=1',
      },
    ],
    [
      'https://receiver.test:8443',
      {
        origin: 'https://receiver.test:8443',
        secure: true,
        host: 'receiver.test',
        isAddress: false,
        port: 8443,
        path: '/',
      },
    ],
    [
      'http://127.0.0.1/',
      { origin: 'http://127.0.0.1', secure: false, host: '127.0.0.1', isAddress: true, port: 80, path: '/' },
    ],
    [
      'http://[::1]:3000/',
      { origin: 'http://[::1]:3000', secure: false, host: '::1', isAddress: true, port: 3000, path: '/' },
    ],
  ])('%s', (url, target) => {
    expect(createTargetCheck(PRIVATE)(url)).toEqual({ ok: true, target });
  });

  it('is absent when the rules refuse the URL, with the reason', () => {
    expect(createTargetCheck({ allowPrivateEndpoints: false })('http://receiver.test/')).toEqual({
      ok: false,
      reason: expect.stringContaining('https'),
    });
  });

  it('is cached, for at most a thousand URLs', () => {
    const check = createTargetCheck(PRIVATE);
    const url = (n: number): string => `https://receiver.test/${n}`;

    const first = check(url(0));
    for (let n = 1; n < 1_000; n++) check(url(n));

    expect(check(url(0))).toBe(first);
    check(url(1_000));
    expect(check(url(0))).not.toBe(first);
    expect(check(url(0))).toEqual(first);
  });
});
