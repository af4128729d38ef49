import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from '../../lambdas/shared/domain/message.ts';
import { attempt, deliveryId, message } from '../support/builders.ts';

/** The characters that SQS accepts in a message body. */
const SQS_TEXT = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd]*$/;

describe('a queue message', () => {
  it('preserves any body exactly, in characters that SQS accepts', () => {
    // The unit `binary` of fast-check creates a table of all code points, which takes a second.
    const unit = fc.nat(0x10ffff).map((code) => String.fromCodePoint(code));
    const body = fc.string({ unit, minLength: 1 });

    fc.assert(
      fc.property(body, (text) => {
        const encoded = encodeMessage(message({ body: text }));

        expect(encoded).toMatch(SQS_TEXT);
        expect(decodeMessage(encoded)).toEqual({ ok: true, message: message({ body: text }) });
      }),
    );
  });

  it.each(['😀', '\ud83d', '\uffff', '\u0000', '\u007f', '\u2028'])('preserves %j', (text) => {
    const decoded = decodeMessage(encodeMessage(message({ body: JSON.stringify({ text }) + text })));

    expect(decoded).toMatchObject({ ok: true, message: { body: JSON.stringify({ text }) + text } });
  });

  it('fits into one SQS message with the largest body, also when each character is escaped [API-12]', () => {
    const worst = [
      '😀'.repeat(65_536),
      'é'.repeat(131_072),
      '"'.repeat(262_144),
      '漢'.repeat(87_381),
      '\u007f'.repeat(262_144),
    ];

    for (const body of worst) {
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(262_144);
      expect(encodeMessage(message({ body })).length).toBeLessThan(1_048_576 - 16_384);
    }
  });

  it('contains its own body, not the one that was encoded before', () => {
    const bodies = ['a', 'b', 'b', 'a'];

    const decoded = bodies.map((body) => decodeMessage(encodeMessage(message({ body }))));

    expect(decoded.map((one) => one.ok && one.message.body)).toEqual(bodies);
  });

  it('preserves all fields', () => {
    const full = message({
      kind: 'test',
      attempt: 3,
      rerun: true,
      exhausted: true,
      resendOf: deliveryId('dlv_old'),
      after: 'token-2',
      startedAt: 5,
      history: [attempt(), attempt({ number: 2, excerpt: 'sorry', excerptCut: true })],
      subscribedSystemEvents: ['webhook.retry'],
      signed: { signedAt: 1, hex: 'a', previousHex: 'b', standard: 'v1,a v1,b' },
    });

    expect(decodeMessage(encodeMessage(full))).toEqual({ ok: true, message: full });
  });

  it.each([
    ['text that is not JSON', 'hello', 'the message is not JSON'],
    ['another JSON value', '[]', 'the message is not a JSON object'],
    ['without a version', '{}', 'the message has no version'],
    ['of a version that is no number', '{"v":"2"}', 'the message has no version'],
  ])('is unreadable when it is %s [FAULT-13]', (_, text, reason) => {
    expect(decodeMessage(text)).toEqual({ ok: false, why: 'unreadable', reason });
  });

  it.each([1, 3])('of version %i is reported as an unknown version [FAULT-14]', (version) => {
    const text = JSON.stringify({ ...JSON.parse(encodeMessage(message())), v: version });

    expect(decodeMessage(text)).toMatchObject({ ok: false, why: 'unknown_version' });
  });

  it('is unreadable when fields are missing or invalid, and the reason names all of them [FAULT-13]', () => {
    const json = JSON.parse(encodeMessage(message()));
    delete json.url;
    json.attempt = 'one';

    expect(decodeMessage(JSON.stringify(json))).toEqual({
      ok: false,
      why: 'unreadable',
      reason: 'missing or invalid: url, attempt',
    });
  });
});
