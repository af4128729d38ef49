import { BlockList, isIP } from 'node:net';

export interface AddressRules {
  /** For development: private and loopback addresses are fine. Metadata services never are. */
  readonly allowPrivateEndpoints: boolean;
}

/** A block that is not the public internet, and what to call it in a reason. */
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

/** https://www.iana.org/assignments/ipv6-unicast-address-assignments: the only block that is handed out. */
const GLOBAL_UNICAST_V6: Range = ['2000::', 3, 'global unicast'];

/** What inside `2000::/3` is not a public host after all. */
const NOT_PUBLIC_V6: readonly Range[] = [
  ['2001::', 23, 'a reserved range'],
  ['2001:db8::', 32, 'a range for documentation'],
  ['2002::', 16, 'a range that embeds other addresses'],
  ['3fff::', 20, 'a range for documentation'],
];

/**
 * Refused whatever the rules: metadata and credential services of clouds, and IPv6 ranges that embed an
 * IPv4 address and so would be another spelling of one.
 */
const NEVER: readonly Range[] = [
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

/** `::` and `::1` embed nothing, though they lie where addresses were embedded once. */
const THIS_HOST_V6: Range = ['::', 127, 'this host'];

type Check = (ip: string, family: 'ipv4' | 'ipv6') => string | undefined;

const isNever = checkRanges(NEVER);
const isThisHostV6 = checkRanges([THIS_HOST_V6]);
const isNotPublicV4 = checkRanges(NOT_PUBLIC_V4);
const isNotPublicV6 = checkRanges(NOT_PUBLIC_V6);
const isGlobalUnicastV6 = checkRanges([GLOBAL_UNICAST_V6]);

/**
 * Why no request may go to this address, or undefined when one may. Default deny: only public unicast
 * passes, and what is no address at all does not. The reason names the kind of network, never the address,
 * so it can be shown for a name that resolves into somebody's private network.
 */
export function whyAddressRefused(ip: string, rules: AddressRules): string | undefined {
  const version = isIP(ip);
  // A zone (`fe80::1%eth0`) means something on one machine only.
  if (version === 0 || ip.includes('%')) return 'it is not an IP address';
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const never = isThisHostV6(ip, family) === undefined ? isNever(ip, family) : undefined;
  if (never !== undefined) return `it is in ${never}`;
  if (rules.allowPrivateEndpoints) return undefined;
  const name = family === 'ipv4' ? isNotPublicV4(ip, family) : whyNotPublicV6(ip);
  return name === undefined ? undefined : `it is in ${name}`;
}

function whyNotPublicV6(ip: string): string | undefined {
  if (ip === '::1') return 'the loopback interface';
  if (isGlobalUnicastV6(ip, 'ipv6') === undefined) return 'a range that is not public';
  return isNotPublicV6(ip, 'ipv6');
}

function checkRanges(ranges: readonly Range[]): Check {
  const lists = ranges.map(([network, prefix, name]) => {
    const family = isIP(network) === 4 ? 'ipv4' : 'ipv6';
    const list = new BlockList();
    list.addSubnet(network, prefix, family);
    return { list, family, name };
  });
  // A list is asked about its own family only: BlockList would answer for ::ffff:a.b.c.d as for a.b.c.d.
  return (ip, family) => lists.find((range) => range.family === family && range.list.check(ip, family))?.name;
}
