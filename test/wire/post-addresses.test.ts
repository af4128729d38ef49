import { Resolver } from 'node:dns/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findAddresses } from '../../lambdas/shared/wire/find-addresses.ts';
import { createPoster, type Poster, type PostResult } from '../../lambdas/shared/wire/post.ts';
import { issueCertificate } from '../support/certificates.ts';
import { type DnsServer, startDnsServer } from '../support/dns-server.ts';
import { trackResources } from '../support/open-resources.ts';
import { httpAnswer, type RawServer, startRawServer } from '../support/raw-server.ts';
import { testClock } from './support/test-clock.ts';

const METADATA_ADDRESS = '169.254.169.254';
const READ_ALL = { readBody: () => 'all' as const };
const open = trackResources();
afterEach(open.closeAll);

let dns: DnsServer;
let server: RawServer;
beforeEach(async () => {
  dns = open.add(await startDnsServer());
  server = open.add(await startRawServer((socket) => socket.write(httpAnswer(200))));
});

function testResolver(): Resolver {
  const resolver = new Resolver({ timeout: 100, tries: 1 });
  resolver.setServers([dns.address]);
  return resolver;
}

function startPoster(options: Partial<Parameters<typeof createPoster>[0]> = {}): Poster {
  const defaults = { allowPrivateEndpoints: true, resolver: testResolver(), deadlineMs: 3_000 };
  return open.add(createPoster({ ...defaults, ...options }));
}

function post(poster: Poster, host: string): Promise<PostResult> {
  return poster.post({ url: `http://${host}:${server.port}/`, headers: {}, body: '{}', ...READ_ALL });
}

describe('a host name', () => {
  it('is resolved once, and the Host header keeps it', async () => {
    dns.set('receiver.test', { addresses: ['127.0.0.1'] });

    const result = await post(startPoster(), 'receiver.test');

    expect(result).toMatchObject({ kind: 'answered', status: 200 });
    expect(server.received()).toContain(`host: receiver.test:${server.port}\r\n`);
    expect(dns.queries.toSorted()).toEqual(['A receiver.test', 'AAAA receiver.test']);
  });

  it('is what the certificate must be for, whatever its address', async () => {
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

  it('with a dead address first is reached at the next one', async () => {
    dns.set('receiver.test', { addresses: ['127.0.0.2', '127.0.0.1', '::1'] });

    expect(await post(startPoster(), 'receiver.test')).toMatchObject({ kind: 'answered', status: 200 });
  });

  it('with many addresses costs a few connections, however many of them are dead', async () => {
    const dead = Array.from({ length: 20 }, (_, n) => `127.0.0.${n + 2}`);
    dns.set('receiver.test', { addresses: [...dead, '127.0.0.1'] });

    const result = await post(startPoster(), 'receiver.test');

    expect(result).toMatchObject({ kind: 'failed', error: 'connection_error' });
    expect(server.connections()).toBe(0);
  });

  it('with many addresses is refused for any of them, also one that it would not come to', async () => {
    const many = Array.from({ length: 20 }, (_, n) => `127.0.0.${n + 2}`);
    dns.set('receiver.test', { addresses: [...many, METADATA_ADDRESS] });

    expect(await post(startPoster(), 'receiver.test')).toMatchObject({ error: 'address_refused' });
  });

  it.each([
    ['does not exist', 'NXDOMAIN', 'the host name gone.test does not exist'],
    ['has no address', { addresses: [] }, 'the host name gone.test has no address'],
    ['cannot be resolved', 'SERVFAIL', 'the host name gone.test could not be resolved (ESERVFAIL)'],
    ['is never answered for', 'DROP', 'the DNS servers of gone.test did not answer in time'],
  ] as const)('that %s fails the attempt as dns_error', async (_what, answer, reason) => {
    dns.set('gone.test', answer);

    expect(await post(startPoster(), 'gone.test')).toMatchObject({
      kind: 'failed',
      error: 'dns_error',
      reason,
    });
  });

  it('whose servers never answer does not slow the others', async () => {
    dns.set('receiver.test', { addresses: ['127.0.0.1'], ttl: 0 });
    for (let i = 0; i < 50; i++) dns.set(`tarpit-${i}.test`, 'DROP');
    const resolver = new Resolver({ timeout: 1_000, tries: 1 });
    resolver.setServers([dns.address]);
    const poster = startPoster({ resolver, deadlineMs: 400 });

    const stuck = Array.from({ length: 50 }, (_, i) => post(poster, `tarpit-${i}.test`));
    const result = await post(poster, 'receiver.test');

    expect(result).toMatchObject({ kind: 'answered', status: 200 });
    expect(result.durationMs).toBeLessThan(250);
    expect(new Set((await Promise.all(stuck)).map(({ kind }) => kind))).toEqual(new Set(['failed']));
    resolver.cancel();
  });

  it('that hangs is a timeout at the deadline', async () => {
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

describe('an address in the URL', () => {
  it('is connected to as it stands, without DNS', async () => {
    expect(await post(startPoster(), '127.0.0.1')).toMatchObject({ kind: 'answered', status: 200 });
    expect(dns.queries).toEqual([]);
  });
});

describe('an address that is not allowed', () => {
  it('behind a name is never connected to, and the reason does not show it', async () => {
    dns.set('evil.example', { addresses: ['127.0.0.1'] });
    const poster = startPoster({ allowPrivateEndpoints: false });
    // Production allows two ports only: the refusal comes before anything is dialled.
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
  ])('refuses the whole answer that it is mixed into: %s', async (_what, addresses) => {
    // Without a connection: where this fails, it would go to a stranger.
    const found = await findAddresses(
      'evil.example',
      { allowPrivateEndpoints: false },
      { resolve: async () => ({ ok: true, addresses }), hasIpv6: () => true },
    );

    expect(found).toMatchObject({ ok: false, failure: { error: 'address_refused' } });
  });

  it('refuses a mixed answer before any connection is made', async () => {
    dns.set('evil.test', { addresses: ['127.0.0.1', METADATA_ADDRESS] });

    expect(await post(startPoster(), 'evil.test')).toMatchObject({
      kind: 'failed',
      error: 'address_refused',
    });
    expect(server.connections()).toBe(0);
  });

  it('does not get in by rebinding: every new connection is checked', async () => {
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

  it('is refused as a literal too, without DNS', async () => {
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

  it('is refused as a metadata service even when private endpoints are allowed', async () => {
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
  ])('is refused at send as at registration: %s', async (url) => {
    const poster = startPoster({ allowPrivateEndpoints: false, apiHost: 'api.example.com' });

    expect(await poster.post({ url, headers: {}, body: '{}', ...READ_ALL })).toMatchObject({
      kind: 'failed',
      error: 'address_refused',
    });
    expect(dns.queries).toEqual([]);
  });
});

describe('localhost', () => {
  it('is loopback without asking DNS, when private endpoints are allowed', async () => {
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
