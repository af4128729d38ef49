import { Resolver } from 'node:dns/promises';
import type { NetworkInterfaceInfo } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { issueCertificate } from '../../fixtures/certificates.ts';
import { httpAnswer, type RawServer, startRawServer } from '../../fixtures/raw-server.ts';
import { findAddresses, hasIpv6Address } from '../../lambdas/shared/http/find-addresses.ts';
import { createPoster, type Poster, type PostResult } from '../../lambdas/shared/http/post.ts';
import { type DnsServer, startDnsServer } from '../support/dns-server.ts';
import { trackResources } from '../support/open-resources.ts';
import { eventually, READ_ALL } from './support/posting.ts';
import { testClock } from './support/test-clock.ts';

const METADATA_ADDRESS = '169.254.169.254';
const open = trackResources();
afterEach(open.closeAll);

let dns: DnsServer;
let server: RawServer;
beforeEach(async () => {
  dns = open.add(await startDnsServer());
  server = open.add(await startRawServer((socket) => socket.write(httpAnswer(200))));
});

function testResolver(timeout = 10_000): Resolver {
  const resolver = new Resolver({ timeout, tries: 1 });
  resolver.setServers([dns.address]);
  return resolver;
}

function startPoster(options: Partial<Parameters<typeof createPoster>[0]> = {}): Poster {
  const defaults = { allowPrivateEndpoints: true, resolver: testResolver(), deadlineMs: 300_000 };
  return open.add(createPoster({ ...defaults, ...options }));
}

function post(poster: Poster, host: string): Promise<PostResult> {
  return poster.post({ url: `http://${host}:${server.port}/`, headers: {}, body: '{}', ...READ_ALL });
}

