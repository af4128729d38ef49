import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { whySecretRefused } from '../../lambdas/shared/secrets/secret-format.ts';

const whsec = (bytes: number): string => `whsec_${randomBytes(bytes).toString('base64')}`;

describe('whySecretRefused', () => {
  it.each([
    'your_webhook_secret',
    'a'.repeat(16),
    'a'.repeat(256),
    'with spaces & {signs}~',
    whsec(16),
    whsec(32),
  ])('accepts %s', (secret) => {
    expect(whySecretRefused(secret)).toBeUndefined();
  });

  it.each(['', 'a'.repeat(15), 'a'.repeat(257)])('refuses %j for its length [API-4]', (secret) => {
    expect(whySecretRefused(secret)).toContain(`${secret.length} characters`);
  });

  it.each([
    'sécret-sécret-sécret',
    'secret-secret-\n-secret',
    'secret-secret-\u007f-secret',
    '🔑'.repeat(10),
  ])('refuses %j for its characters [API-4]', (secret) => {
    expect(whySecretRefused(secret)).toContain('printable ASCII');
  });

  it.each([
    'whsec_not base64 at all!',
    'whsec_your_webhook_secret',
    whsec(32).replace('=', ''),
    `${whsec(33)}=`,
  ])('refuses %s, which verifying libraries could not decode [API-4]', (secret) => {
    expect(whySecretRefused(secret)).toContain('padded base64');
  });

  it('refuses a whsec_ secret with too few bytes', () => {
    expect(whySecretRefused(whsec(15))).toContain('15 bytes');
  });

  it('never repeats the secret in the reason [API-4]', () => {
    const secrets = ['short-secret', 'sécret-sécret-sécret', 'whsec_your_webhook_secret'];

    expect(secrets.filter((secret) => whySecretRefused(secret)?.includes(secret))).toEqual([]);
  });
});
