import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from '../../lambdas/shared/domain/message.ts';
import { attempt, message } from '../support/builders.ts';

/** The message of `message()` with other fields, as it is stored in a queue. */
function encodedWith(fields: Record<string, unknown>): string {
  return JSON.stringify({ ...JSON.parse(encodeMessage(message())), ...fields });
}

const SIGNED = { signedAt: 1, hex: 'a', standard: 'v1,a' };
const ATTEMPT = { number: 1, at: 1, durationMs: 1 };

describe('a field of a message', () => {
  it.each([
    ['url', ''],
    ['url', 1],
    ['attempt', 0],
    ['attempt', 1.5],
    ['attempt', '1'],
    ['delivery_id', 'wh_1'],
    ['webhook_id', 'dlv_1'],
    ['wanted_system_events', 'webhook.retry'],
    ['wanted_system_events', ['webhook.retry', 1]],
    ['wanted_system_events', {}],
    ['signed', null],
    ['signed', 'text'],
    ['signed', { ...SIGNED, signedAt: '1' }],
    ['signed', { ...SIGNED, hex: 1 }],
    ['signed', { ...SIGNED, standard: 1 }],
    ['history', {}],
    ['history', [null]],
    ['history', [ATTEMPT, { ...ATTEMPT, number: '1' }]],
    ['history', [{ ...ATTEMPT, at: '1' }]],
    ['history', [{ ...ATTEMPT, durationMs: '1' }]],
  ])('%s is refused when it is %j [FAULT-13]', (field, value) => {
    expect(decodeMessage(encodedWith({ [field]: value }))).toEqual({
      ok: false,
      why: 'unreadable',
      reason: `missing or invalid: ${field}`,
    });
  });

  it('that is optional and invalid is left out of a signature', () => {
    const decoded = decodeMessage(encodedWith({ signed: { ...SIGNED, previousHex: 1 } }));

    expect(decoded.ok && decoded.message.signed).toEqual(SIGNED);
  });

  it('that is optional and invalid is left out of an attempt', () => {
    const invalid = { status: '500', error: 'unknown', reason: 1, excerpt: 1, excerptCut: 'yes' };
    const decoded = decodeMessage(encodedWith({ history: [{ ...ATTEMPT, ...invalid }] }));

    expect(decoded.ok && decoded.message.history).toEqual([ATTEMPT]);
  });

  it('that is optional is kept in an attempt', () => {
    const full = attempt({ excerpt: 'sorry', excerptCut: true });
    const decoded = decodeMessage(encodedWith({ history: [full] }));

    expect(decoded.ok && decoded.message.history).toEqual([full]);
  });
});
