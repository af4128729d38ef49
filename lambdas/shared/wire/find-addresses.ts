import { isIP } from 'node:net';

import { type AddressRules, whyAddressRefused } from '../domain/address.ts';
import type { Failure } from './failure.ts';
import type { Resolution } from './resolve.ts';

export type FoundAddresses =
  | { readonly ok: true; readonly addresses: readonly string[] }
  | { readonly ok: false; readonly failure: Failure };

/**
 * Addresses of one family that a connection is tried to, one after the other. A name may have thousands, all of
 * them somebody else's: what one request may knock at is bounded.
 */
const MAX_ADDRESSES_A_FAMILY = 3;

/** What `localhost` means, without asking anybody (RFC 6761). */
const LOOPBACK_ADDRESSES = ['127.0.0.1', '::1'] as const;

/**
 * The addresses that a connection to a host may go to. All of them were checked, and one that is refused
 * refuses the host: a name with a public and a private address is somebody's trick. Of many only the first few
 * are handed out. A host that is an address itself never sees a resolver, and is checked just the same.
 */
export async function findAddresses(
  host: string,
  rules: AddressRules,
  lookup: (name: string) => Promise<Resolution>,
): Promise<FoundAddresses> {
  const found = await resolve(host, rules, lookup);
  if (!found.ok) return found;
  for (const address of found.addresses) {
    const reason = whyAddressRefused(address, rules);
    if (reason !== undefined) return { ok: false, failure: refuse(host, reason) };
  }
  return { ok: true, addresses: firstOfEachFamily(found.addresses) };
}

function firstOfEachFamily(addresses: readonly string[]): string[] {
  const families = Map.groupBy(addresses, (address) => isIP(address)).values();
  const chosen = new Set([...families].flatMap((family) => family.slice(0, MAX_ADDRESSES_A_FAMILY)));
  return addresses.filter((address) => chosen.has(address));
}

async function resolve(
  host: string,
  rules: AddressRules,
  lookup: (name: string) => Promise<Resolution>,
): Promise<Resolution> {
  if (isIP(host) !== 0) return { ok: true, addresses: [host] };
  const isLocalhost = host === 'localhost' || host.endsWith('.localhost');
  if (isLocalhost && rules.allowPrivateEndpoints) return { ok: true, addresses: LOOPBACK_ADDRESSES };
  return lookup(host);
}

function refuse(host: string, reason: string): Failure {
  const what = isIP(host) === 0 ? 'has an address that is not public' : 'is not a public address';
  return { error: 'address_refused', reason: `${host} ${what}: ${reason}` };
}
