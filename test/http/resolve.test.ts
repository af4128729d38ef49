import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { createLookup, type NameResolver, type Resolution } from '../../lambdas/shared/http/resolve.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface TestRecord {
  address: string;
  ttl: number;
}

/** Answers queries with these records. A string is an error code. */
function fakeResolver(answers: {
  v4?: TestRecord[] | string | Promise<TestRecord[]>;
  v6?: TestRecord[] | string | Promise<TestRecord[]>;
}): NameResolver & { queries: number } {
  const answer = async (
    records: TestRecord[] | string | Promise<TestRecord[]> = 'ENODATA',
  ): Promise<TestRecord[]> => {
    resolver.queries++;
    if (typeof records === 'string') throw Object.assign(new Error('query failed'), { code: records });
    return records;
  };
  const resolver = {
    queries: 0,
    resolve4: () => answer(answers.v4),
    resolve6: () => answer(answers.v6),
    cancel: () => {},
  };
  return resolver;
}

function lookupWith(resolver: NameResolver): (name: string) => Promise<Resolution> {
  return createLookup(resolver, { now: () => Date.now() }).resolve;
}

const record = (address: string, ttl = 300): TestRecord => ({ address, ttl });
const NEVER_ANSWERED = new Promise<TestRecord[]>(() => {});

describe('createLookup', () => {
  it('finds the addresses of both families, IPv4 first', async () => {
    const lookup = lookupWith(
      fakeResolver({ v4: [record('1.1.1.1'), record('1.0.0.1')], v6: [record('2606:4700::1')] }),
    );

    expect(await lookup('a.test')).toEqual({ ok: true, addresses: ['1.1.1.1', '1.0.0.1', '2606:4700::1'] });
  });

  it('caches an answer for its shortest time to live', async () => {
    const resolver = fakeResolver({ v4: [record('1.1.1.1', 30), record('1.0.0.1', 10)], v6: [] });
    const lookup = lookupWith(resolver);

    await lookup('a.test');
    vi.advanceTimersByTime(9_999);
    await lookup('a.test');
    expect(resolver.queries).toBe(2);
    vi.advanceTimersByTime(1);
    await lookup('a.test');

    expect(resolver.queries).toBe(4);
  });

  it('caches no answer for longer than a minute', async () => {
    const resolver = fakeResolver({ v4: [record('1.1.1.1', 86_400)] });
    const lookup = lookupWith(resolver);

    await lookup('a.test');
    vi.advanceTimersByTime(60_000);
    await lookup('a.test');

    expect(resolver.queries).toBe(4);
  });

  it('caches neither failures nor answers without a time to live', async () => {
    const failing = fakeResolver({ v4: 'ENOTFOUND', v6: 'ENOTFOUND' });
    const withoutTtl = fakeResolver({ v4: [record('1.1.1.1', 0)] });

    for (const lookup of [lookupWith(failing), lookupWith(withoutTtl)]) {
      await lookup('a.test');
      await lookup('a.test');
    }

    expect([failing.queries, withoutTtl.queries]).toEqual([4, 4]);
  });

  it('sends one query per family for many concurrent lookups of a name [FAULT-32]', async () => {
    const resolver = fakeResolver({ v4: [record('1.1.1.1', 0)] });
    const lookup = lookupWith(resolver);

    await Promise.all(Array.from({ length: 100 }, () => lookup('a.test')));

    expect(resolver.queries).toBe(2);
  });

  it('caches at most a thousand names', async () => {
    const resolver = fakeResolver({ v4: [record('1.1.1.1')] });
    const lookup = lookupWith(resolver);
    for (let i = 0; i <= 1_000; i++) await lookup(`host-${i}.test`);
    const before = resolver.queries;

    await lookup('host-1000.test');
    await lookup('host-0.test');

    expect(resolver.queries - before).toBe(2);
  });

  it('waits one second for IPv6 addresses that are not answered', async () => {
    const lookup = lookupWith(fakeResolver({ v4: [record('1.1.1.1')], v6: NEVER_ANSWERED }));
    let found: Resolution | undefined;
    void lookup('a.test').then((resolution) => {
      found = resolution;
    });

    await vi.advanceTimersByTimeAsync(999);
    expect(found).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);

    expect(found).toEqual({ ok: true, addresses: ['1.1.1.1'] });
  });

  it('waits for IPv4 addresses until the query ends', async () => {
    const v4 = Promise.withResolvers<TestRecord[]>();
    const lookup = lookupWith(fakeResolver({ v4: v4.promise, v6: [record('2606:4700::1')] }));
    const found = lookup('a.test');

    await vi.advanceTimersByTimeAsync(10_000);
    v4.resolve([record('1.1.1.1')]);

    expect(await found).toEqual({ ok: true, addresses: ['1.1.1.1', '2606:4700::1'] });
  });

  it('finds IPv6 addresses although the query for IPv4 fails, returns the reason, and does not cache the result', async () => {
    const resolver = fakeResolver({ v4: 'ESERVFAIL', v6: [record('2606:4700::1')] });
    const lookup = lookupWith(resolver);
    const reason = 'the host name a.test could not be resolved (ESERVFAIL)';

    for (let i = 0; i < 2; i++) {
      expect(await lookup('a.test')).toEqual({
        ok: true,
        addresses: ['2606:4700::1'],
        ipv4Failure: { error: 'dns_error', reason },
      });
    }
    expect(resolver.queries).toBe(4);
  });

  it('finds IPv4 addresses although the query for IPv6 fails, and caches them', async () => {
    const resolver = fakeResolver({ v4: [record('1.1.1.1')], v6: 'ESERVFAIL' });
    const lookup = lookupWith(resolver);

    for (let i = 0; i < 2; i++) {
      expect(await lookup('a.test')).toEqual({ ok: true, addresses: ['1.1.1.1'] });
    }
    expect(resolver.queries).toBe(2);
  });

  it.each([
    ['ENOTFOUND', 'ENOTFOUND', 'the host name a.test does not exist'],
    ['ENODATA', 'ENODATA', 'the host name a.test has no address'],
    ['ENODATA', 'ETIMEOUT', 'the DNS servers of a.test did not answer in time'],
    ['ESERVFAIL', 'ENODATA', 'the host name a.test could not be resolved (ESERVFAIL)'],
  ])('describes the codes %s for IPv4 and %s for IPv6', async (v4, v6, reason) => {
    const lookup = lookupWith(fakeResolver({ v4, v6 }));

    expect(await lookup('a.test')).toEqual({ ok: false, failure: { error: 'dns_error', reason } });
  });
});
