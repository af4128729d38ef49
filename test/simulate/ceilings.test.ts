import { describe, expect, it } from 'vitest';
import { CONCURRENCY } from '../../lib/shared/concurrency.ts';
import { accountCeiling, ceilingsOf, webhookBytes } from '../../simulate/ceilings.ts';
import type { ScaleRow } from '../../simulate/scale-table.ts';

describe('the events a second of one account', () => {
  it('are as many as a partition can read while all webhooks fit into one read unit', () => {
    const fitting = Math.floor(4_096 / webhookBytes());

    expect(accountCeiling(1)).toBe(3_000);
    expect(accountCeiling(fitting)).toBe(3_000);
    expect(accountCeiling(fitting + 1)).toBe(1_500);
  });

  it('decrease with the bytes of its webhooks', () => {
    expect(webhookBytes()).toBeGreaterThan(400);
    expect(webhookBytes()).toBeLessThan(700);
    expect(accountCeiling(1_000)).toBeCloseTo(3_000 / ((1_000 * webhookBytes()) / 4_096), 0);
  });
});

describe('the events a second at which a limit is reached', () => {
  const row: ScaleRow = {
    ...{ eventsPerSecond: 1_000, hangingShare: 0, lanes: true },
    environments: { dispatch: 2, first: 30, retry: 1, slow: 0 },
    ...{ allEnvironments: 50, onsetPeak: 0, healthyP99Ms: 160, onsetSeconds: 0 },
    ...{ dollarsPerMillion: 4, dollarsPerHour: 14 },
    quotas: [
      { name: 'fullest', limit: 100, need: 50 },
      { name: 'emptiest', limit: 100, need: 1 },
    ],
  };

  it('follow from the use of the limit, lowest first', () => {
    const ceilings = ceilingsOf([
      row,
      { ...row, environments: { dispatch: 2, first: 60, retry: 1, slow: CONCURRENCY.slow * 2 } },
    ]);

    expect(ceilings.map(({ name, eventsPerSecond }) => [name, eventsPerSecond])).toEqual([
      [`this deployment's slow lane: ${CONCURRENCY.slow}`, [undefined, 500]],
      ['fullest', [2_000, 2_000]],
      ["this deployment's first lane: 300", [10_000, 5_000]],
      ['emptiest', [100_000, 100_000]],
    ]);
  });
});
