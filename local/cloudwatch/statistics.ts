import type { Values } from './metric-store.ts';

/** `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount`, or a percentile such as `p99` or `p99.9`. */
export type Statistic = (values: Values) => number;

const PERCENTILE = /^p(?<percent>\d{1,2}(?:\.\d+)?|100)$/;

const STATISTICS: Readonly<Record<string, Statistic>> = {
  Sum: sumOf,
  Average: (values) => sumOf(values) / countOf(values),
  Minimum: (values) => Math.min(...values.keys()),
  Maximum: (values) => Math.max(...values.keys()),
  SampleCount: countOf,
};

/** Throws an error with the name of an unknown statistic. */
export function statisticNamed(name: string): Statistic {
  const known = STATISTICS[name];
  if (known !== undefined) return known;
  const percent = PERCENTILE.exec(name)?.groups?.percent;
  if (percent !== undefined) return (values) => percentileOf(values, Number(percent));
  throw new Error(
    `the local cloud does not support the statistic "${name}"; it supports ${Object.keys(STATISTICS).join(', ')} and percentiles such as p99`,
  );
}

function sumOf(values: Values): number {
  let sum = 0;
  for (const [value, times] of values) sum += value * times;
  return sum;
}

function countOf(values: Values): number {
  let count = 0;
  for (const times of values.values()) count += times;
  return count;
}

/** The smallest value that is not exceeded by that part of the values. CloudWatch interpolates between two of them. */
function percentileOf(values: Values, percent: number): number {
  const sorted = [...values].sort(([a], [b]) => a - b);
  const rank = (percent / 100) * countOf(values);
  let counted = 0;
  for (const [value, times] of sorted) {
    counted += times;
    if (counted >= rank) return value;
  }
  return sorted.at(-1)?.[0] ?? Number.NaN;
}
