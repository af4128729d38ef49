import { Resolver } from 'node:dns/promises';

import type { Clock } from '../runtime/clock.ts';
import type { Failure } from './failure.ts';

/** The part of c-ares that is used. Never getaddrinfo: one name that hangs holds one of its four threads. */
export interface NameResolver {
  resolve4(name: string, options: { ttl: true }): Promise<DnsRecord[]>;
  resolve6(name: string, options: { ttl: true }): Promise<DnsRecord[]>;
}

interface DnsRecord {
  readonly address: string;
  /** Seconds. */
  readonly ttl: number;
}

export type Resolution =
  | { readonly ok: true /** At least one; IPv4 first. */; readonly addresses: readonly string[] }
  | { readonly ok: false; readonly failure: Failure };

/** The first try's wait; c-ares doubles it on each further one, so an answer takes at most about 14 s. */
const QUERY_TIMEOUT_MS = 2_000;
const QUERY_TRIES = 3;

/** Some servers never answer for AAAA. Once one family has addresses, the other is given this long. */
const OTHER_FAMILY_GRACE_MS = 1_000;

/** Customers move their endpoints: an answer is kept for its own time to live, and never longer than this. */
const MAX_CACHED_MS = 60_000;
const MAX_CACHED_NAMES = 1_000;

/** One family's answer; a failure is its DNS code, such as `ENOTFOUND`. */
type Answer = { readonly records: readonly DnsRecord[] } | { readonly code: string };

export function createResolver(): NameResolver {
  return new Resolver({ timeout: QUERY_TIMEOUT_MS, tries: QUERY_TRIES });
}

/**
 * Looks names up, all their addresses at once. Answers are cached for their time to live, failures are
 * not, and concurrent lookups of one name share a query. Whether an address may be used is not judged here.
 */
export function createLookup(resolver: NameResolver, clock: Clock): (name: string) => Promise<Resolution> {
  const cache = new Map<string, { addresses: readonly string[]; expiresAt: number }>();
  const running = new Map<string, Promise<Resolution>>();

  const query = async (name: string): Promise<Resolution> => {
    const answers = await askBothFamilies(resolver, name);
    const records = answers.flatMap((answer) => ('records' in answer ? answer.records : []));
    if (records.length === 0)
      return { ok: false, failure: { error: 'dns_error', reason: whyNone(name, answers) } };
    const addresses = records.map((record) => record.address);
    const ttlMs = Math.min(...records.map((record) => record.ttl * 1_000), MAX_CACHED_MS);
    cache.delete(name);
    if (cache.size >= MAX_CACHED_NAMES) dropOldest(cache);
    if (ttlMs > 0) cache.set(name, { addresses, expiresAt: clock.now() + ttlMs });
    return { ok: true, addresses };
  };

  return async (name) => {
    const cached = cache.get(name);
    if (cached !== undefined && clock.now() < cached.expiresAt)
      return { ok: true, addresses: cached.addresses };
    const shared = running.get(name) ?? query(name).finally(() => running.delete(name));
    running.set(name, shared);
    return shared;
  };
}

async function askBothFamilies(resolver: NameResolver, name: string): Promise<Answer[]> {
  const queries = [
    toAnswer(resolver.resolve4(name, { ttl: true })),
    toAnswer(resolver.resolve6(name, { ttl: true })),
  ];
  let timer: NodeJS.Timeout | undefined;
  const graceOver = new Promise<Answer>((resolve) => {
    const startGrace = (answer: Answer): void => {
      if ('code' in answer || timer !== undefined) return;
      timer = setTimeout(() => resolve({ code: 'ETIMEOUT' }), OTHER_FAMILY_GRACE_MS);
    };
    for (const answer of queries) void answer.then(startGrace);
  });
  const answers = await Promise.all(queries.map((answer) => Promise.race([answer, graceOver])));
  clearTimeout(timer);
  return answers;
}

async function toAnswer(query: Promise<DnsRecord[]>): Promise<Answer> {
  try {
    return { records: await query };
  } catch (error) {
    return { code: error instanceof Error && 'code' in error ? String(error.code) : 'EUNKNOWN' };
  }
}

function whyNone(name: string, answers: readonly Answer[]): string {
  const codes = answers.map((answer) => ('code' in answer ? answer.code : 'ENODATA'));
  const telling = codes.find((code) => code !== 'ENODATA' && code !== 'ENOTFOUND') ?? codes[0];
  if (telling === 'ENOTFOUND') return `the host name ${name} does not exist`;
  if (telling === 'ENODATA') return `the host name ${name} has no address`;
  if (telling === 'ETIMEOUT') return `the DNS servers of ${name} did not answer in time`;
  return `the host name ${name} could not be resolved (${telling})`;
}

function dropOldest(cache: Map<string, unknown>): void {
  const oldest = cache.keys().next();
  if (!oldest.done) cache.delete(oldest.value);
}
