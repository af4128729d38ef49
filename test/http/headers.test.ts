import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { testDelivery } from '../../fixtures/delivery.ts';
import { whyHeadersRefused } from '../../lambdas/shared/domain/custom-headers.ts';
import { parseTraceparent } from '../../lambdas/shared/domain/traceparent.ts';
import { deliveryHeaders, VERSION } from '../../lambdas/shared/http/headers.ts';

const SIGNED = { signedAt: 1_640_995_200_999, hex: 'abc', standard: 'v1,def' };

const TRACEPARENT = parseTraceparent('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');

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

  it('adds custom headers after its own, and lets none of them replace one of the list [API-1]', () => {
    const message = testDelivery();
    const custom = [
      ['Authorization', 'Bearer 1'],
      ['content-TYPE', 'text/plain'],
      ['WEBHOOK-SIGNATURE', 'v1,forged'],
      ['Host', 'elsewhere.example'],
      ['Content-Length', '1'],
      ['connection', 'keep-alive'],
    ] as const;

    const own = deliveryHeaders(message, SIGNED, 1);

    expect(Object.entries(deliveryHeaders(message, SIGNED, 1, custom))).toEqual([
      ...Object.entries(own),
      ['Authorization', 'Bearer 1'],
    ]);
  });

  it('cannot be set by custom headers: the API refuses the name of each of them', () => {
    const signed = { ...SIGNED, previousHex: 'old' };
    const names = [
      ...Object.keys(deliveryHeaders(testDelivery({ kind: 'test' }), signed, 1, [], TRACEPARENT)),
      ...['tracestate', 'host', 'content-length', 'connection'],
    ];

    const accepted = names.filter((name) => whyHeadersRefused([[name, 'value']]).length === 0);

    expect(accepted).toEqual([]);
  });

  it('contains the version of the package', () => {
    const manifest: unknown = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    );

    expect(manifest).toMatchObject({ version: VERSION });
  });
});
