import { count, duration, seconds } from '../measurement/format-number.ts';
import { eachFunction } from '../measurement/function-names.ts';
import { formatTable } from '../measurement/text-table.ts';
import { billOf } from './bill.ts';
import { type Comparison, firstLaneSeconds, lambdaSeconds } from './compare.ts';
import type { Result } from './simulate.ts';

/** The figures of one comparison, for a program. */
export function summarise(comparison: Comparison) {
  const { clean, hanging, p99OverClean, firstLaneTimeOverClean, longestMs } = comparison;
  return {
    parameters: hanging.parameters,
    clean: summariseResult(clean),
    hanging: summariseResult(hanging),
    p99OverClean,
    firstLaneTimeOverClean,
    /** null: the onset had not ended at the end of the run. */
    onsetSeconds: finiteOrNull(comparison.onsetSeconds),
    secondsUntilNoneIsLate: finiteOrNull(comparison.secondsUntilNoneIsLate),
    longestMs,
    /** null: no attempt of the first lane hung. */
    lastHungOnFirstLaneSeconds: hanging.lastHungSeconds ?? null,
  };
}

export function formatComparison(comparison: Comparison): string {
  const summary = summarise(comparison);
  const { clean, hanging, longestMs, p99OverClean, firstLaneTimeOverClean } = summary;
  const row = (name: string, valueIn: (summary: typeof clean) => string, overClean = ''): string[] => [
    name,
    valueIn(clean),
    valueIn(hanging),
    overClean,
  ];
  const rows = [
    row('healthy p50', ({ healthyP50Ms }) => duration(healthyP50Ms)),
    row('healthy p99', ({ healthyP99Ms }) => duration(healthyP99Ms), ratio(p99OverClean)),
    row(
      'first lane, ms a healthy delivery',
      (summary) => (summary.firstLaneSecondsPerHealthyDelivery * 1_000).toFixed(1),
      ratio(firstLaneTimeOverClean),
    ),
    row('Lambda seconds', (summary) => count(summary.lambdaSeconds)),
    row('environments, first lane', ({ environments }) => environments.first.toFixed(1)),
    row('environments, retry lane', ({ environments }) => environments.retry.toFixed(1)),
    row('environments, slow lane', ({ environments }) => environments.slow.toFixed(1)),
    row(
      'slow queue at the end',
      ({ slowBacklog }) => `${slowBacklog.messages}, ${duration(slowBacklog.oldestMs)}`,
    ),
    row('$ per million', ({ dollarsPerMillion }) => dollarsPerMillion.toFixed(2)),
    ['onset', '', seconds(comparison.onsetSeconds), ''],
    ['until no delivery is late', '', seconds(comparison.secondsUntilNoneIsLate), ''],
    ['longest latency after the onset began', '', duration(longestMs), ''],
  ];
  return formatTable({ head: ['', 'clean', 'hanging', 'over clean'], rows, words: [0] }, 'text');
}

/** With two decimals, since these figures are compared with a measurement. */
function ratio(value: number): string {
  return `${value.toFixed(2)}×`;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function summariseResult(result: Result) {
  return {
    healthyDeliveries: result.healthy.deliveries,
    healthyP50Ms: result.healthy.p50Ms,
    healthyP99Ms: result.healthy.p99Ms,
    firstLaneSecondsPerHealthyDelivery: firstLaneSeconds(result),
    lambdaSeconds: lambdaSeconds(result),
    environments: eachFunction((name) => result.functions[name].meanConcurrency),
    onsetPeak: eachFunction((name) => result.functions[name].onsetPeak),
    slowBacklog: result.slowBacklog,
    dollarsPerMillion: billOf(result).dollarsPerMillionDeliveries,
  };
}
