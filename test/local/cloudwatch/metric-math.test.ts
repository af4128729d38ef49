import { describe, expect, it } from 'vitest';
import { compileQueries } from '../../../local/cloudwatch/metric-queries.ts';
import { createMetricStore, MINUTE_MS } from '../../../local/cloudwatch/metric-store.ts';

const END = 5 * MINUTE_MS;
const METRICS = {
  failed: [1, undefined, 3, 0],
  delivered: [9, 4, 1, 0],
} as const;

/** The last four minutes of an expression over the metrics above. */
function evaluate(expression: string): (number | undefined)[] {
  const store = createMetricStore();
  const metricOf = (name: string) => ({ namespace: 'Test', name, dimensions: {} });
  for (const [name, points] of Object.entries(METRICS)) {
    for (const [index, point] of points.entries()) {
      if (point !== undefined) store.add(metricOf(name), point, (index + 1) * MINUTE_MS);
    }
  }
  const queries = compileQueries([
    ...Object.keys(METRICS).map((name) => ({ id: name, metric: metricOf(name), statistic: 'Sum' })),
    { id: 'ratio', expression: 'failed / delivered' },
    { id: 'result', expression },
  ]);
  return [...queries.read('result', store, { end: END, periodMs: MINUTE_MS, count: 4 })];
}

describe('metric math', () => {
  it.each<[string, (number | undefined)[]]>([
    ['failed + delivered', [10, undefined, 4, 0]],
    ['FILL(failed, 0) + delivered', [10, 4, 4, 0]],
    ['FILL(failed, REPEAT)', [1, 1, 3, 0]],
    ['100 * failed / (failed + delivered)', [10, undefined, 75, undefined]],
    ['2 + 3 * 2 ^ 2 - -1', [15, 15, 15, 15]],
    ['failed >= 1 AND delivered > 5', [1, undefined, 0, 0]],
    ['failed == 3 || delivered == 9', [1, undefined, 1, 0]],
    ['IF(failed + delivered >= 4, failed)', [1, undefined, 3, undefined]],
    ['IF(failed > 2, 7, delivered)', [9, 4, 7, 0]],
    ['SUM([failed, delivered])', [10, 4, 4, 0]],
    ['SUM(METRICS())', [10, 4, 4, 0]],
    ['MAX([failed, delivered])', [9, 4, 3, 0]],
    ['MIN([failed, delivered])', [1, 4, 1, 0]],
    ['AVG([failed, delivered])', [5, 4, 2, 0]],
    ['SUM(delivered)', [14, 14, 14, 14]],
    ['RUNNING_SUM(delivered)', [9, 13, 14, 14]],
    ['CEIL(delivered / 2) + FLOOR(1.5) + ABS(0 - 1)', [7, 4, 3, 2]],
    ['delivered / PERIOD(delivered)', [9 / 60, 4 / 60, 1 / 60, 0]],
    ['ratio * 9', [1, undefined, 27, undefined]],
  ])('%s', (expression, points) => {
    expect(evaluate(expression)).toEqual(points);
  });

  it.each([
    ['TIME_SERIES(1)', 'the metric math function "TIME_SERIES"'],
    ['failed +', 'expected a value, got the end'],
    ['(failed', 'expected ), got the end'],
    ['failed % 2', 'cannot read "% 2"'],
    ['failed delivered', 'unexpected "delivered"'],
    ['other + 1', 'there is no metric with the id "other"; there are failed, delivered'],
  ])('reports the error in %s', (expression, message) => {
    expect(() => evaluate(expression)).toThrow(message);
  });
});
