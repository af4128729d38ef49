import { describe, expect, it } from 'vitest';
import { billOf } from '../../simulate/bill.ts';
import { DEPLOYED, withoutLanes, withoutLimits } from '../../simulate/parameters.ts';
import { environmentsOf, quotaUses } from '../../simulate/quotas.ts';
import { simulate } from '../../simulate/simulate.ts';

const clean = {
  ...DEPLOYED,
  ...{ eventsPerSecond: 200, endpoints: 200, hangingShare: 0, failingShare: 0 },
  ...{ cleanSeconds: 5, settleSeconds: 5, measuredSeconds: 30 },
  dispatch: { ...DEPLOYED.dispatch, windowMs: 1_000 },
  first: { ...DEPLOYED.first, windowMs: 1_000 },
};

describe('the bill of a simulated load', () => {
  it('has the prices of the local cloud, line by line, when every batch is full', () => {
    const { lines, dollarsPerMillionDeliveries } = billOf(simulate(withoutLimits(clean)));

    const perMillion = Object.fromEntries(
      lines.map(({ name, dollars }) => [name, Number(((dollars / 200) * 1e6).toFixed(2))]),
    );
    expect(perMillion).toEqual({
      EventBridge: 1,
      'Lambda requests': expect.closeTo(0.04, 2),
      'Lambda time': expect.closeTo(0.13, 1),
      SQS: expect.closeTo(0.6, 1),
      'DynamoDB writes': expect.closeTo(1.88, 1),
      'DynamoDB reads': expect.closeTo(0.13, 1),
    });
    expect(dollarsPerMillionDeliveries).toBeCloseTo(3.77, 1);
  });

  it('has no bus, and a tenth of the sends to the events queue, when producers send directly', () => {
    const bus = billOf(simulate(withoutLimits(clean)));
    const direct = billOf(simulate(withoutLimits({ ...clean, direct: true })));

    expect(direct.lines.some(({ name }) => name === 'EventBridge')).toBe(false);
    // 1.00 for the bus, and 0.9 of 0.40 for its sends.
    expect(bus.dollarsPerMillionDeliveries - direct.dollarsPerMillionDeliveries).toBeCloseTo(1.36, 1);
  });

  it('is lower for each delivery when an event has many', () => {
    const one = billOf(simulate(withoutLimits(clean)));
    const ten = billOf(simulate(withoutLimits({ ...clean, eventsPerSecond: 20, fanOut: 10 })));

    expect(ten.dollarsPerMillionDeliveries).toBeLessThan(one.dollarsPerMillionDeliveries / 2);
  });

  it('grows with the time that environments wait for hanging endpoints', () => {
    const hanging = { ...clean, hangingShare: 0.05, settleSeconds: 40 };
    const withLanes = billOf(simulate(withoutLimits(hanging)));
    const without = billOf(simulate(withoutLimits(withoutLanes(hanging))));

    expect(without.dollarsPerMillionDeliveries).toBeGreaterThan(1.5 * withLanes.dollarsPerMillionDeliveries);
  });
});

describe('the quota with the highest use', () => {
  it('is that of the bus when no endpoint hangs', () => {
    const [fullest] = quotaUses(simulate(withoutLimits(clean)), 100);

    expect(fullest).toEqual({ name: 'EventBridge PutEvents', limit: 10_000, need: 20_000 });
  });

  it('is that of Lambda when hanging endpoints occupy the environments of a single queue', () => {
    const result = simulate(withoutLimits(withoutLanes({ ...clean, hangingShare: 0.05, settleSeconds: 40 })));

    expect(quotaUses(result)[0]).toEqual({
      name: 'Lambda concurrent executions',
      limit: 1_000,
      need: environmentsOf(result),
    });
  });
});
