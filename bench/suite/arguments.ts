import { parseArgs } from 'node:util';
import type { Benchmark } from './benchmark.ts';

export interface SuiteOptions {
  readonly selected: readonly Benchmark[];
  readonly quick: boolean;
  readonly json: boolean;
  readonly gate: boolean;
}

/**
 * Throws on an unknown option or name. Without a name all benchmarks are selected, with `gate` those that have exact
 * rows.
 */
export function readSuiteArguments(
  args: readonly string[],
  benchmarks: readonly Benchmark[],
): SuiteOptions | 'help' {
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { quick: flag, json: flag, gate: flag, help: flag },
  });
  if (values.help) return 'help';
  const unknown = positionals.find((name) => !benchmarks.some((benchmark) => benchmark.name === name));
  if (unknown !== undefined) {
    const names = benchmarks.map(({ name }) => name).join(', ');
    throw new Error(`there is no benchmark "${unknown}"; expected: one of ${names}.`);
  }
  const isSelected = ({ name, hasExactRows }: Benchmark): boolean =>
    positionals.length > 0 ? positionals.includes(name) : !values.gate || hasExactRows;
  return {
    selected: benchmarks.filter(isSelected),
    quick: values.quick,
    json: values.json,
    gate: values.gate,
  };
}

export function suiteHelp(benchmarks: readonly Benchmark[]): string {
  const width = Math.max(...benchmarks.map(({ name }) => name.length));
  return [
    'npm run bench -- [names] [options]',
    '',
    'Measures the synthesized stack on this machine and compares the figures with their targets. Without a name, all',
    'benchmarks run, in less than 15 minutes on two cores without other work. A run in which a delivery is lost or',
    'arrives twice misses its targets.',
    '',
    ...benchmarks.map(({ name, measures }) => `  ${name.padEnd(width)}  ${measures}`),
    '',
    '  --quick   less than 3 minutes; figures of time have a wider spread',
    '  --json    an array of rows {name, target, figure, verdict}; progress is printed on standard error',
    '  --gate    exit status 1 when a count misses its target or was not measured; without names, only the benchmarks',
    `            with counts run: ${benchmarks
      .filter(({ hasExactRows }) => hasExactRows)
      .map(({ name }) => name)
      .join(', ')}`,
  ].join('\n');
}
