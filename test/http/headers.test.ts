import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { testDelivery } from '../../fixtures/delivery.ts';
import { deliveryHeaders, VERSION } from '../../lambdas/shared/http/headers.ts';

const SIGNED = { signedAt: 1_640_995_200_999, hex: 'abc', standard: 'v1,def' };

describe('deliveryHeaders', () => {
  it('returns exactly the headers of the allow-list [NET-8, API-1]', () => {
    const message = testDelivery();

    expect(deliveryHeaders(message, SIGNED, 2)).toEqual({
      'Content-Type': 'application/json',
      'User-Agent': `webhook-fanout/${VERSION}`,
      Accept: '*/*',
      'Accept-Encoding': 'identity',
      'X-Webhook-Event': 'file.uploaded',
      'X-Webhook-Timestamp': '1640995200',
      'X-Webhook-Signature': 'sha256=abc',
      'X-Webhook-Delivery': message.deliveryId,
      'X-Webhook-Attempt': '2',
      'webhook-id': 'evt_1',
      'webhook-timestamp': '1640995200',
      'webhook-signature': 'v1,def',
    });
  });

  it('adds the signature with the previous secret during a rotation', () => {
    const headers = deliveryHeaders(testDelivery(), { ...SIGNED, previousHex: 'old' }, 1);

    expect(headers['X-Webhook-Signature-Previous']).toBe('sha256=old');
  });

  it.each([
    ['test', 'true'],
    ['event', undefined],
    ['verification', undefined],
  ] as const)('sets X-Webhook-Test for a delivery of kind "%s" to %s', (kind, expected) => {
    expect(deliveryHeaders(testDelivery({ kind }), SIGNED, 1)['X-Webhook-Test']).toBe(expected);
  });

  it('contains the version of the package', () => {
    const manifest: unknown = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    );

    expect(manifest).toMatchObject({ version: VERSION });
  });
});
