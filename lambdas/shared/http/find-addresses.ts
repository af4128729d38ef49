import { isIP, isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

import { type AddressRules, whyAddressRefused } from '../domain/address.ts';
import { type Failure, ipv6Only } from './failure.ts';
import type { Resolution } from './resolve.ts';

export type FoundAddresses =
  | { readonly ok: true; readonly addresses: readonly string[] }
  | { readonly ok: false; readonly failure: Failure };

export interface AddressSources {
  resolve(name: string): Promise<Resolution>;
  /** Whether this environment may have a route to IPv6 addresses. */
  hasIpv6(): boolean;
}

/**
 * Addresses of one family that a connection is tried to, one after the other. A name may have thousands,
 * which may all be hosts of other people.
 */
const MAX_ADDRESSES_PER_FAMILY = 3;

/** The addresses of `localhost`, which are not looked up (RFC 6761). */
const LOOPBACK_ADDRESSES = ['127.0.0.1', '::1'] as const;

/**
 * The addresses that a connection to a host may use. All are checked, and one that is refused refuses the host: a name
 * with a public and a private address is an attack. Only the first few that can be reached are returned. A host that is
 * an address is not resolved, and is checked in the same way.
 */
export async function findAddresses(
  host: string,
  rules: AddressRules,
  sources: AddressSources,
): Promise<FoundAddresses> {
  const found = await resolve(host, rules, sources);
  if (!found.ok) return found;
  for (const address of found.addresses) {
    const reason = whyAddressRefused(address, rules);
    if (reason !== undefined) return { ok: false, failure: refuse(host, reason) };
  }
  const hasIpv6 = found.addresses.some(isIPv6) && sources.hasIpv6();
  const reachable = found.addresses.filter((address) => hasIpv6 || isIPv4(address) || address === '::1');
  if (reachable.length === 0) return { ok: false, failure: found.ipv4Failure ?? ipv6Only(host) };
  return { ok: true, addresses: firstOfEachFamily(reachable) };
}

/** Whether a network interface has an IPv6 address that is valid beyond its own link. Lambda without a VPC has none. */
export function hasIpv6Address(interfaces = networkInterfaces()): boolean {
  return Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .some((address) => !address.internal && address.family === 'IPv6' && address.scopeid === 0);
}

function firstOfEachFamily(addresses: readonly string[]): string[] {
  const families = Map.groupBy(addresses, (address) => isIP(address)).values();
  const chosen = new Set([...families].flatMap((family) => family.slice(0, MAX_ADDRESSES_PER_FAMILY)));
  return addresses.filter((address) => chosen.has(address));
}

async function resolve(host: string, rules: AddressRules, sources: AddressSources): Promise<Resolution> {
  if (isIP(host) !== 0) return { ok: true, addresses: [host] };
  const isLocalhost = host === 'localhost' || host.endsWith('.localhost');
  if (isLocalhost && rules.allowPrivateEndpoints) return { ok: true, addresses: LOOPBACK_ADDRESSES };
  return sources.resolve(host);
}

function refuse(host: string, reason: string): Failure {
  const what = isIP(host) === 0 ? 'has an address that is not public' : 'is not a public address';
  return { error: 'address_refused', reason: `${host} ${what}: ${reason}` };
}
