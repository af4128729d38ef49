import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findAddresses } from '../../lambdas/shared/http/find-addresses.ts';
import { trackResources } from '../support/open-resources.ts';
import { type DnsPosting, startDnsPosting } from './support/dns-posting.ts';
import { READ_ALL } from './support/posting.ts';
import { testClock } from './support/test-clock.ts';

const METADATA_ADDRESS = '169.254.169.254';
const open = trackResources();
afterEach(open.closeAll);

let posting: DnsPosting;
beforeEach(async () => {
  posting = await startDnsPosting(open);
});

describe('an address in the URL', () => {
  it('is used without DNS [NET-1]', async () => {
    expect(await posting.post(posting.startPoster(), '127.0.0.1')).toMatchObject({
      kind: 'answered',
      status: 200,
    });
    expect(posting.dns.queries).toEqual([]);
  });
});

describe('an address that is not allowed', () => {
  it('behind a name is never connected to, and the reason does not contain it [NET-19]', async () => {
    posting.dns.set('evil.example', { addresses: ['127.0.0.1'] });
    const poster = posting.startPoster({ allowPrivateEndpoints: false });
    // Production allows two ports only: the refusal comes before any connection.
    const result = await poster.post({
      url: 'https://evil.example:8443/',
      headers: {},
      body: '{}',
      ...READ_ALL,
    });

    expect(result).toMatchObject({
      kind: 'failed',
      error: 'address_refused',
      reason: 'evil.example has an address that is not public: it is in the loopback interface',
    });
  });

  it.each([
    ['private first', ['10.0.0.1', '1.1.1.1']],
    ['public first', ['1.1.1.1', '10.0.0.1']],
    ['of the other family', ['1.1.1.1', 'fd00::1']],
    ['a mapped one', ['1.1.1.1', '0:0:0:0:0:ffff:7f00:1']],
  ])('causes the refusal of the whole DNS answer: %s [NET-2]', async (_what, addresses) => {
    // Without a connection: otherwise a failure of this test would connect to a host on the internet.
    const found = await findAddresses(
      'evil.example',
      { allowPrivateEndpoints: false },
      { resolve: async () => ({ ok: true, addresses }), hasIpv6: () => true },
    );

    expect(found).toMatchObject({ ok: false, failure: { error: 'address_refused' } });
  });

  it('causes the refusal of a mixed DNS answer before any connection is made [NET-2]', async () => {
    posting.dns.set('evil.test', { addresses: ['127.0.0.1', METADATA_ADDRESS] });

    expect(await posting.post(posting.startPoster(), 'evil.test')).toMatchObject({
      kind: 'failed',
      error: 'address_refused',
    });
    expect(posting.server.connections()).toBe(0);
  });

  it('is refused after DNS rebinding: every new connection is checked [NET-1]', async () => {
    posting.dns.set('evil.test', { addresses: ['127.0.0.1'], ttl: 0 });
    const clock = testClock();
    const poster = posting.startPoster({ clock });
    const before = await posting.post(poster, 'evil.test');
    posting.dns.set('evil.test', { addresses: [METADATA_ADDRESS], ttl: 0 });
    clock.advance(60_000);

    const after = await posting.post(poster, 'evil.test');

    expect(before).toMatchObject({ kind: 'answered' });
    expect(after).toMatchObject({ kind: 'failed', error: 'address_refused' });
    expect(posting.server.connections()).toBe(1);
  });

  it('is refused in the URL, too, without DNS [NET-1]', async () => {
    const poster = posting.startPoster({ allowPrivateEndpoints: false });
    const hosts = ['127.0.0.1', '2130706433', '[::1]', '[::ffff:127.0.0.1]', METADATA_ADDRESS];

    const posts = hosts.map((host) =>
      poster.post({ url: `https://${host}/`, headers: {}, body: '{}', ...READ_ALL }),
    );

    expect((await Promise.all(posts)).map((result) => 'error' in result && result.error)).toEqual(
      hosts.map(() => 'address_refused'),
    );
    expect(posting.dns.queries).toEqual([]);
  });

  it('is refused as a metadata service even when private endpoints are allowed [URL-8]', async () => {
    expect(await posting.post(posting.startPoster(), METADATA_ADDRESS)).toMatchObject({
      kind: 'failed',
      error: 'address_refused',
    });
  });
});

describe('a URL that is not allowed', () => {
  it.each([
    'http://example.com/',
    'https://u:p@example.com/',
    'https://example.com:22/',
    'https://api.example.com/',
    'https://hooks.example.com/',
    'nonsense',
  ])('is refused when a request is sent, as at registration: %s [URL-9]', async (url) => {
    const poster = posting.startPoster({
      allowPrivateEndpoints: false,
      apiHosts: ['api.example.com', 'hooks.example.com'],
    });

    expect(await poster.post({ url, headers: {}, body: '{}', ...READ_ALL })).toMatchObject({
      kind: 'failed',
      error: 'address_refused',
    });
    expect(posting.dns.queries).toEqual([]);
  });
});

describe('the URL of the canary on the host of the API', () => {
  const url = 'https://api.example.com/v1/canary';
  const options = { allowPrivateEndpoints: false, apiHosts: ['api.example.com'], canaryUrl: url };
  const post = async (request: { url: string; ofCanary?: boolean }): Promise<string[]> => {
    const before = posting.dns.queries.length;
    await posting.startPoster(options).post({ headers: {}, body: '{}', ...READ_ALL, ...request });
    return posting.dns.queries.slice(before).map(String);
  };

  it('is looked up for a delivery of the canary alone [URL-17]', async () => {
    expect(await post({ url })).toEqual([]);
    expect(await post({ url: 'https://api.example.com/v1/webhooks', ofCanary: true })).toEqual([]);
    expect(await post({ url, ofCanary: true })).not.toEqual([]);
  });
});

describe('localhost', () => {
  it('is the loopback address, without DNS, when private endpoints are allowed', async () => {
    expect(await posting.post(posting.startPoster(), 'localhost')).toMatchObject({
      kind: 'answered',
      status: 200,
    });
    expect(await posting.post(posting.startPoster(), 'app.localhost')).toMatchObject({
      kind: 'answered',
      status: 200,
    });
    expect(posting.dns.queries).toEqual([]);
  });

  it('is refused otherwise', async () => {
    const result = await posting.startPoster({ allowPrivateEndpoints: false }).post({
      url: 'https://localhost/',
      headers: {},
      body: '{}',
      ...READ_ALL,
    });

    expect(result).toMatchObject({ kind: 'failed', error: 'address_refused' });
  });
});