describe('a host name', () => {
  it('is resolved once, and the Host header keeps it [NET-1]', async () => {
    dns.set('receiver.test', { addresses: ['127.0.0.1'] });

    const result = await post(startPoster(), 'receiver.test');

    expect(result).toMatchObject({ kind: 'answered', status: 200 });
    expect(server.received()).toContain(`host: receiver.test:${server.port}\r\n`);
    expect(dns.queries.toSorted()).toEqual(['A receiver.test', 'AAAA receiver.test']);
  });

  it('is what the certificate must be for, whatever its address [NET-1]', async () => {
    dns.set('receiver.test', { addresses: ['127.0.0.1'] });
    dns.set('other.test', { addresses: ['127.0.0.1'] });
    const authority = issueCertificate({ name: 'Test Authority', authority: true });
    const certificate = issueCertificate({ name: 'receiver', hosts: ['receiver.test'], issuer: authority });
    const secure = open.add(await startRawServer((socket) => socket.write(httpAnswer(200)), certificate));
    const poster = startPoster({ tls: { ca: authority.cert } });
    const postSecure = (host: string): Promise<PostResult> =>
      poster.post({ url: `https://${host}:${secure.port}/`, headers: {}, body: '{}', ...READ_ALL });

    const results = [await postSecure('receiver.test'), await postSecure('other.test')];

    expect(results).toMatchObject([{ kind: 'answered' }, { kind: 'failed', error: 'tls_error' }]);
  });

  it('with an address first that does not accept is reached at the next one', async () => {
    dns.set('receiver.test', { addresses: ['127.0.0.2', '127.0.0.1', '::1'] });

    expect(await post(startPoster(), 'receiver.test')).toMatchObject({ kind: 'answered', status: 200 });
  });

  it('with many addresses is tried at a few of them only [NET-3]', async () => {
    const dead = Array.from({ length: 20 }, (_, n) => `127.0.0.${n + 2}`);
    dns.set('receiver.test', { addresses: [...dead, '127.0.0.1'] });

    const result = await post(startPoster(), 'receiver.test');

    expect(result).toMatchObject({ kind: 'failed', error: 'connection_error' });
    expect(server.connections()).toBe(0);
  });

  it('with many addresses is refused for any of them, also one that would not be tried [NET-3]', async () => {
    const many = Array.from({ length: 20 }, (_, n) => `127.0.0.${n + 2}`);
    dns.set('receiver.test', { addresses: [...many, METADATA_ADDRESS] });

    expect(await post(startPoster(), 'receiver.test')).toMatchObject({ error: 'address_refused' });
  });

  it.each([
    ['does not exist', 'NXDOMAIN', 'the host name gone.test does not exist'],
    ['has no address', { addresses: [] }, 'the host name gone.test has no address'],
    ['cannot be resolved', 'SERVFAIL', 'the host name gone.test could not be resolved (ESERVFAIL)'],
    ['is never answered for', 'DROP', 'the DNS servers of gone.test did not answer in time'],
  ] as const)('that %s fails the attempt as dns_error [NET-18]', async (_what, answer, reason) => {
    dns.set('gone.test', answer);
    const resolver = testResolver(answer === 'DROP' ? 100 : undefined);

    expect(await post(startPoster({ resolver }), 'gone.test')).toMatchObject({
      kind: 'failed',
      error: 'dns_error',
      reason,
    });
  });

  it('whose servers never answer does not delay the others [FAULT-32]', async () => {
    dns.set('receiver.test', { addresses: ['127.0.0.1'], ttl: 0 });
    for (let i = 0; i < 50; i++) dns.set(`tarpit-${i}.test`, 'DROP');
    const resolver = new Resolver({ timeout: 300_000, tries: 1 });
    resolver.setServers([dns.address]);
    const poster = startPoster({ resolver });
    let ended = 0;

    const stuck = Array.from({ length: 50 }, (_, i) => post(poster, `tarpit-${i}.test`));
    for (const each of stuck) void each.then(() => ended++);
    const result = await post(poster, 'receiver.test');

    expect(result).toMatchObject({ kind: 'answered', status: 200 });
    expect(ended).toBe(0);
    await poster.close();
    expect(new Set((await Promise.all(stuck)).map(({ kind }) => kind))).toEqual(new Set(['failed']));
  });

  it('that hangs is a timeout at the deadline [NET-6]', async () => {
    dns.set('tarpit.test', 'DROP');
    const resolver = new Resolver({ timeout: 5_000, tries: 1 });
    resolver.setServers([dns.address]);

    const result = await post(startPoster({ resolver, deadlineMs: 100 }), 'tarpit.test');

    expect(result).toMatchObject({
      error: 'timeout',
      reason: expect.stringContaining('resolving the host name'),
    });
    resolver.cancel();
  });
});

describe('a DNS query', () => {
  function patientResolver(options: { timeout: number; tries: number }): Resolver {
    const resolver = new Resolver(options);
    resolver.setServers([dns.address]);
    return resolver;
  }

  it('that no request waits for any more ends with the batch', async () => {
    dns.set('tarpit.test', 'DROP');
    const resolver = patientResolver({ timeout: 60_000, tries: 1 });
    const queries = [vi.spyOn(resolver, 'resolve4'), vi.spyOn(resolver, 'resolve6')];
    const poster = startPoster({ resolver, deadlineMs: 100 });
    await post(poster, 'tarpit.test');

    poster.endBatch();

    for (const query of queries) {
      await expect(query.mock.results[0]?.value).rejects.toMatchObject({ code: 'ECANCELLED' });
    }
  });

  it('that a request waits for goes on at the end of a batch', async () => {
    dns.set('receiver.test', 'DROP');
    const poster = startPoster({ resolver: patientResolver({ timeout: 300, tries: 10 }) });
    const result = post(poster, 'receiver.test');
    await eventually(() => dns.queries.length).toBe(2);

    poster.endBatch();
    dns.set('receiver.test', { addresses: ['127.0.0.1'] });

    expect(await result).toMatchObject({ kind: 'answered', status: 200 });
  });
});

