import { describe, expect, it } from 'vitest';
import { FIXED } from '../../bench/bill/bill.ts';
import { type Properties, synthesize } from './synthesize.ts';

describe('the fixed costs of a month', () => {
  it.each([
    ['eventSources', 'AWS::Lambda::EventSourceMapping'],
    ['keys', 'AWS::KMS::Key'],
    ['dashboards', 'AWS::CloudWatch::Dashboard'],
  ] as const)('count the %s of the template', (name, type) => {
    expect(synthesize().resources(type)).toHaveLength(FIXED[name]);
  });

  it('count the metrics of the alarms', () => {
    const metrics = synthesize()
      .resources('AWS::CloudWatch::Alarm')
      .flatMap(({ Metrics = [{ MetricStat: {} }] }) =>
        Metrics.filter(({ MetricStat }: Properties) => MetricStat),
      );

    expect(metrics).toHaveLength(FIXED.alarmMetrics);
  });

  it('have point-in-time recovery of one table: the webhooks', () => {
    const { resources } = synthesize();
    const recovered = resources('AWS::DynamoDB::Table').filter((table) =>
      JSON.stringify(table).includes('"PointInTimeRecoveryEnabled":true'),
    );

    expect(recovered).toHaveLength(1);
  });
});
