import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { issueCertificate } from '../../fixtures/certificates.ts';
import { httpAnswer, startRawServer } from '../../fixtures/raw-server.ts';
import type { PostResult } from '../../lambdas/shared/http/post.ts';
import { trackResources } from '../support/open-resources.ts';
import { type DnsPosting, SHORT_QUERY_TIMEOUT_MS, startDnsPosting } from './support/dns-posting.ts';
import { eventually, fakeTimeouts, READ_ALL, SHORT_DEADLINE_MS, until } from './support/posting.ts';

const METADATA_ADDRESS = '169.254.169.254';
const open = trackResources();
afterEach(open.closeAll);
afterEach(() => vi.useRealTimers());

let posting: DnsPosting;
beforeEach(async () => {
  posting = await startDnsPosting(open);
});

describe('a host name', () => {
  it('is resolved once, and the Host header keeps it [NET-1]', async () => {
    posting.dns.set('receiver.test', { addresses: ['127.0.0.1'] });

    const result = await posting.post(posting.startPoster(), 'receiver.test');

    expect(result).toMatchObject({ kind: 'answered', status: 200 });
    expect(posting.server.received()).toContain(`host: receiver.test:${posting.server.port}\r\n`);
    expect(posting.dns.queries.toSorted()).toEqual(['A receiver.test', 'AAAA receiver.test']);
  });

  it('must match the certificate [NET-1]', async () => {
    posting.dns.set('receiver.test', { addresses: ['127.0.0.1'] });
    posting.dns.set('other.test', { addresses: ['127.0.0.1'] });
    const authority = issueCertificate({ name: 'Test Authority', authority: true });
    const certificate = issueCertificate({ name: 'receiver', hosts: ['receiver.test'], issuer: authority });
    const secure = open.add(await startRawServer((socket) => socket.write(httpAnswer(200)), certificate));
    const poster = posting.startPoster({ tls: { ca: authority.cert } });
    const postSecure = (host: string): Promise<PostResult> =>
      poster.post({ url: `https://${host}:${secure.port}/`, headers: {}, body: '{}', ...READ_ALL });

    const results = [await postSecure('receiver.test'), await postSecure('other.test')];

    expect(results).toMatchObject([{ kind: 'answered' }, { kind: 'failed', error: 'tls_error' }]);
  });

  it('is reached at its second address when the first one does not accept', async () => {
    posting.dns.set('receiver.test', { addresses: ['127.0.0.2', '127.0.0.1', '::1'] });

    expect(await posting.post(posting.startPoster(), 'receiver.test')).toMatchObject({
      kind: 'answered',
      status: 200,
    });
  });

  it('with many addresses is tried at only a few of them [NET-3]', async () => {
    const closedAddresses = Array.from({ length: 20 }, (_, n) => `127.0.0.${n + 2}`);
    posting.dns.set('receiver.test', { addresses: [...closedAddresses, '127.0.0.1'] });

    const result = await posting.post(posting.startPoster(), 'receiver.test');

    expect(result).toMatchObject({ kind: 'failed', error: 'connection_error' });
    expect(posting.server.connections()).toBe(0);
  });

  it('with many addresses is refused for any refused one, also when that one would not be tried [NET-3]', async () => {
    const many = Array.from({ length: 20 }, (_, n) => `127.0.0.${n + 2}`);
    posting.dns.set('receiver.test', { addresses: [...many, METADATA_ADDRESS] });

    expect(await posting.post(posting.startPoster(), 'receiver.test')).toMatchObject({
      error: 'address_refused',
    });
  });

  it.each([
    ['does not exist', 'NXDOMAIN', 'the host name gone.test does not exist'],
    ['has no address', { addresses: [] }, 'the host name gone.test has no address'],
    ['cannot be resolved', 'SERVFAIL', 'the host name gone.test could not be resolved (ESERVFAIL)'],
    ['gets no answer', 'DROP', 'the DNS servers of gone.test did not answer in time'],
  ] as const)('that %s fails the attempt as dns_error [NET-18]', async (_what, answer, reason) => {
    posting.dns.set('gone.test', answer);
    const resolver = posting.createResolver(answer === 'DROP' ? { timeout: SHORT_QUERY_TIMEOUT_MS } : {});

    expect(await posting.post(posting.startPoster({ resolver }), 'gone.test')).toMatchObject({
      kind: 'failed',
      error: 'dns_error',
      reason,
    });
  });

  it('whose servers never answer does not delay the others [FAULT-32]', async () => {
    posting.dns.set('receiver.test', { addresses: ['127.0.0.1'], ttl: 0 });
    for (let i = 0; i < 50; i++) posting.dns.set(`tarpit-${i}.test`, 'DROP');
    const poster = posting.startPoster();
    let ended = 0;

    const pending = Array.from({ length: 50 }, (_, i) => posting.post(poster, `tarpit-${i}.test`));
    for (const result of pending) void result.then(() => ended++);
    const result = await posting.post(poster, 'receiver.test');

    expect(result).toMatchObject({ kind: 'answered', status: 200 });
    expect(ended).toBe(0);
    await poster.close();
    expect(new Set((await Promise.all(pending)).map(({ kind }) => kind))).toEqual(new Set(['failed']));
  });

  it('without an answer of its DNS servers is a timeout at the deadline [NET-6]', async () => {
    posting.dns.set('tarpit.test', 'DROP');
    const resolver = posting.createResolver();
    const poster = posting.startPoster({ resolver, deadlineMs: SHORT_DEADLINE_MS });
    fakeTimeouts();

    const result = posting.post(poster, 'tarpit.test');
    await until(() => posting.dns.queries.length === 2);
    vi.advanceTimersByTime(SHORT_DEADLINE_MS);

    expect(await result).toMatchObject({
      error: 'timeout',
      reason: expect.stringContaining('resolving the host name'),
    });
    resolver.cancel();
  });
});

describe('a DNS query', () => {
  it('is canceled at the end of the batch when no request waits for it', async () => {
    posting.dns.set('tarpit.test', 'DROP');
    const resolver = posting.createResolver();
    const queries = [vi.spyOn(resolver, 'resolve4'), vi.spyOn(resolver, 'resolve6')];
    const poster = posting.startPoster({ resolver, deadlineMs: SHORT_DEADLINE_MS });
    fakeTimeouts();
    const result = posting.post(poster, 'tarpit.test');
    await until(() => posting.dns.queries.length === 2);
    vi.advanceTimersByTime(SHORT_DEADLINE_MS);
    await result;

    poster.endBatch();

    for (const query of queries) {
      await expect(query.mock.results[0]?.value).rejects.toMatchObject({ code: 'ECANCELLED' });
    }
  });

  it('is not canceled at the end of a batch while a request waits for it', async () => {
    posting.dns.set('receiver.test', 'DROP');
    const poster = posting.startPoster({ resolver: posting.createResolver({ timeout: 300, tries: 10 }) });
    const result = posting.post(poster, 'receiver.test');
    await eventually(() => posting.dns.queries.length).toBe(2);

    poster.endBatch();
    posting.dns.set('receiver.test', { addresses: ['127.0.0.1'] });

    expect(await result).toMatchObject({ kind: 'answered', status: 200 });
  });
});