const loopback6 = networkAddress('::1', { internal: true });
const linkLocal6 = networkAddress('fe80::1', { scopeid: 2 });
const global6 = networkAddress('2600:1f18::1');
const ipv4: NetworkInterfaceInfo = {
  address: '169.254.76.1',
  netmask: '255.255.254.0',
  family: 'IPv4',
  mac: '00:00:00:00:00:00',
  internal: false,
  cidr: null,
};

function networkAddress(
  address: string,
  other: { internal?: boolean; scopeid?: number } = {},
): NetworkInterfaceInfo {
  const info = { netmask: 'ffff::', family: 'IPv6', mac: '00:00:00:00:00:00', cidr: null } as const;
  return { address, internal: false, scopeid: 0, ...info, ...other };
}

describe('an endpoint with IPv6 addresses, where this environment has none', () => {
  const withoutIpv6 = (): Poster => startPoster({ hasIpv6: () => false });
  const ONLY_IPV6 = { A: { addresses: [] }, AAAA: { addresses: ['fd00::1'] } };

  it('and no others fails with a reason that says what to do [NET-16]', async () => {
    dns.set('receiver.test', ONLY_IPV6);

    expect(await post(withoutIpv6(), 'receiver.test')).toMatchObject({
      kind: 'failed',
      error: 'connection_error',
      reason:
        'receiver.test has only IPv6 addresses, and this deployment reaches IPv4 only; publish an A record',
    });
  });

  it('in its URL fails with a reason that says what to do', async () => {
    expect(await post(withoutIpv6(), '[fd00::1]')).toMatchObject({
      kind: 'failed',
      error: 'connection_error',
      reason:
        'fd00::1 is an IPv6 address, and this deployment reaches IPv4 only; use a host name with an A record',
    });
  });

  it('and IPv4 addresses is reached by IPv4 [NET-16]', async () => {
    dns.set('receiver.test', { addresses: ['127.0.0.1', 'fd00::1'] });

    expect(await post(withoutIpv6(), 'receiver.test')).toMatchObject({ kind: 'answered', status: 200 });
  });

  it('fails as dns_error when its IPv4 addresses could not be looked up, and is looked up again', async () => {
    dns.set('receiver.test', { ...ONLY_IPV6, A: 'SERVFAIL' });
    const poster = withoutIpv6();

    expect(await post(poster, 'receiver.test')).toMatchObject({
      error: 'dns_error',
      reason: 'the host name receiver.test could not be resolved (ESERVFAIL)',
    });
    dns.set('receiver.test', { addresses: ['127.0.0.1', 'fd00::1'] });

    expect(await post(poster, 'receiver.test')).toMatchObject({ kind: 'answered', status: 200 });
  });

  it('is refused when one of them is not allowed, though it is never used', async () => {
    dns.set('receiver.test', { addresses: ['127.0.0.1', 'fd00:ec2::254'] });

    expect(await post(withoutIpv6(), 'receiver.test')).toMatchObject({ error: 'address_refused' });
  });

  it('is reached by ::1, which is this machine', async () => {
    const sources = { resolve: () => Promise.reject(new Error('not needed')), hasIpv6: () => false };

    expect(await findAddresses('::1', { allowPrivateEndpoints: true }, sources)).toEqual({
      ok: true,
      addresses: ['::1'],
    });
  });

  it.each([
    ['no address but its own', { lo: [loopback6] }, false],
    ['an address of its link only', { lo: [loopback6], eth0: [linkLocal6] }, false],
    ['IPv4 only', { eth0: [ipv4] }, false],
    ['a global address', { lo: [loopback6], eth0: [ipv4, linkLocal6, global6] }, true],
  ])('is told by the network interfaces: %s', (_what, interfaces, expected) => {
    expect(hasIpv6Address(interfaces)).toBe(expected);
  });
});

