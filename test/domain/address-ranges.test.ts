import { describe, expect, it } from 'vitest';
import { whyAddressRefused } from '../../lambdas/shared/domain/address.ts';

describe('a network that is not public', () => {
  it.each([
    ['0.0.0.0', '0.255.255.255'],
    ['10.0.0.0', '10.255.255.255'],
    ['100.64.0.0', '100.127.255.255'],
    ['127.0.0.0', '127.255.255.255'],
    ['169.254.0.0', '169.254.255.255'],
    ['172.16.0.0', '172.31.255.255'],
    ['192.0.0.0', '192.0.0.255'],
    ['192.0.2.0', '192.0.2.255'],
    ['192.88.99.0', '192.88.99.255'],
    ['192.168.0.0', '192.168.255.255'],
    ['198.18.0.0', '198.19.255.255'],
    ['198.51.100.0', '198.51.100.255'],
    ['203.0.113.0', '203.0.113.255'],
    ['224.0.0.0', '255.255.255.255'],
    ['2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ])('is refused from %s to %s [URL-6, URL-7]', (first, last) => {
    const reasons = [first, last].map((ip) => whyAddressRefused(ip, { allowPrivateEndpoints: false }));

    expect(reasons).not.toContain(undefined);
  });

  it.each([
    ['fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['fd00:ec2::', 'fd00:ec2:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['::2', '::ffff:ffff'],
    ['64:ff9b::', '64:ff9b::ffff:ffff'],
    ['64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff'],
    ['2001::', '2001:0:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ])('is refused from %s to %s even when private endpoints are allowed [URL-7, URL-8]', (first, last) => {
    const reasons = [first, last].map((ip) => whyAddressRefused(ip, { allowPrivateEndpoints: true }));

    expect(reasons).not.toContain(undefined);
  });

  it('ends where the global unicast network begins and ends', () => {
    const reasons = ['2000::', '3ffe:ffff::'].map((ip) =>
      whyAddressRefused(ip, { allowPrivateEndpoints: false }),
    );

    expect(reasons).toEqual([undefined, undefined]);
    expect(whyAddressRefused('::1', { allowPrivateEndpoints: false })).toBe(
      'it is in the loopback interface',
    );
  });
});
