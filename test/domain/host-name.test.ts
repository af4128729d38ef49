import { describe, expect, it } from 'vitest';
import { whyNameInvalid } from '../../lambdas/shared/domain/host-name.ts';

/** A name of `length` characters, with labels of at most 63. */
function nameOf(length: number): string {
  return `${'a'.repeat(63)}.`
    .repeat(4)
    .slice(0, length - 1)
    .concat('b');
}

describe('a host name', () => {
  it('has labels of at most 63 characters', () => {
    expect(whyNameInvalid(`${'a'.repeat(63)}.example`)).toBeUndefined();
    expect(whyNameInvalid(`${'a'.repeat(64)}.example`)).toContain('a label has 64 characters, at most 63');
  });

  it('has at most 253 characters', () => {
    expect(whyNameInvalid(nameOf(253))).toBeUndefined();
    expect(whyNameInvalid(nameOf(254))).toContain('it has 254 characters, at most 253');
  });
});
