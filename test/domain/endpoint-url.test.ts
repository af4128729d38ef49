import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whyAddressRefused } from '../../lambdas/shared/domain/address.ts';
import { checkEndpointUrl } from '../../lambdas/shared/domain/endpoint-url.ts';

const PRODUCTION = { allowPrivateEndpoints: false, apiHosts: ['abc123.execute-api.eu-west-1.amazonaws.com'] };
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
  ])('accepts %s and returns its normal form [URL-4, URL-11]', (raw, url) => {
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
  ])('refuses "%s": https URLs only [URL-1]', (raw) => {
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
  ])('refuses the user info in %s [URL-2]', (raw) => {
    expect(checkEndpointUrl(raw, PRODUCTION)).toMatchObject({ ok: false });
  });

  it.each(['80', '22', '8080', '9443', '25', '6379', '0', '65535'])('refuses port %s [URL-3]', (port) => {
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
  ])('refuses the name %s [URL-4, URL-11]', (host) => {
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
  ])('refuses the address %s [URL-5]', (host) => {
    expect(checkEndpointUrl(`https://${host}/`, PRODUCTION)).toMatchObject({ ok: false });
  });

  it.each(['\n', '\t', '\r', '\0', '\u007f', '\u0085'])(
    'refuses the control character %j anywhere [URL-10]',
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

  it('refuses surrounding spaces instead of removing them [URL-10]', () => {
    expect(checkEndpointUrl(' https://example.com/', PRODUCTION)).toMatchObject({ ok: false });
    expect(checkEndpointUrl('https://example.com/ ', PRODUCTION)).toMatchObject({ ok: false });
  });

  it('accepts 2,048 characters and refuses more, as typed and as normalized [URL-13]', () => {
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
  ])('refuses the API itself: %s [URL-9]', (raw) => {
    expect(checkEndpointUrl(raw, PRODUCTION)).toMatchObject({ ok: false });
  });

  it.each(['API.operator.example', 'api.operator.example.', 'API.operator.example.:8443'])(
    'recognises the API by its host in any form: %s [URL-9]',
    (apiHost) => {
      const rules = { ...PRODUCTION, apiHosts: ['abc123.execute-api.eu-west-1.amazonaws.com', apiHost] };

      expect(checkEndpointUrl('https://api.operator.example:8443/', rules)).toMatchObject({ ok: false });
    },
  );

  const API_HOST = PRODUCTION.apiHosts[0];
  const CANARY_URL = `https://${API_HOST}/v1/canary`;

  it('allows the URL of the canary on the host of the API where it is given, in every form [URL-17]', () => {
    const rules = { ...PRODUCTION, canaryUrl: CANARY_URL };

    expect(checkEndpointUrl(CANARY_URL, rules)).toEqual({ ok: true, url: CANARY_URL });
    expect(checkEndpointUrl(CANARY_URL.toUpperCase().replace('/V1/CANARY', '/v1/canary'), rules)).toEqual({
      ok: true,
      url: CANARY_URL,
    });
    expect(checkEndpointUrl(CANARY_URL, PRODUCTION)).toMatchObject({ ok: false });
  });

  it.each([
    '/',
    '/v1/webhooks',
    '/v1/canary/',
    '/v1/canary?x',
    '/v1/canary#',
    '/v1/CANARY',
    '/v1/%63anary',
    ':8443/v1/canary',
  ])('refuses every other URL of the API beside the canary: %s [URL-17]', (rest) => {
    const rules = { ...PRODUCTION, canaryUrl: CANARY_URL };

    expect(checkEndpointUrl(`https://${API_HOST}${rest}`, rules)).toMatchObject({ ok: false });
  });

  it.each([
    ['http', 'http://api.example.com/v1/canary', 'api.example.com'],
    ['another port', 'https://api.example.com:22/v1/canary', 'api.example.com:22'],
    ['a private address', 'https://10.0.0.1/v1/canary', '10.0.0.1'],
  ])('does not exempt the URL of the canary from other rules: %s [URL-17]', (_, canaryUrl, apiHost) => {
    const rules = { allowPrivateEndpoints: false, apiHosts: [apiHost], canaryUrl };

    expect(checkEndpointUrl(canaryUrl, rules)).toMatchObject({ ok: false });
  });

  it('distinguishes the API from other hosts by its port when it has one', () => {
    const rules = { ...DEVELOPMENT, apiHosts: ['localhost:3000'] };

    expect(checkEndpointUrl('http://localhost:3000/', rules)).toMatchObject({ ok: false });
    expect(checkEndpointUrl('http://localhost:3001/', rules)).toMatchObject({ ok: true });
  });

  it.each([
    'http://localhost:3000/hook',
    'https://127.0.0.1:9/',
    'http://[::1]:8080/',
    'http://receiver/',
    'https://a.local/',
  ])('accepts %s when private endpoints are allowed [URL-1]', (raw) => {
    expect(checkEndpointUrl(raw, DEVELOPMENT)).toEqual({ ok: true, url: raw });
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://metadata.google.internal/',
    'http://[fd00:ec2::254]/',
    'http://[::ffff:169.254.169.254]/',
    'http://u:p@localhost/',
    'ftp://localhost/',
  ])('refuses %s even when private endpoints are allowed [URL-8]', (raw) => {
    expect(checkEndpointUrl(raw, DEVELOPMENT)).toMatchObject({ ok: false });
  });

  it.each([
    ['a zero width space', '\u200b', 'U+200B'],
    ['a soft hyphen', '\u00ad', 'U+00AD'],
    ['a byte order mark', '\ufeff', 'U+FEFF'],
    ['a direction mark', '\u202e', 'U+202E'],
    ['a word joiner', '\u2060', 'U+2060'],
    ['a zero width joiner', '\u200d', 'U+200D'],
    ['an invisible tag', '\u{e0041}', 'U+E0041'],
    ['a variation selector', '\ufe0f', 'U+FE0F'],
    ['a filler that looks like a space', '\u3164', 'U+3164'],
    ['a no-break space', '\u00a0', 'U+00A0'],
    ['an ideographic space', '\u3000', 'U+3000'],
    ['a line separator', '\u2028', 'U+2028'],
    ['half of a surrogate pair', '\ud800', 'U+D800'],
  ])('refuses %s anywhere and names it [URL-10]', (_name, character, codePoint) => {
    const urls = [
      `https://exam${character}ple.com/`,
      `https://example.com/a${character}b`,
      `https://example.com/?a=b${character}`,
      `https://example.com/#${character}`,
      `${character}https://example.com/`,
      `https://example.com/${character}`,
    ];

    for (const raw of urls) {
      for (const rules of [PRODUCTION, DEVELOPMENT]) {
        expect(checkEndpointUrl(raw, rules)).toEqual({
          ok: false,
          reason: expect.stringContaining(`invisible character ${codePoint}`),
        });
      }
    }
  });

  it('refuses an invisible character in the host also when it is percent-encoded [URL-10]', () => {
    for (const escaped of ['%E2%80%8B', '%C2%AD', '%EF%BB%BF', '%F3%A0%81%81']) {
      expect(checkEndpointUrl(`https://exam${escaped}ple.com/`, PRODUCTION)).toMatchObject({
        ok: false,
        reason: expect.stringContaining('invisible character'),
      });
    }
  });

  it('accepts an invisible character in path and query when it is percent-encoded, and keeps it', () => {
    const url = 'https://example.com/%E2%80%8B?%C2%AD=1';

    expect(checkEndpointUrl(url, PRODUCTION)).toEqual({ ok: true, url });
  });

  it('never removes any character of the host without an error [URL-10]', () => {
    const dropped: string[] = [];
    for (let code = 0; code <= 0xe0fff; code++) {
      // Unicode assigns no character from here to plane 14. After that, only private use follows.
      if (code === 0x40000) code = 0xe0000;
      const raw = `https://exam${String.fromCodePoint(code)}ple.com/`;
      if (URL.parse(raw)?.hostname !== 'example.com') continue;
      if (checkEndpointUrl(raw, PRODUCTION).ok) dropped.push(code.toString(16));
    }

    expect(dropped).toEqual([]);
  });

  it.each([
    ['a"b.example.com', '"\\""'],
    ["a'b.example.com", '"\'"'],
    ['a;b.example.com', '";"'],
    ['a,b.example.com', '","'],
    ['a!b.example.com', '"!"'],
    ['a$b.example.com', '"$"'],
    ['a&b.example.com', '"&"'],
    ['a(b).example.com', '"("'],
    ['*.example.com', '"*"'],
    ['a+b.example.com', '"+"'],
    ['a=b.example.com', '"="'],
    ['a~b.example.com', '"~"'],
    ['a`b.example.com', '"`"'],
    ['a{b}.example.com', '"{"'],
    ['a%22b.example.com', '"\\""'],
    ['example.com%3B', '";"'],
  ])('refuses the host %s, which has a character that no host name has [URL-12]', (host, character) => {
    for (const rules of [PRODUCTION, DEVELOPMENT]) {
      expect(checkEndpointUrl(`https://${host}/`, rules)).toEqual({
        ok: false,
        reason: expect.stringMatching(/is not a valid host name: it contains /),
      });
    }
    expect(checkEndpointUrl(`https://${host}/`, PRODUCTION)).toMatchObject({
      reason: expect.stringContaining(`it contains ${character}`),
    });
  });

  it('accepts of all ASCII characters in a label only those that host names have [URL-12]', () => {
    const accepted = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
      // These end the label, or are part of the notation of a URL.
      .filter((character) => !'./?#:@[]\\%'.includes(character))
      .filter((character) => checkEndpointUrl(`https://a${character}b.example.com/`, PRODUCTION).ok);

    expect(accepted.join('')).toBe('-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz');
  });

  it.each([
    '-a.example.com',
    'a-.example.com',
    'a.-example.com',
    'example.-com',
    'xn--abc-.example.com',
    '-.example.com',
  ])('refuses %s: a label begins or ends with a hyphen [URL-12]', (host) => {
    expect(checkEndpointUrl(`https://${host}/`, PRODUCTION)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('begins or ends with a hyphen'),
    });
  });

  it.each([
    'xn--a.example.com',
    'xn--0.example.com',
    'xn--zzzzzz.example.com',
    'xn--bcher-kvb.example.com',
    // They decode to "ab" with a joiner, to a capital letter, to a fullwidth letter.
    'xn--ab-n1t.example.com',
    'xn--bcher-2pa.example.com',
    'xn--a-zq0i.example.com',
    'example.xn--u-ccb',
    'XN--ZZZZZZ.example.com',
    'xn%2d%2dzzzzzz.example.com',
  ])('refuses %s: invalid Punycode [URL-12]', (host) => {
    expect(checkEndpointUrl(`https://${host}/`, PRODUCTION)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('is not valid Punycode'),
    });
  });

  it('refuses the Punycode of every text whose own form is another one [URL-12]', () => {
    const letter = fc.integer({ min: 0x80, max: 0x1ffff }).filter((code) => code < 0xd800 || code > 0xdfff);
    const start = fc.stringMatching(/^[a-z]{1,5}$/);

    fc.assert(
      fc.property(start, letter, (ascii, code) => {
        const label = `xn--${punycodeOf(ascii, code)}`;
        const isOwnForm = domainToASCII(ascii + String.fromCodePoint(code)) === label;

        const { ok } = checkEndpointUrl(`https://${label}.example.com/`, PRODUCTION);

        expect(ok).toBe(isOwnForm);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    'my_service.example.com',
    '_acme.example.com',
    'r3---sn-abc.example.com',
    'a--b.example.com',
    '1.example.com',
    'xn--bcher-kva.example.com',
    'xn--mgba3gch31f060k.example.com',
    'xn--i-7iq.example.com',
    'xn--fiqs8s.example.com',
    'example.xn--p1ai',
  ])('accepts the name %s [URL-12]', (host) => {
    expect(checkEndpointUrl(`https://${host}/`, PRODUCTION)).toEqual({ ok: true, url: `https://${host}/` });
  });

  it('accepts the URLs that it returns, unchanged [URL-5]', () => {
    // `fc.webUrl` creates a table of all code points, which takes a second.
    const text = fc.string({ unit: 'grapheme-ascii' });

    fc.assert(
      fc.property(fc.webAuthority(), text, text, text, (host, path, query, fragment) => {
        const raw = `https://${host}/${path}?${query}#${fragment}`;
        const checked = checkEndpointUrl(raw, PRODUCTION);
        fc.pre(checked.ok);

        expect(checkEndpointUrl(checked.url, PRODUCTION)).toEqual(checked);
      }),
    );
  });

  it('agrees with the address rules on every IPv4 address in any notation [URL-5]', () => {
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

const PUNYCODE_DIGITS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Punycode of ASCII letters with one other character after them; https://www.rfc-editor.org/rfc/rfc3492. */
function punycodeOf(ascii: string, code: number): string {
  let rest = (code - 128) * (ascii.length + 1) + ascii.length;
  let text = `${ascii}-`;
  for (let k = 36; ; k += 36) {
    const threshold = Math.min(26, Math.max(1, k - 72));
    if (rest < threshold) return text + PUNYCODE_DIGITS.charAt(rest);
    text += PUNYCODE_DIGITS.charAt(threshold + ((rest - threshold) % (36 - threshold)));
    rest = Math.floor((rest - threshold) / (36 - threshold));
  }
}
