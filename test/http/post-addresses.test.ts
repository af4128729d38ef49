import { Resolver } from 'node:dns/promises';
import type { NetworkInterfaceInfo } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { findAddresses, hasIpv6Address } from '../../lambdas/shared/http/find-addresses.ts';
import { createPoster, type Poster, type PostResult } from '../../lambdas/shared/http/post.ts';
import { issueCertificate } from '../support/certificates.ts';
import { type DnsServer, startDnsServer } from '../support/dns-server.ts';
import { trackResources } from '../support/open-resources.ts';
import { httpAnswer, type RawServer, startRawServer } from '../support/raw-server.ts';
import { eventually, LONG_DEADLINE_MS, READ_ALL, SHORT_DEADLINE_MS } from './support/posting.ts';
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

/** Timeout of a DNS query that a test must not reach. */
const LONG_QUERY_TIMEOUT_MS = 300_000;
/** Timeout of a DNS query that a test reaches. */
const SHORT_QUERY_TIMEOUT_MS = 100;

function testResolver({ timeout = LONG_QUERY_TIMEOUT_MS, tries = 1 } = {}): Resolver {
  const resolver = new Resolver({ timeout, tries });
  resolver.setServers([dns.address]);
  return resolver;
}

function startPoster(options: Partial<Parameters<typeof createPoster>[0]> = {}): Poster {
  const defaults = { allowPrivateEndpoints: true, resolver: testResolver(), deadlineMs: LONG_DEADLINE_MS };
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

  it('must match the certificate [NET-1]', async () => {
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

  it('is reached at its second address when the first one does not accept', async () => {
    dns.set('receiver.test', { addresses: ['127.0.0.2', '127.0.0.1', '::1'] });

    expect(await post(startPoster(), 'receiver.test')).toMatchObject({ kind: 'answered', status: 200 });
  });

  it('with many addresses is tried at only a few of them [NET-3]', async () => {
    const closedAddresses = Array.from({ length: 20 }, (_, n) => `127.0.0.${n + 2}`);
    dns.set('receiver.test', { addresses: [...closedAddresses, '127.0.0.1'] });

    const result = await post(startPoster(), 'receiver.test');

    expect(result).toMatchObject({ kind: 'failed', error: 'connection_error' });
    expect(server.connections()).toBe(0);
  });

  it('with many addresses is refused for any refused one, also when that one would not be tried [NET-3]', async () => {
    const many = Array.from({ length: 20 }, (_, n) => `127.0.0.${n + 2}`);
    dns.set('receiver.test', { addresses: [...many, METADATA_ADDRESS] });

    expect(await post(startPoster(), 'receiver.test')).toMatchObject({ error: 'address_refused' });
  });

  it.each([
    ['does not exist', 'NXDOMAIN', 'the host name gone.test does not exist'],
    ['has no address', { addresses: [] }, 'the host name gone.test has no address'],
    ['cannot be resolved', 'SERVFAIL', 'the host name gone.test could not be resolved (ESERVFAIL)'],
    ['gets no answer', 'DROP', 'the DNS servers of gone.test did not answer in time'],
  ] as const)('that %s fails the attempt as dns_error [NET-18]', async (_what, answer, reason) => {
    dns.set('gone.test', answer);
    const resolver = testResolver(answer === 'DROP' ? { timeout: SHORT_QUERY_TIMEOUT_MS } : {});

    expect(await post(startPoster({ resolver }), 'gone.test')).toMatchObject({
      kind: 'failed',
      error: 'dns_error',
      reason,
    });
  });

  it('whose servers never answer does not delay the others [FAULT-32]', async () => {
    dns.set('receiver.test', { addresses: ['127.0.0.1'], ttl: 0 });
    for (let i = 0; i < 50; i++) dns.set(`tarpit-${i}.test`, 'DROP');
    const poster = startPoster();
    let ended = 0;

    const pending = Array.from({ length: 50 }, (_, i) => post(poster, `tarpit-${i}.test`));
    for (const result of pending) void result.then(() => ended++);
    const result = await post(poster, 'receiver.test');

    expect(result).toMatchObject({ kind: 'answered', status: 200 });
    expect(ended).toBe(0);
    await poster.close();
    expect(new Set((await Promise.all(pending)).map(({ kind }) => kind))).toEqual(new Set(['failed']));
  });

  it('without an answer of its DNS servers is a timeout at the deadline [NET-6]', async () => {
    dns.set('tarpit.test', 'DROP');
    const resolver = testResolver();

    const result = await post(startPoster({ resolver, deadlineMs: SHORT_DEADLINE_MS }), 'tarpit.test');

    expect(result).toMatchObject({
      error: 'timeout',
      reason: expect.stringContaining('resolving the host name'),
    });
    resolver.cancel();
  });
});

describe('a DNS query', () => {
  it('is canceled at the end of the batch when no request waits for it', async () => {
    dns.set('tarpit.test', 'DROP');
    const resolver = testResolver();
    const queries = [vi.spyOn(resolver, 'resolve4'), vi.spyOn(resolver, 'resolve6')];
    const poster = startPoster({ resolver, deadlineMs: SHORT_DEADLINE_MS });
    await post(poster, 'tarpit.test');

    poster.endBatch();

    for (const query of queries) {
      await expect(query.mock.results[0]?.value).rejects.toMatchObject({ code: 'ECANCELLED' });
    }
  });

  it('is not canceled at the end of a batch while a request waits for it', async () => {
    dns.set('receiver.test', 'DROP');
    const poster = startPoster({ resolver: testResolver({ timeout: 300, tries: 10 }) });
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

describe('an endpoint with IPv6 addresses, in an environment without IPv6', () => {
  const withoutIpv6 = (): Poster => startPoster({ hasIpv6: () => false });
  const ONLY_IPV6 = { A: { addresses: [] }, AAAA: { addresses: ['fd00::1'] } };

  it('and no IPv4 addresses fails with a reason that describes the solution [NET-16]', async () => {
    dns.set('receiver.test', ONLY_IPV6);

    expect(await post(withoutIpv6(), 'receiver.test')).toMatchObject({
      kind: 'failed',
      error: 'connection_error',
      reason:
        'receiver.test has only IPv6 addresses, and this deployment reaches IPv4 only; publish an A record',
    });
  });

  it('in its URL fails with a reason that describes the solution', async () => {
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

  it('fails as dns_error when the query for IPv4 addresses failed, and is resolved again at the next request', async () => {
    dns.set('receiver.test', { ...ONLY_IPV6, A: 'SERVFAIL' });
    const poster = withoutIpv6();

    expect(await post(poster, 'receiver.test')).toMatchObject({
      error: 'dns_error',
      reason: 'the host name receiver.test could not be resolved (ESERVFAIL)',
    });
    dns.set('receiver.test', { addresses: ['127.0.0.1', 'fd00::1'] });

    expect(await post(poster, 'receiver.test')).toMatchObject({ kind: 'answered', status: 200 });
  });

  it('is refused when one of them is not allowed, although none is used', async () => {
    dns.set('receiver.test', { addresses: ['127.0.0.1', 'fd00:ec2::254'] });

    expect(await post(withoutIpv6(), 'receiver.test')).toMatchObject({ error: 'address_refused' });
  });

  it('is reached at ::1, the loopback address', async () => {
    const sources = { resolve: () => Promise.reject(new Error('not needed')), hasIpv6: () => false };

    expect(await findAddresses('::1', { allowPrivateEndpoints: true }, sources)).toEqual({
      ok: true,
      addresses: ['::1'],
    });
  });

  it.each([
    ['only the loopback address', { lo: [loopback6] }, false],
    ['only a link-local address', { lo: [loopback6], eth0: [linkLocal6] }, false],
    ['only IPv4', { eth0: [ipv4] }, false],
    ['a global address', { lo: [loopback6], eth0: [ipv4, linkLocal6, global6] }, true],
  ])('is recognized by its network interfaces: %s', (_what, interfaces, expected) => {
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
  it('behind a name is never connected to, and the reason does not contain it [NET-19]', async () => {
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

  it('is refused in the URL, too, without DNS [NET-1]', async () => {
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
  ])('is refused when a request is sent, as at registration: %s [URL-9]', async (url) => {
    const poster = startPoster({ allowPrivateEndpoints: false, apiHost: 'api.example.com' });

    expect(await poster.post({ url, headers: {}, body: '{}', ...READ_ALL })).toMatchObject({
      kind: 'failed',
      error: 'address_refused',
    });
    expect(dns.queries).toEqual([]);
  });
});

describe('localhost', () => {
  it('is the loopback address, without DNS, when private endpoints are allowed', async () => {
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
