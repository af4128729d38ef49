import { describe, expect, it } from 'vitest';
import { costChart } from '../../bench/charts/cost-chart.ts';
import { chartSvg, niceCeiling } from '../../bench/charts/svg.ts';

describe('a chart', () => {
  const chart = {
    title: 'Cost & speed',
    conditions: '1 KiB',
    unit: '$',
    panels: [{ title: 'load', labels: ['1', '2', '3'], series: [{ name: 'a', values: [0, 5, 10] }] }],
  };

  it('has a point for each value, from the bottom to the top of its panel', () => {
    const heights = [...chartSvg(chart).matchAll(/<circle cx="[\d.]+" cy="([\d.]+)"/g)].map(([, cy]) =>
      Number(cy),
    );

    expect(heights).toEqual([190, 112, 34]);
  });

  it('leaves out values that were not measured', () => {
    const panels = [{ ...chart.panels[0], title: '', labels: [], series: [{ name: 'a', values: [NaN, 1] }] }];

    expect(chartSvg({ ...chart, panels }).match(/<circle/g)).toHaveLength(1);
    expect(chartSvg({ ...chart, panels })).not.toContain('NaN');
  });

  it('escapes texts', () => {
    expect(chartSvg(chart)).toContain('<title>Cost &#38; speed</title>');
  });

  it('has an axis that ends at a round number', () => {
    expect([0, 0.7, 9, 11, 23, 260, 1_000].map(niceCeiling)).toEqual([1, 0.8, 10, 20, 40, 400, 1_000]);
  });
});

describe('the chart of the cost', () => {
  it('shows that full batches are cheaper than events alone, at each point', () => {
    for (const { labels, series } of costChart().panels) {
      const [alone, full] = series;
      expect(labels).toHaveLength(alone?.values.length ?? 0);
      alone?.values.forEach((value, index) => {
        expect(value).toBeGreaterThanOrEqual(full?.values[index] ?? Number.NaN);
      });
    }
  });
});
