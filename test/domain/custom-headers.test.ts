import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEADER_VALUE_MASK, whyHeadersRefused } from '../../lambdas/shared/domain/custom-headers.ts';

describe('custom headers', () => {
  it.each([
    ['a credential', 'Authorization', 'Bearer abc.def'],
    ['a key', 'X-Api-Key', '!'],
    ['a name of one character', 'a', 'b'],
    ['every character that a token may have', "!#$%&'*+-.^_`|~09azAZ", 'x'],
    ['a name of 64 characters', 'x'.repeat(64), 'x'],
    ['a value of 1,024 characters', 'X-Long', 'x'.repeat(1_024)],
    ['spaces inside of a value', 'X-Text', 'a  b'],
  ])('may have %s', (_, name, value) => {
    expect(whyHeadersRefused([[name, value]])).toEqual([]);
  });

  it.each([
    ['', 'x'],
    ['x'.repeat(65), 'x'],
    ['X Y', 'x'],
    ['X:Y', 'x'],
    ['X-Ü', 'x'],
    ['X\r\nY', 'x'],
    ['__proto__', 'x'],
    ['X-Empty', ''],
    ['X-Long', 'x'.repeat(1_025)],
    ['X-Split', 'a\r\nX-Other: b'],
    ['X-Null', 'a\u0000b'],
    ['X-Tab', 'a\tb'],
    ['X-Latin', 'é'],
    ['X-Lead', ' a'],
    ['X-Trail', 'a '],
    ['X-Space', ' '],
    ['X-Mask', HEADER_VALUE_MASK],
  ])('refuse the name %j with the value %j [API-32]', (name, value) => {
    expect(whyHeadersRefused([[name, value]])).toEqual([{ name, reason: expect.any(String) }]);
  });

  it.each([
    ...['Host', 'content-length', 'Content-Encoding', 'CONTENT-TYPE', 'Transfer-Encoding', 'TE', 'Trailer'],
    ...['Connection', 'Keep-Alive', 'Proxy-Authorization', 'Proxy-Connection', 'Upgrade', 'Expect'],
    ...['HTTP2-Settings', 'User-Agent', 'Accept', 'Accept-Encoding', 'Cookie', 'Set-Cookie'],
    ...['Forwarded', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Real-IP', 'Via', 'X-HTTP-Method-Override'],
    ...['webhook-id', 'Webhook-Signature', 'webhook-other', 'X-Webhook-Signature', 'x-webhook-anything'],
  ])('cannot be named %s [API-32]', (name) => {
    expect(whyHeadersRefused([[name, 'x']])).toMatchObject([{ reason: expect.stringContaining('reserved') }]);
  });

  it('refuse a name that differs from another in upper and lower case only [API-32]', () => {
    expect(
      whyHeadersRefused([
        ['X-Key', 'a'],
        ['x-KEY', 'b'],
      ]),
    ).toMatchObject([{ name: 'x-KEY', reason: expect.stringContaining('twice') }]);
  });

  it('are at most ten, with at most 4,096 characters', () => {
    const many = (count: number, length: number) =>
      Array.from({ length: count }, (_, n) => [`X-${n}`, 'v'.repeat(length)] as const);

    expect(whyHeadersRefused(many(10, 1))).toEqual([]);
    expect(whyHeadersRefused(many(11, 1))).toMatchObject([{ reason: expect.stringContaining('11 headers') }]);
    expect(whyHeadersRefused(many(4, 1_021))).toEqual([]);
    expect(whyHeadersRefused(many(4, 1_022))).toMatchObject([{ reason: expect.stringContaining('4096') }]);
  });

  it('are sent as they are whenever they are accepted: no name or value can end a line', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 8 }),
        fc.string({ unit: 'binary' }),
        (name, value) => {
          if (whyHeadersRefused([[name, value]]).length > 0) return;
          const [[sentName, sentValue] = []] = [...new Headers([[name, value]])];
          expect([sentName, sentValue]).toEqual([name.toLowerCase(), value]);
          expect(/[\r\n\0]/.test(name + value)).toBe(false);
        },
      ),
    );
  });

  it('are refused with reasons that quote no value', () => {
    const reasons = whyHeadersRefused([['X-Secret', 'topsecret-é']]).map(({ reason }) => reason);

    expect(reasons.join()).not.toContain('topsecret');
  });
});
