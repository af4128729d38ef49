import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { createLookup, type NameResolver, type Resolution } from '../../lambdas/shared/http/resolve.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface Records {
  address: string;
  ttl: number;
}

/** Answers with these lists; a string is an error code. */
function fakeResolver(answers: {
  v4?: Records[] | string | Promise<Records[]>;
  v6?: Records[] | string | Promise<Records[]>;
}): NameResolver & { queries: number } {
  const answer = async (records: Records[] | string | Promise<Records[]> = 'ENODATA'): Promise<Records[]> => {
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

const record = (address: string, ttl = 300): Records => ({ address, ttl });
const NEVER = new Promise<Records[]>(() => {});

describe('createLookup', () => {
  it('finds the addresses of both families, IPv4 first', async () => {
    const lookup = lookupWith(
      fakeResolver({ v4: [record('1.1.1.1'), record('1.0.0.1')], v6: [record('2606:4700::1')] }),
    );

    expect(await lookup('a.test')).toEqual({ ok: true, addresses: ['1.1.1.1', '1.0.0.1', '2606:4700::1'] });
  });

  it('keeps an answer for its shortest time to live', async () => {
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

  it('keeps no answer for longer than a minute', async () => {
    const resolver = fakeResolver({ v4: [record('1.1.1.1', 86_400)] });
    const lookup = lookupWith(resolver);

    await lookup('a.test');
    vi.advanceTimersByTime(60_000);
    await lookup('a.test');

    expect(resolver.queries).toBe(4);
  });

  it('keeps neither failures nor answers without a time to live', async () => {
    const failing = fakeResolver({ v4: 'ENOTFOUND', v6: 'ENOTFOUND' });
    const withoutTtl = fakeResolver({ v4: [record('1.1.1.1', 0)] });

    for (const lookup of [lookupWith(failing), lookupWith(withoutTtl)]) {
      await lookup('a.test');
      await lookup('a.test');
    }

    expect([failing.queries, withoutTtl.queries]).toEqual([4, 4]);
  });

  it('sends one query for many lookups of a name at the same time [FAULT-32]', async () => {
    const resolver = fakeResolver({ v4: [record('1.1.1.1', 0)] });
    const lookup = lookupWith(resolver);

    await Promise.all(Array.from({ length: 100 }, () => lookup('a.test')));

    expect(resolver.queries).toBe(2);
  });

  it('remembers a thousand names and not more', async () => {
    const resolver = fakeResolver({ v4: [record('1.1.1.1')] });
    const lookup = lookupWith(resolver);
    for (let i = 0; i <= 1_000; i++) await lookup(`host-${i}.test`);
    const before = resolver.queries;

    await lookup('host-1000.test');
    await lookup('host-0.test');

    expect(resolver.queries - before).toBe(2);
  });

  it('waits one second for IPv6 addresses that do not come', async () => {
    const lookup = lookupWith(fakeResolver({ v4: [record('1.1.1.1')], v6: NEVER }));
    let found: Resolution | undefined;
    void lookup('a.test').then((resolution) => {
      found = resolution;
    });

    await vi.advanceTimersByTimeAsync(999);
    expect(found).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);

    expect(found).toEqual({ ok: true, addresses: ['1.1.1.1'] });
  });

  it('waits for IPv4 addresses as long as the query takes', async () => {
    const v4 = Promise.withResolvers<Records[]>();
    const lookup = lookupWith(fakeResolver({ v4: v4.promise, v6: [record('2606:4700::1')] }));
    const found = lookup('a.test');

    await vi.advanceTimersByTimeAsync(10_000);
    v4.resolve([record('1.1.1.1')]);

    expect(await found).toEqual({ ok: true, addresses: ['1.1.1.1', '2606:4700::1'] });
  });

  it('finds IPv6 addresses though the query for IPv4 fails, says why it failed, and does not keep that', async () => {
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

  it('finds IPv4 addresses though the query for IPv6 fails, and keeps them', async () => {
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
  ])('says what %s and %s mean', async (v4, v6, reason) => {
    const lookup = lookupWith(fakeResolver({ v4, v6 }));

    expect(await lookup('a.test')).toEqual({ ok: false, failure: { error: 'dns_error', reason } });
  });
});
