import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { whyAddressRefused } from '../../lambdas/shared/domain/address.ts';
import { checkEndpointUrl } from '../../lambdas/shared/domain/endpoint-url.ts';

const PRODUCTION = { allowPrivateEndpoints: false, apiHost: 'abc123.execute-api.eu-west-1.amazonaws.com' };
const DEVELOPMENT = { allowPrivateEndpoints: true };

describe('checkEndpointUrl', () => {
  it.each([
    ['https://example.com/hook?a=b', 'https://example.com/hook?a=b'],
    ['HTTPS://Example.COM:443', 'https://example.com/'],
    ['https://example.com:8443/', 'https://example.com:8443/'],
    ['https://example.com./hook', 'https://example.com/hook'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
    ['https://ex%61mple%2ecom/', 'https://example.com/'],
    ['https://example.com/@user', 'https://example.com/@user'],
    ['https://example.com/?to=a@b.c', 'https://example.com/?to=a@b.c'],
    ['https://1.1.1.1/', 'https://1.1.1.1/'],
    ['https://[2606:4700:0::1111]/', 'https://[2606:4700::1111]/'],
    ['https://internal.example.com/', 'https://internal.example.com/'],
  ])('accepts %s and hands on its normal form', (raw, url) => {
    expect(checkEndpointUrl(raw, PRODUCTION)).toEqual({ ok: true, url });
  });

  it.each([
    'http://example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'javascript:alert(1)',
    'data:text/plain,x',
    'wss://example.com/',
    'blob:https://example.com/x',
    'example.com',
    '//example.com/',
    '',
    'https://',
  ])('refuses "%s": https URLs only', (raw) => {
    expect(checkEndpointUrl(raw, PRODUCTION)).toMatchObject({ ok: false });
  });

  it.each([
    'https://u:p@example.com/',
    'https://u@example.com/',
    'https://@example.com/',
    'https://:@example.com/',
    'https:/u@example.com/',
    'https:u@example.com/',
    'https://good\\@evil.example/',
    'https://example.com\\@evil.example',
  ])('refuses the user info in %s', (raw) => {
    expect(checkEndpointUrl(raw, PRODUCTION)).toMatchObject({ ok: false });
  });

  it.each(['80', '22', '8080', '9443', '25', '6379', '0', '65535'])('refuses port %s', (port) => {
    expect(checkEndpointUrl(`https://example.com:${port}/`, PRODUCTION)).toEqual({
      ok: false,
      reason: `port ${port} is not allowed; use 443 or 8443`,
    });
  });

  it.each([
    'localhost',
    'localhost.',
    'LOCALHOST',
    'a.localhost',
    'intranet',
    'intranet.',
    'printer.local',
    'printer.local.',
    'db.internal',
    'metadata.google.internal',
    'metadata.google.internal.',
    'METADATA.google.internal',
    '1.0.0.127.in-addr.arpa',
    'a..example.com',
    'example.com..',
    '.',
    `${'a'.repeat(64)}.example.com`,
    `${'a.'.repeat(127)}com`,
    'loc%61lhost',
    'ⓛocalhost',
    'printer.loc%61l',
    'db%2einternal',
    'db.ⓘnternal',
  ])('refuses the name %s', (host) => {
    expect(checkEndpointUrl(`https://${host}/`, PRODUCTION)).toMatchObject({ ok: false });
  });

  it.each([
    '127.0.0.1',
    '127.0.0.1.',
    '2130706433',
    '0x7f.1',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '0',
    '127.0.0.1',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    '%31%32%37.0.0.1',
    '10.0.0.1',
    '169.254.169.254',
    '0xa9fea9fe',
    '168.63.129.16',
    '100.100.100.200',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:a9fe:a9fe]',
    '[::ffff:8.8.8.8]',
    '[64:ff9b::a9fe:a9fe]',
    '[fd00:ec2::254]',
    '[fe80::1]',
    '[2002:7f00:1::]',
    '[2001:db8::1]',
    '256.1.1.1',
    '1.2.3.4.5',
  ])('refuses the address %s', (host) => {
    expect(checkEndpointUrl(`https://${host}/`, PRODUCTION)).toMatchObject({ ok: false });
  });

  it.each(['\n', '\t', '\r', '\0', '\u007f', '\u0085'])(
    'refuses the control character %j anywhere',
    (character) => {
      for (const raw of [
        `https://exa${character}mple.com/`,
        `https://example.com/${character}`,
        `${character}https://example.com/`,
      ]) {
        expect(checkEndpointUrl(raw, PRODUCTION)).toMatchObject({ ok: false });
      }
    },
  );

  it('refuses surrounding spaces instead of dropping them in silence', () => {
    expect(checkEndpointUrl(' https://example.com/', PRODUCTION)).toMatchObject({ ok: false });
    expect(checkEndpointUrl('https://example.com/ ', PRODUCTION)).toMatchObject({ ok: false });
  });

  it('accepts 2,048 characters and refuses more, as typed and as normalized', () => {
    const prefix = 'https://example.com/';
    const fitting = prefix + 'a'.repeat(2_048 - prefix.length);

    expect(checkEndpointUrl(fitting, PRODUCTION)).toEqual({ ok: true, url: fitting });
    expect(checkEndpointUrl(`${fitting}a`, PRODUCTION)).toMatchObject({ ok: false });
    expect(checkEndpointUrl(prefix + 'é'.repeat(1_000), PRODUCTION)).toMatchObject({ ok: false });
    expect(checkEndpointUrl(prefix + 'a/../'.repeat(1_000), PRODUCTION)).toMatchObject({ ok: false });
  });

  it.each([
    'https://abc123.execute-api.eu-west-1.amazonaws.com/v1/webhooks',
    'https://ABC123.execute-api.eu-west-1.amazonaws.com./',
    'https://abc123.execute-api.eu-west-1.amazonaws.com:8443/',
  ])('refuses the API itself: %s', (raw) => {
    expect(checkEndpointUrl(raw, PRODUCTION)).toMatchObject({ ok: false });
  });

  it.each(['API.operator.example', 'api.operator.example.', 'API.operator.example.:8443'])(
    'knows the API by its host as it comes: %s',
    (apiHost) => {
      const rules = { ...PRODUCTION, apiHost };

      expect(checkEndpointUrl('https://api.operator.example:8443/', rules)).toMatchObject({ ok: false });
    },
  );

  it('tells the API from its neighbours by the port when it has one', () => {
    const rules = { ...DEVELOPMENT, apiHost: 'localhost:3000' };

    expect(checkEndpointUrl('http://localhost:3000/', rules)).toMatchObject({ ok: false });
    expect(checkEndpointUrl('http://localhost:3001/', rules)).toMatchObject({ ok: true });
  });

  it.each([
    'http://localhost:3000/hook',
    'https://127.0.0.1:9/',
    'http://[::1]:8080/',
    'http://receiver/',
    'https://a.local/',
  ])('accepts %s when private endpoints are allowed', (raw) => {
    expect(checkEndpointUrl(raw, DEVELOPMENT)).toEqual({ ok: true, url: raw });
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://metadata.google.internal/',
    'http://[fd00:ec2::254]/',
    'http://[::ffff:169.254.169.254]/',
    'http://u:p@localhost/',
    'ftp://localhost/',
  ])('refuses %s even when private endpoints are allowed', (raw) => {
    expect(checkEndpointUrl(raw, DEVELOPMENT)).toMatchObject({ ok: false });
  });

  it('hands on nothing that it would refuse itself', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (raw) => {
        const checked = checkEndpointUrl(raw, PRODUCTION);
        fc.pre(checked.ok);

        expect(checkEndpointUrl(checked.url, PRODUCTION)).toEqual(checked);
      }),
    );
  });

  it('agrees with the address rules on every IPv4 address, however it is written', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.constantFrom('decimal', 'hex', 'dotted'), (value, form) => {
        const dotted = [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
        const host = { decimal: String(value), hex: `0x${value.toString(16)}`, dotted }[form];

        const refused = whyAddressRefused(dotted, PRODUCTION) !== undefined;

        expect(checkEndpointUrl(`https://${host}/`, PRODUCTION).ok).toBe(!refused);
      }),
    );
  });
});
