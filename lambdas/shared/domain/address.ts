import { BlockList, isIP } from 'node:net';

export interface AddressRules {
  /** Allows private and loopback addresses, for development. Metadata services are always refused. */
  readonly allowPrivateEndpoints: boolean;
}

/** A block of addresses, and its name in a reason. */
type Range = readonly [network: string, prefix: number, name: string];

/** https://www.iana.org/assignments/iana-ipv4-special-registry, and everything from multicast upwards. */
const NOT_PUBLIC_V4: readonly Range[] = [
  ['0.0.0.0', 8, 'this host'],
  ['10.0.0.0', 8, 'a private network'],
  ['100.64.0.0', 10, 'a carrier network'],
  ['127.0.0.0', 8, 'the loopback interface'],
  ['169.254.0.0', 16, 'the link-local network'],
  ['172.16.0.0', 12, 'a private network'],
  ['192.0.0.0', 24, 'a reserved range'],
  ['192.0.2.0', 24, 'a range for documentation'],
  ['192.88.99.0', 24, 'a reserved range'],
  ['192.168.0.0', 16, 'a private network'],
  ['198.18.0.0', 15, 'a range for benchmarks'],
  ['198.51.100.0', 24, 'a range for documentation'],
  ['203.0.113.0', 24, 'a range for documentation'],
  ['224.0.0.0', 4, 'a multicast range'],
  ['240.0.0.0', 4, 'a reserved range'],
];

/** https://www.iana.org/assignments/ipv6-unicast-address-assignments: the only block with public addresses. */
const GLOBAL_UNICAST_V6: Range = ['2000::', 3, 'global unicast'];

/** Blocks inside `2000::/3` that are not public. */
const NOT_PUBLIC_V6: readonly Range[] = [
  ['2001::', 23, 'a reserved range'],
  ['2001:db8::', 32, 'a range for documentation'],
  ['2002::', 16, 'a range that embeds other addresses'],
  ['3fff::', 20, 'a range for documentation'],
];

/**
 * Always refused: metadata and credential services of clouds, and IPv6 ranges that embed an IPv4 address, since they
 * are another notation for it.
 */
const ALWAYS_REFUSED: readonly Range[] = [
  ['169.254.0.0', 16, 'the link-local network'],
  ['100.100.100.200', 32, 'a metadata service'],
  ['168.63.129.16', 32, 'a metadata service'],
  ['fd00:ec2::', 32, 'a metadata service'],
  ['fe80::', 10, 'the link-local network'],
  ['::', 96, 'a range that embeds other addresses'],
  ['::ffff:0:0', 96, 'a range that embeds other addresses'],
  ['::ffff:0:0:0', 96, 'a range that embeds other addresses'],
  ['64:ff9b::', 96, 'a range that embeds other addresses'],
  ['64:ff9b:1::', 48, 'a range that embeds other addresses'],
  ['2001::', 32, 'a range that embeds other addresses'],
  ['2002::', 16, 'a range that embeds other addresses'],
];

/** `::` and `::1` embed no address, although they are in a range that embeds other addresses. */
const THIS_HOST_V6: Range = ['::', 127, 'this host'];

/** The name of the range that contains an address, or undefined. */
type FindRange = (ip: string, family: 'ipv4' | 'ipv6') => string | undefined;

const findAlwaysRefused = createRangeFinder(ALWAYS_REFUSED);
const findThisHostV6 = createRangeFinder([THIS_HOST_V6]);
const findNotPublicV4 = createRangeFinder(NOT_PUBLIC_V4);
const findNotPublicV6 = createRangeFinder(NOT_PUBLIC_V6);
const findGlobalUnicastV6 = createRangeFinder([GLOBAL_UNICAST_V6]);

/**
 * Why no request may be sent to an address, or undefined when it is allowed. Only public unicast addresses are allowed;
 * text that is not an address is refused. The reason names the kind of network, never the address, so that it can be
 * shown for a name that resolves to an address of a private network.
 */
export function whyAddressRefused(ip: string, rules: AddressRules): string | undefined {
  const version = isIP(ip);
  // A zone (`fe80::1%eth0`) has a meaning on one machine only.
  if (version === 0 || ip.includes('%')) return 'it is not an IP address';
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const never = findThisHostV6(ip, family) === undefined ? findAlwaysRefused(ip, family) : undefined;
  if (never !== undefined) return `it is in ${never}`;
  if (rules.allowPrivateEndpoints) return undefined;
  const name = family === 'ipv4' ? findNotPublicV4(ip, family) : whyNotPublicV6(ip);
  return name === undefined ? undefined : `it is in ${name}`;
}

function whyNotPublicV6(ip: string): string | undefined {
  if (ip === '::1') return 'the loopback interface';
  if (findGlobalUnicastV6(ip, 'ipv6') === undefined) return 'a range that is not public';
  return findNotPublicV6(ip, 'ipv6');
}

/** The lists are made at the first check: no cold start waits for them. */
function createRangeFinder(ranges: readonly Range[]): FindRange {
  let lists: ReturnType<typeof listOf>[] | undefined;
  return (ip, family) => {
    lists ??= ranges.map(listOf);
    // Each list is used for its own family only: BlockList treats ::ffff:a.b.c.d as a.b.c.d.
    return lists.find((range) => range.family === family && range.list.check(ip, family))?.name;
  };
}

function listOf([network, prefix, name]: Range) {
  const family = isIP(network) === 4 ? ('ipv4' as const) : ('ipv6' as const);
  const list = new BlockList();
  list.addSubnet(network, prefix, family);
  return { list, family, name };
}
