import { callsRow, formatMeasurements } from '../calls/report.ts';
import { THIN_WITH_WINDOW } from '../calls/scenarios.ts';
import type { Benchmark } from '../suite/benchmark.ts';

/** The scenarios that have a target. */
const COMPARED = ['fan-out 1', 'fan-out 10', 'fan-out 100', 'thin', THIN_WITH_WINDOW, 'backlog'];

export const work: Benchmark = {
  name: 'work',
  measures: 'metered AWS calls for each delivered webhook, in full batches, thin traffic and a backlog',
  hasExactRows: true,
  async run({ measureTraffic }) {
    const measurements = await measureTraffic();
    return {
      rows: measurements
        .filter(({ name }) => COMPARED.includes(name))
        .map((measurement) => ({ ...callsRow(measurement, measurements), exact: true })),
      details: formatMeasurements(measurements),
      failures: measurements.flatMap(({ failures }) => failures),
    };
  },
};
