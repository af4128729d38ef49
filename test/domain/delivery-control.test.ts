import { describe, expect, it } from 'vitest';
import { readDeliveryControl } from '../../lambdas/shared/domain/delivery-control.ts';

describe('the header webhook-delivery', () => {
  it.each([
    ['disable', 'disable'],
    ['abort-message', 'abort'],
    ['abort', 'abort'],
    [' Disable ', 'disable'],
    ['ABORT-MESSAGE', 'abort'],
    ['abort-message, disable', 'disable'],
    [['abort', 'disable'], 'disable'],
    [['other', 'abort'], 'abort'],
  ])('%j is read as %s', (header, control) => {
    expect(readDeliveryControl(header)).toBe(control);
  });

  it.each([
    undefined,
    '',
    'enable',
    'disabled',
    'constructor',
    '__proto__',
    'disable;q=1',
    'dısable',
    `${'x'.repeat(200)},disable`,
    [] as string[],
    Array.from({ length: 20_000 }, () => 'x'),
  ])('any other value is ignored: %.40s [NET-25]', (header) => {
    expect(readDeliveryControl(header)).toBeUndefined();
  });
});
