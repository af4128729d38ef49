import { describe, expect, it } from 'vitest';
import { selectOutputs } from '../../command/shared/select-outputs.ts';

const ONE = { WebhooksTableName: 'table', ApiUrl: 'https://one' };
const TWO = { ...ONE, BillingWebhooksTableName: 'billing', BillingApiUrl: 'https://two' };

describe('the outputs of a deployment', () => {
  it.each([
    ['a single one without a prefix', ONE, undefined, ONE],
    [
      'a single one with a prefix',
      { BillingWebhooksTableName: 'billing', BillingApiUrl: 'https://two', Other: 'x' },
      undefined,
      { WebhooksTableName: 'billing', ApiUrl: 'https://two' },
    ],
    ['the one with the prefix', TWO, 'Billing', { WebhooksTableName: 'billing', ApiUrl: 'https://two' }],
    ['the one without a prefix, beside another', TWO, '', ONE],
    ['a stack without a deployment', { Other: 'x' }, undefined, { Other: 'x' }],
  ])('%s', (_, outputs, prefix, expected) => {
    expect(selectOutputs(outputs, prefix)).toEqual(expected);
  });

  it.each([
    [undefined, 'the stack has several deployments: choose one with --prefix'],
    ['Shop', 'there is no "Shop": choose one with --prefix'],
  ])('must be chosen among several: prefix %s', (prefix, message) => {
    expect(() => selectOutputs(TWO, prefix)).toThrow(message);
    expect(() => selectOutputs(TWO, prefix)).toThrow('there are "", "Billing"');
  });
});
