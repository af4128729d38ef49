import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { describe, expect, it } from 'vitest';
import { parseEmf } from '../../../local/cloudwatch/parse-emf.ts';

/** The line that Powertools writes for these calls. */
function lineOf(write: (metrics: Metrics) => void): string {
  const metrics = new Metrics({ namespace: 'WebhookFanout', serviceName: 'send-delivery' });
  write(metrics);
  return JSON.stringify(metrics.serializeMetrics());
}

describe('parseEmf', () => {
  it('reads the counters that Powertools writes, with their dimensions', () => {
    const line = lineOf((metrics) => {
      metrics.addDimension('deployment', 'production');
      metrics.addMetric('delivered', MetricUnit.Count, 5);
      metrics.addMetric('exhausted', MetricUnit.Count, 1);
    });

    const dimensions = { service: 'send-delivery', deployment: 'production' };
    expect(parseEmf(line)).toEqual([
      {
        metric: { namespace: 'WebhookFanout', name: 'delivered', dimensions },
        value: 5,
        at: expect.any(Number),
      },
      {
        metric: { namespace: 'WebhookFanout', name: 'exhausted', dimensions },
        value: 1,
        at: expect.any(Number),
      },
    ]);
  });

  it('reads each value of a metric that has several', () => {
    const line = lineOf((metrics) => {
      for (const latency of [10, 30, 10]) metrics.addMetric('latency', MetricUnit.Milliseconds, latency);
    });

    expect(parseEmf(line).map(({ value }) => value)).toEqual([10, 30, 10]);
  });

  it.each([
    'START RequestId: 1',
    '{"level":"INFO","message":"attempt"}',
    '{"_aws":',
    '{"_aws":{"CloudWatchMetrics":"x"}}',
  ])('finds no metric in %s', (line) => {
    expect(parseEmf(line)).toEqual([]);
  });
});
