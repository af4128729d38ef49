import { describe, expect, it } from 'vitest';
import { CONCURRENCY } from '../../lib/shared/concurrency.ts';
import { accountCeiling, ceilingsOf, webhookBytes } from '../../simulate/ceilings.ts';
import type { ScaleRow } from '../../simulate/scale-table.ts';

describe('the events a second of one account', () => {
  it('are as many as a partition can read while all webhooks fit into one read unit', () => {
    const fitting = Math.floor(4_096 / webhookBytes());

    expect(accountCeiling(1, 1, 'deployed')).toBe(3_000);
    expect(accountCeiling(fitting, 1, 'deployed')).toBe(3_000);
    expect(accountCeiling(fitting + 1, 1, 'deployed')).toBe(1_500);
  });

  it('decrease with the bytes of its webhooks', () => {
    expect(webhookBytes()).toBeGreaterThan(400);
    expect(webhookBytes()).toBeLessThan(700);
    const units = (1_000 * webhookBytes()) / 4_096;
    expect(accountCeiling(1_000, 1, 'each batch')).toBeCloseTo(3_000 / units, 0);
    expect(accountCeiling(1_000, 10, 'each batch')).toBeCloseTo(30_000 / units, -1);
  });

  it('are more than 1,000 for 1,000 webhooks, as deployed, also when each batch has one event', () => {
    expect(accountCeiling(1_000, 1, 'deployed')).toBeGreaterThan(1_000);
    expect(accountCeiling(1_000, 10, 'deployed')).toBeGreaterThan(accountCeiling(1_000, 1, 'deployed'));
  });

  it('are those of a list that is read for each batch while the account has few webhooks', () => {
    expect(accountCeiling(19, 1, 'deployed')).toBe(accountCeiling(19, 1, 'each batch'));
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
