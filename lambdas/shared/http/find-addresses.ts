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
 * Addresses of one family that are tried one after the other. A name may have thousands of addresses, and some may
 * belong to other people: without this limit, one delivery could connect to all of them.
 */
const MAX_ADDRESSES_PER_FAMILY = 3;

/** The addresses of `localhost`, which is not resolved by DNS (RFC 6761). */
const LOOPBACK_ADDRESSES = ['127.0.0.1', '::1'] as const;

/**
 * The addresses that a connection to a host may use. All addresses are checked, and the host is refused for any refused
 * address: a name with a public and a private address is an attack. Of the reachable addresses only the first few are
 * returned. A host that is an IP address is not resolved, but checked in the same way.
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

/** Whether a network interface has an IPv6 address that is not link-local. Lambda without a VPC has none. */
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
  const problem = isIP(host) === 0 ? 'has an address that is not public' : 'is not a public address';
  return { error: 'address_refused', reason: `${host} ${problem}: ${reason}` };
}
