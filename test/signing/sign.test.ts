import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';

import { whySecretRefused } from '../../lambdas/shared/secrets/secret-format.ts';
import { generateSecret, sign } from '../../lambdas/shared/signing/sign.ts';

const BODY = '{"id":"evt_1","data":{"title":"Über 🚀"}}';
const PLAIN_SECRET = 'your_webhook_secret';

/** Verifies the plain scheme exactly as the published contract describes it. */
function verifyPlain(secret: string, timestamp: number, body: string, hex: string): boolean {
  return (
    createHmac('sha256', Buffer.from(secret, 'utf8')).update(`${timestamp}.${body}`, 'utf8').digest('hex') ===
    hex
  );
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}

function verifyStandard(
  secret: string,
  id: string,
  timestamp: number,
  body: string,
  signature: string,
): unknown {
  const isStandard = secret.startsWith('whsec_');
  const webhook = isStandard ? new Webhook(secret) : new Webhook(secret, { format: 'raw' });
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signature,
  };
  return webhook.verify(body, headers);
}

describe('sign', () => {
  it.each([
    ['generated', generateSecret()],
    ['plain', PLAIN_SECRET],
    ['with spaces', 'a secret with spaces'],
  ])('creates signatures that both kinds of receivers accept, with a secret: %s', (_kind, secret) => {
    const timestamp = nowSeconds();

    const signed = sign({ secrets: [secret], eventId: 'evt_1', signedAt: timestamp * 1000, body: BODY });

    expect(verifyPlain(secret, timestamp, BODY, signed.hex)).toBe(true);
    expect(verifyStandard(secret, 'evt_1', timestamp, BODY, signed.standard)).toEqual(JSON.parse(BODY));
    expect(signed).toEqual({ signedAt: timestamp * 1000, hex: signed.hex, standard: signed.standard });
  });

  it('uses the whole whsec_ string for one scheme and its decoded bytes for the other', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');

    const signed = sign({ secrets: [secret], eventId: 'evt_1', signedAt: 1_640_995_200_999, body: BODY });

    expect(signed).toEqual({
      signedAt: 1_640_995_200_999,
      hex: createHmac('sha256', secret).update(`1640995200.${BODY}`).digest('hex'),
      standard: `v1,${createHmac('sha256', key).update(`evt_1.1640995200.${BODY}`).digest('base64')}`,
    });
  });

  it('signs with every live secret during a rotation, newest first', () => {
    const [newest, previous] = [generateSecret(), PLAIN_SECRET];
    const timestamp = nowSeconds();

    const signed = sign({
      secrets: [newest, previous],
      eventId: 'evt_1',
      signedAt: timestamp * 1000,
      body: BODY,
    });

    const [first = '', second = ''] = signed.standard.split(' ');
    expect(verifyPlain(newest, timestamp, BODY, signed.hex)).toBe(true);
    expect(verifyPlain(previous, timestamp, BODY, signed.previousHex ?? '')).toBe(true);
    expect(verifyStandard(newest, 'evt_1', timestamp, BODY, first)).toEqual(JSON.parse(BODY));
    expect(verifyStandard(previous, 'evt_1', timestamp, BODY, second)).toEqual(JSON.parse(BODY));
    expect(verifyStandard(previous, 'evt_1', timestamp, BODY, signed.standard)).toEqual(JSON.parse(BODY));
  });

  it('throws without a secret, so that no request is sent unsigned', () => {
    expect(() => sign({ secrets: [], eventId: 'evt_1', signedAt: 1, body: BODY })).toThrow('no secret');
  });

  it('creates signatures that do not match another body, timestamp, id or secret [API-3]', () => {
    const timestamp = nowSeconds();
    const secrets = fc
      .string({ unit: 'grapheme-ascii', minLength: 16, maxLength: 40 })
      .filter((secret) => whySecretRefused(secret) === undefined);
    const change = fc.constantFrom('body', 'timestamp', 'id', 'secret');
    fc.assert(
      fc.property(secrets, fc.json(), change, fc.nat(), (secret, body, changed, position) => {
        const signed = sign({ secrets: [secret], eventId: 'evt_1', signedAt: timestamp * 1000, body });
        const original = { secret, id: 'evt_1', timestamp, body };
        const tampered = {
          secret: changed === 'secret' ? flipCharacter(secret, position) : secret,
          id: changed === 'id' ? 'evt_2' : 'evt_1',
          timestamp: changed === 'timestamp' ? timestamp + 1 : timestamp,
          body: changed === 'body' ? flipCharacter(body, position) : body,
        };

        const verify = (of: typeof original): unknown =>
          verifyStandard(of.secret, of.id, of.timestamp, of.body, signed.standard);

        expect(() => verify(original)).not.toThrow();
        expect(() => verify(tampered)).toThrow('No matching signature');
        // The plain scheme does not sign the id: receivers read it from the signed body.
        expect(verifyPlain(tampered.secret, tampered.timestamp, tampered.body, signed.hex)).toBe(
          changed === 'id',
        );
      }),
    );
  });
});

describe('generateSecret', () => {
  it('creates valid secrets, each of them only once', () => {
    const secrets = Array.from({ length: 50 }, generateSecret);

    expect(secrets.filter((secret) => whySecretRefused(secret) !== undefined)).toEqual([]);
    expect(new Set(secrets).size).toBe(50);
    expect(Buffer.from(secrets[0]?.slice('whsec_'.length) ?? '', 'base64')).toHaveLength(32);
  });
});

function flipCharacter(text: string, position: number): string {
  const at = position % text.length;
  const flipped = text[at] === 'x' ? 'y' : 'x';
  return text.slice(0, at) + flipped + text.slice(at + 1);
}
