import { Resolver } from 'node:dns/promises';

import type { Clock } from '../runtime/clock.ts';
import { dropOldest } from '../runtime/drop-oldest.ts';
import { type Failure, isOwnFault } from './failure.ts';

/** The methods of c-ares that are used. getaddrinfo is not used: a name without an answer blocks one of its 4 threads. */
export interface NameResolver {
  resolve4(name: string, options: { ttl: true }): Promise<DnsRecord[]>;
  resolve6(name: string, options: { ttl: true }): Promise<DnsRecord[]>;
  /** Cancels all open queries. */
  cancel(): void;
}

interface DnsRecord {
  readonly address: string;
  /** Seconds. */
  readonly ttl: number;
}

export type Resolution =
  | {
      readonly ok: true;
      /** At least one; IPv4 first. */
      readonly addresses: readonly string[];
      /** Why the query for IPv4 addresses failed. Absent when the servers answered, also when there is no address. */
      readonly ipv4Failure?: Failure;
    }
  | { readonly ok: false; readonly failure: Failure };

export interface Lookup {
  /** Rejects only for an error of this code or of its environment. */
  resolve(name: string): Promise<Resolution>;
  /** Cancels all open queries. `resolve` then resolves to a failure. */
  cancel(): void;
}

/** Timeout of the first query. c-ares doubles it for each further one: a lookup takes at most about 14 s. */
const QUERY_TIMEOUT_MS = 2_000;
const QUERY_TRIES = 3;

/** How long to wait for IPv6 addresses after the IPv4 addresses: some servers never answer queries for IPv6. */
const IPV6_GRACE_MS = 1_000;

/** An answer is cached for its time to live, but not longer than this: customers move their endpoints. */
const MAX_CACHED_MS = 60_000;
const MAX_CACHED_NAMES = 1_000;

/** The answer for one family. A failure is its DNS code, such as `ENOTFOUND`. */
type Answer = { readonly records: readonly DnsRecord[] } | { readonly code: string };

/** Codes of an answer by the servers: the name does not exist, or has no address of this family. */
const NO_ADDRESS_CODES: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

export function createResolver(): NameResolver {
  return new Resolver({ timeout: QUERY_TIMEOUT_MS, tries: QUERY_TRIES });
}

/**
 * Finds all addresses of a name, without checking whether they are allowed. Concurrent lookups of one name share a query.
 * Answers are cached for their time to live. Failures are not cached, nor are IPv6 addresses when the query for IPv4
 * addresses failed.
 */
export function createLookup(resolver: NameResolver, clock: Clock): Lookup {
  const cache = new Map<string, { resolution: Resolution; expiresAt: number }>();
  const running = new Map<string, Promise<Resolution>>();

  const query = async (name: string): Promise<Resolution> => {
    const { ipv4, ipv6 } = await queryBothFamilies(resolver, name);
    const records = [ipv4, ipv6].flatMap((answer) => ('records' in answer ? answer.records : []));
    if (records.length === 0) return { ok: false, failure: noAddress(name, [ipv4, ipv6]) };
    const addresses = records.map((record) => record.address);
    if (hasFailed(ipv4)) return { ok: true, addresses, ipv4Failure: noAddress(name, [ipv4]) };
    const resolution = { ok: true, addresses } as const;
    const ttlMs = Math.min(...records.map((record) => record.ttl * 1_000), MAX_CACHED_MS);
    cache.delete(name);
    if (cache.size >= MAX_CACHED_NAMES) dropOldest(cache);
    if (ttlMs > 0) cache.set(name, { resolution, expiresAt: clock.now() + ttlMs });
    return resolution;
  };

  return {
    resolve: async (name) => {
      const cached = cache.get(name);
      if (cached !== undefined && clock.now() < cached.expiresAt) return cached.resolution;
      const shared = running.get(name) ?? query(name).finally(() => running.delete(name));
      running.set(name, shared);
      return shared;
    },
    cancel: () => resolver.cancel(),
  };
}

async function queryBothFamilies(
  resolver: NameResolver,
  name: string,
): Promise<{ ipv4: Answer; ipv6: Answer }> {
  const openIpv6 = toAnswer(resolver.resolve6(name, { ttl: true }));
  // Prevent an unhandled rejection: it is awaited later.
  openIpv6.catch(() => undefined);
  const ipv4 = await toAnswer(resolver.resolve4(name, { ttl: true }));
  if ('code' in ipv4) return { ipv4, ipv6: await openIpv6 };
  let timer: NodeJS.Timeout | undefined;
  const graceOver = new Promise<Answer>((resolve) => {
    timer = setTimeout(() => resolve({ code: 'ETIMEOUT' }), IPV6_GRACE_MS);
  });
  const ipv6 = await Promise.race([openIpv6, graceOver]);
  clearTimeout(timer);
  return { ipv4, ipv6 };
}

async function toAnswer(query: Promise<DnsRecord[]>): Promise<Answer> {
  try {
    return { records: await query };
  } catch (error) {
    if (isOwnFault(error)) throw error;
    return { code: error instanceof Error && 'code' in error ? String(error.code) : 'EUNKNOWN' };
  }
}

function hasFailed(answer: Answer): boolean {
  return 'code' in answer && !NO_ADDRESS_CODES.has(answer.code);
}

function noAddress(name: string, answers: readonly Answer[]): Failure {
  const codes = answers.map((answer) => ('code' in answer ? answer.code : 'ENODATA'));
  const code = codes.find((candidate) => !NO_ADDRESS_CODES.has(candidate)) ?? codes[0] ?? 'ENODATA';
  return { error: 'dns_error', reason: describeCode(name, code) };
}

function describeCode(name: string, code: string): string {
  if (code === 'ENOTFOUND') return `the host name ${name} does not exist`;
  if (code === 'ENODATA') return `the host name ${name} has no address`;
  if (code === 'ETIMEOUT') return `the DNS servers of ${name} did not answer in time`;
  return `the host name ${name} could not be resolved (${code})`;
}
