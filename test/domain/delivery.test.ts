import { describe, expect, it } from 'vitest';
import { DELIVERY_STATUSES, isFinal, parseDeliveryStatus } from '../../lambdas/shared/domain/delivery.ts';

describe('the status of a delivery', () => {
  it('is final for a delivery that has ended', () => {
    expect(DELIVERY_STATUSES.filter(isFinal)).toEqual(['delivered', 'exhausted', 'canceled', 'held']);
    expect(DELIVERY_STATUSES.filter((status) => !isFinal(status))).toEqual(['retrying']);
  });

  it('is parsed from its text only', () => {
    expect(DELIVERY_STATUSES.map(parseDeliveryStatus)).toEqual(DELIVERY_STATUSES);
    for (const other of ['', 'toString', 'Delivered', 7, null, undefined]) {
      expect(parseDeliveryStatus(other)).toBeUndefined();
    }
  });
});
