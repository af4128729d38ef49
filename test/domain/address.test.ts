import { describe, expect, it } from 'vitest';

import { whyAddressRefused } from '../../lambdas/shared/domain/address.ts';

const PRODUCTION = { allowPrivateEndpoints: false };
const DEVELOPMENT = { allowPrivateEndpoints: true };

const PUBLIC = ['1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0'].concat(
  ['172.15.255.255', '172.32.0.0', '192.0.1.1', '198.17.255.255', '198.20.0.0', '223.255.255.255'],
  ['2600:1f18::1', '2a00:1450:4001:80b::200e', '2001:4860:4860::8888', '2003::1', '2606:4700::1111'],
);

const PRIVATE = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.0.1',
].concat(
  ['172.16.0.1', '172.31.255.255', '192.0.0.8', '192.0.2.1', '192.88.99.1', '192.168.0.1', '198.18.0.1'],
  ['198.19.255.255', '198.51.100.7', '203.0.113.9', '224.0.0.1', '239.1.1.1', '240.0.0.1', '255.255.255.255'],
  ['::', '::1', 'fc00::1', 'fd12:3456::1', 'fec0::1', 'ff02::1', '100::1', '1fff::1', '4000::1'],
  ['2001:100::1', '2001:db8::1', '3fff::1', '3fff:fff::1'],
);

const NEVER = ['169.254.169.254', '169.254.170.2', '169.254.0.1', '100.100.100.200', '168.63.129.16'].concat(
  ['fd00:ec2::254', 'FD00:EC2:0:0:0:0:0:254', 'fe80::1', '::ffff:127.0.0.1', '::ffff:a9fe:a9fe'],
  [
    '0:0:0:0:0:ffff:8.8.8.8',
    '::ffff:1.1.1.1',
    '64:ff9b::169.254.169.254',
    '64:ff9b:1::1',
    '2002:a9fe:a9fe::1',
  ],
  ['::7f00:1', '::169.254.169.254', '::2', '::ffff:0:169.254.169.254', '0:0:0:0:0:0:a9fe:a9fe'],
  ['2001::1', 'fe80::1%eth0', '2600::1%eth0', 'localhost', '', '1.2.3', '0x7f.1', '1.2.3.4.5'],
);

describe('whyAddressRefused', () => {
  it.each(PUBLIC)('allows the public address %s [URL-6]', (ip) => {
    expect(whyAddressRefused(ip, PRODUCTION)).toBeUndefined();
  });

  it.each(PRIVATE)('refuses %s, unless private endpoints are allowed [URL-6, URL-7]', (ip) => {
    expect(whyAddressRefused(ip, PRODUCTION)).toMatch(/^it is /);
    expect(whyAddressRefused(ip, DEVELOPMENT)).toBeUndefined();
  });

  it.each(NEVER)('refuses "%s" even when private endpoints are allowed [URL-6, URL-7, URL-8]', (ip) => {
    expect(whyAddressRefused(ip, PRODUCTION)).toMatch(/^it is /);
    expect(whyAddressRefused(ip, DEVELOPMENT)).toMatch(/^it is /);
  });

  it('names the kind of network in the reason, and not the address, which may be confidential [NET-19]', () => {
    expect(whyAddressRefused('10.1.2.3', PRODUCTION)).toBe('it is in a private network');
  });
});
