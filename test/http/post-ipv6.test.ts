import type { NetworkInterfaceInfo } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findAddresses, hasIpv6Address } from '../../lambdas/shared/http/find-addresses.ts';
import type { Poster } from '../../lambdas/shared/http/post.ts';
import { trackResources } from '../support/open-resources.ts';
import { type DnsPosting, startDnsPosting } from './support/dns-posting.ts';

const open = trackResources();
afterEach(open.closeAll);

let posting: DnsPosting;
beforeEach(async () => {
  posting = await startDnsPosting(open);
});

const loopback6 = networkAddress('::1', { internal: true });
const linkLocal6 = networkAddress('fe80::1', { scopeid: 2 });
const global6 = networkAddress('2600:1f18::1');
const ipv4: NetworkInterfaceInfo = {
  address: '169.254.76.1',
  netmask: '255.255.254.0',
  family: 'IPv4',
  mac: '00:00:00:00:00:00',
  internal: false,
  cidr: null,
};

function networkAddress(
  address: string,
  other: { internal?: boolean; scopeid?: number } = {},
): NetworkInterfaceInfo {
  const info = { netmask: 'ffff::', family: 'IPv6', mac: '00:00:00:00:00:00', cidr: null } as const;
  return { address, internal: false, scopeid: 0, ...info, ...other };
}

describe('an endpoint with IPv6 addresses, in an environment without IPv6', () => {
  const withoutIpv6 = (): Poster => posting.startPoster({ hasIpv6: () => false });
  const ONLY_IPV6 = { A: { addresses: [] }, AAAA: { addresses: ['fd00::1'] } };

  it('and no IPv4 addresses fails with a reason that describes the solution [NET-16]', async () => {
    posting.dns.set('receiver.test', ONLY_IPV6);

    expect(await posting.post(withoutIpv6(), 'receiver.test')).toMatchObject({
      kind: 'failed',
      error: 'connection_error',
      reason:
        'receiver.test has only IPv6 addresses, and this deployment reaches IPv4 only; publish an A record',
    });
  });

  it('in its URL fails with a reason that describes the solution', async () => {
    expect(await posting.post(withoutIpv6(), '[fd00::1]')).toMatchObject({
      kind: 'failed',
      error: 'connection_error',
      reason:
        'fd00::1 is an IPv6 address, and this deployment reaches IPv4 only; use a host name with an A record',
    });
  });

  it('and IPv4 addresses is reached by IPv4 [NET-16]', async () => {
    posting.dns.set('receiver.test', { addresses: ['127.0.0.1', 'fd00::1'] });

    expect(await posting.post(withoutIpv6(), 'receiver.test')).toMatchObject({
      kind: 'answered',
      status: 200,
    });
  });

  it('fails as dns_error when the query for IPv4 addresses failed, and is resolved again at the next request', async () => {
    posting.dns.set('receiver.test', { ...ONLY_IPV6, A: 'SERVFAIL' });
    const poster = withoutIpv6();

    expect(await posting.post(poster, 'receiver.test')).toMatchObject({
      error: 'dns_error',
      reason: 'the host name receiver.test could not be resolved (ESERVFAIL)',
    });
    posting.dns.set('receiver.test', { addresses: ['127.0.0.1', 'fd00::1'] });

    expect(await posting.post(poster, 'receiver.test')).toMatchObject({ kind: 'answered', status: 200 });
  });

  it('is refused when one of them is not allowed, although none is used', async () => {
    posting.dns.set('receiver.test', { addresses: ['127.0.0.1', 'fd00:ec2::254'] });

    expect(await posting.post(withoutIpv6(), 'receiver.test')).toMatchObject({ error: 'address_refused' });
  });

  it('is reached at ::1, the loopback address', async () => {
    const sources = { resolve: () => Promise.reject(new Error('not needed')), hasIpv6: () => false };

    expect(await findAddresses('::1', { allowPrivateEndpoints: true }, sources)).toEqual({
      ok: true,
      addresses: ['::1'],
    });
  });

  it.each([
    ['only the loopback address', { lo: [loopback6] }, false],
    ['only a link-local address', { lo: [loopback6], eth0: [linkLocal6] }, false],
    ['only IPv4', { eth0: [ipv4] }, false],
    ['a global address', { lo: [loopback6], eth0: [ipv4, linkLocal6, global6] }, true],
  ])('is recognized by its network interfaces: %s', (_what, interfaces, expected) => {
    expect(hasIpv6Address(interfaces)).toBe(expected);
  });
});