describe('an address in the URL', () => {
  it('is used without DNS [NET-1]', async () => {
    expect(await post(startPoster(), '127.0.0.1')).toMatchObject({ kind: 'answered', status: 200 });
    expect(dns.queries).toEqual([]);
  });
});

describe('an address that is not allowed', () => {
  it('behind a name is never connected to, and the reason does not show it [NET-19]', async () => {
    dns.set('evil.example', { addresses: ['127.0.0.1'] });
    const poster = startPoster({ allowPrivateEndpoints: false });
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
  ])('refuses the whole answer that it is mixed into: %s [NET-2]', async (_what, addresses) => {
    // Without a connection: if this test failed, it would go to a foreign host.
    const found = await findAddresses(
      'evil.example',
      { allowPrivateEndpoints: false },
      { resolve: async () => ({ ok: true, addresses }), hasIpv6: () => true },
    );

    expect(found).toMatchObject({ ok: false, failure: { error: 'address_refused' } });
  });

  it('refuses a mixed answer before any connection is made [NET-2]', async () => {
    dns.set('evil.test', { addresses: ['127.0.0.1', METADATA_ADDRESS] });

    expect(await post(startPoster(), 'evil.test')).toMatchObject({
      kind: 'failed',
      error: 'address_refused',
    });
    expect(server.connections()).toBe(0);
  });

  it('is refused after DNS rebinding: every new connection is checked [NET-1]', async () => {
    dns.set('evil.test', { addresses: ['127.0.0.1'], ttl: 0 });
    const clock = testClock();
    const poster = startPoster({ clock });
    const before = await post(poster, 'evil.test');
    dns.set('evil.test', { addresses: [METADATA_ADDRESS], ttl: 0 });
    clock.advance(60_000);

    const after = await post(poster, 'evil.test');

    expect(before).toMatchObject({ kind: 'answered' });
    expect(after).toMatchObject({ kind: 'failed', error: 'address_refused' });
    expect(server.connections()).toBe(1);
  });

  it('is refused as a literal too, without DNS [NET-1]', async () => {
    const poster = startPoster({ allowPrivateEndpoints: false });
    const hosts = ['127.0.0.1', '2130706433', '[::1]', '[::ffff:127.0.0.1]', METADATA_ADDRESS];

    const posts = hosts.map((host) =>
      poster.post({ url: `https://${host}/`, headers: {}, body: '{}', ...READ_ALL }),
    );

    expect((await Promise.all(posts)).map((result) => 'error' in result && result.error)).toEqual(
      hosts.map(() => 'address_refused'),
    );
    expect(dns.queries).toEqual([]);
  });

  it('is refused as a metadata service even when private endpoints are allowed [URL-8]', async () => {
    expect(await post(startPoster(), METADATA_ADDRESS)).toMatchObject({
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
    'nonsense',
  ])('is refused at send as at registration: %s [URL-9]', async (url) => {
    const poster = startPoster({ allowPrivateEndpoints: false, apiHost: 'api.example.com' });

    expect(await poster.post({ url, headers: {}, body: '{}', ...READ_ALL })).toMatchObject({
      kind: 'failed',
      error: 'address_refused',
    });
    expect(dns.queries).toEqual([]);
  });
});

describe('localhost', () => {
  it('is loopback without DNS, when private endpoints are allowed', async () => {
    expect(await post(startPoster(), 'localhost')).toMatchObject({ kind: 'answered', status: 200 });
    expect(await post(startPoster(), 'app.localhost')).toMatchObject({ kind: 'answered', status: 200 });
    expect(dns.queries).toEqual([]);
  });

  it('is refused otherwise', async () => {
    const result = await startPoster({ allowPrivateEndpoints: false }).post({
      url: 'https://localhost/',
      headers: {},
      body: '{}',
      ...READ_ALL,
    });

    expect(result).toMatchObject({ kind: 'failed', error: 'address_refused' });
  });
});
