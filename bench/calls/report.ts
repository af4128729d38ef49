import { sum } from '../../measurement/statistics.ts';
import { formatTable } from '../../measurement/text-table.ts';
import type { CallCount } from '../shared/count-calls.ts';
import { atMost, type BenchRow, formatRows, withoutTarget } from '../shared/rows.ts';
import type { Measurement } from './measure.ts';
import { THIN_WITH_WINDOW } from './scenarios.ts';

const MILLION = 1_000_000;

/** Targets: calls for each delivery, by the name of the scenario. */
const MAX_CALLS = { 'fan-out 1': 3.9, 'fan-out 100': 0.55, thin: 8, [THIN_WITH_WINDOW]: 8 } as const;
/** Target: additional calls for each delivery of a backlog, compared with the scenario `fan-out 1`. */
const MAX_ADDITIONAL_BACKLOG_CALLS = 0.4;
/** Target: dollars for a million deliveries of the scenario `fan-out 1`. */
const MAX_DOLLARS_PER_MILLION = 3.3;

export interface CallsReport {
  readonly rows: readonly BenchRow[];
  readonly measurements: readonly Measurement[];
  /** Why the figures are not valid. Empty when they are. */
  readonly failures: readonly string[];
}

export function reportOf(measurements: readonly Measurement[]): CallsReport {
  return {
    rows: measurements.flatMap((measurement) => [
      callsRow(measurement, measurements),
      dollarsRow(measurement),
    ]),
    measurements,
    failures: measurements.flatMap(({ failures }) => failures),
  };
}

/** Counted calls for each delivery. */
export function callsPerDelivery({ calls, deliveries }: Measurement): number {
  const counted = calls.filter(({ counted }) => counted);
  return sum(counted.map(({ calls }) => calls)) / deliveries;
}

/** The metered calls and dollars of each measurement, by caller, action and line of the bill. */
export function formatMeasurements(measurements: readonly Measurement[]): string {
  return [
    'Metered calls per delivery',
    perMeasurement(measurements, ['caller', 'action'], callLines(measurements)),
    '',
    'Dollars per million deliveries',
    perMeasurement(measurements, ['line'], costLines(measurements)),
  ].join('\n');
}

export function formatCalls({ rows, measurements, failures }: CallsReport): string {
  return [
    formatMeasurements(measurements),
    '',
    formatRows(rows),
    ...failures.map((failure) => `FAILED: ${failure}`),
  ].join('\n');
}

export function callsRow(measurement: Measurement, all: readonly Measurement[]): BenchRow {
  const name = `calls per delivery, ${measurement.name}`;
  const value = callsPerDelivery(measurement);
  const full = all.find((other) => other.name === 'fan-out 1');
  if (measurement.name === 'backlog' && full !== undefined)
    return atMost(name, value, { limit: callsPerDelivery(full) + MAX_ADDITIONAL_BACKLOG_CALLS });
  const limit = new Map<string, number>(Object.entries(MAX_CALLS)).get(measurement.name);
  return limit === undefined ? withoutTarget(name, value.toFixed(2)) : atMost(name, value, { limit });
}

function dollarsRow({ name, cost, deliveries }: Measurement): BenchRow {
  const title = `dollars per million, ${name}`;
  const dollars = (cost.totalDollars / deliveries) * MILLION;
  return name === 'fan-out 1'
    ? atMost(title, dollars, { limit: MAX_DOLLARS_PER_MILLION })
    : withoutTarget(title, dollars.toFixed(2));
}

interface Line {
  readonly names: readonly string[];
  readonly valueIn: (measurement: Measurement) => number;
  readonly decimals: number;
}

function callLines(measurements: readonly Measurement[]): Line[] {
  const line = (caller: string, action: string, counts: (count: CallCount) => boolean): Line => ({
    names: [caller, action],
    valueIn: ({ calls, deliveries }) => sum(calls.filter(counts).map((count) => count.calls)) / deliveries,
    decimals: 3,
  });
  const keyOf = ({ caller, action, counted }: CallCount): string => `${caller}\0${action}\0${counted}`;
  const kinds = new Map(
    measurements.flatMap(({ calls }) => calls).map((count) => [keyOf(count), count] as const),
  );
  const lines = [...kinds.values()].toSorted((a, b) => Number(b.counted) - Number(a.counted));
  return [
    ...lines
      .filter(({ counted }) => counted)
      .map((kind) => line(kind.caller, kind.action, (count) => keyOf(count) === keyOf(kind))),
    line('total', '', ({ counted }) => counted),
    ...lines
      .filter(({ counted }) => !counted)
      .map((kind) =>
        line(kind.caller, `${kind.action} (not counted)`, (count) => keyOf(count) === keyOf(kind)),
      ),
  ];
}

function costLines(measurements: readonly Measurement[]): Line[] {
  const names = new Set(
    measurements.flatMap(({ cost }) =>
      cost.lines.filter(({ dollars }) => dollars > 0).map(({ name }) => name),
    ),
  );
  const line = (name: string, dollarsIn: (measurement: Measurement) => number): Line => ({
    names: [name],
    valueIn: (measurement) => (dollarsIn(measurement) / measurement.deliveries) * MILLION,
    decimals: 3,
  });
  return [
    ...[...names].map((name) =>
      line(name, ({ cost }) => cost.lines.find((one) => one.name === name)?.dollars ?? 0),
    ),
    line('total', ({ cost }) => cost.totalDollars),
  ];
}

function perMeasurement(
  measurements: readonly Measurement[],
  titles: readonly string[],
  lines: readonly Line[],
): string {
  return formatTable(
    {
      head: [...titles, ...measurements.map(({ name }) => name)],
      rows: lines.map(({ names, valueIn, decimals }) => [
        ...names,
        ...measurements.map((measurement) => valueIn(measurement).toFixed(decimals)),
      ]),
      words: titles.map((_, column) => column),
    },
    'text',
  );
}
