import { describe, expect, it } from 'vitest';
import { BENCHMARKS } from '../../bench/benchmarks/index.ts';
import { atLeast, atMost, notRun, withoutTarget } from '../../bench/shared/rows.ts';
import { readSuiteArguments, suiteHelp } from '../../bench/suite/arguments.ts';
import type { Benchmark, Outcome, SuiteContext } from '../../bench/suite/benchmark.ts';
import { formatReport, gateProblems, jsonRows, runBenchmarks } from '../../bench/suite/run.ts';

const CONTEXT: SuiteContext = {
  quick: true,
  assemblyDirectory: '',
  progress: () => undefined,
  measureTraffic: () => Promise.resolve([]),
};

const benchmark = (name: string, hasExactRows: boolean, outcome: Partial<Outcome> | Error): Benchmark => ({
  ...{ name, hasExactRows, measures: `what ${name} measures` },
  run: () =>
    outcome instanceof Error
      ? Promise.reject(outcome)
      : Promise.resolve({ rows: [], failures: [], ...outcome }),
});

const run = (...selected: Benchmark[]) => runBenchmarks(selected, CONTEXT);
const namesOf = (options: ReturnType<typeof readSuiteArguments>): string[] =>
  options === 'help' ? [] : options.selected.map(({ name }) => name);

describe('the selection of benchmarks', () => {
  const all = [benchmark('calls', true, {}), benchmark('cpu', false, {}), benchmark('retries', true, {})];

  it('is all of them without a name, and the named ones in the order of the suite', () => {
    expect(namesOf(readSuiteArguments([], all))).toEqual(['calls', 'cpu', 'retries']);
    expect(namesOf(readSuiteArguments(['retries', 'calls'], all))).toEqual(['calls', 'retries']);
  });

  it('is those with counts for the gate, unless names are given', () => {
    expect(namesOf(readSuiteArguments(['--gate'], all))).toEqual(['calls', 'retries']);
    expect(namesOf(readSuiteArguments(['cpu', '--gate'], all))).toEqual(['cpu']);
  });

  it('refuses an unknown name and lists the known ones', () => {
    expect(() => readSuiteArguments(['speed'], all)).toThrow(
      'there is no benchmark "speed"; expected: one of calls, cpu, retries.',
    );
  });

  it('has nine benchmarks, which the help names', () => {
    expect(BENCHMARKS).toHaveLength(9);
    for (const { name, measures } of BENCHMARKS) {
      expect(suiteHelp(BENCHMARKS)).toMatch(new RegExp(`^  ${name} +${measures.slice(0, 20)}`, 'm'));
    }
  });
});

describe('the JSON rows', () => {
  it('have a name, a target, a figure and a verdict, and leave out figures without a target', async () => {
    const rows = [
      { ...atMost('calls', 4, { limit: 3.9 }), exact: true },
      atLeast('ratio', 1, { limit: 0.9 }),
      notRun('peer', '>= 1.50', 'install redis-server'),
      withoutTarget('deliveries', '100'),
    ];

    expect(jsonRows(await run(benchmark('cpu', false, { rows })))).toEqual([
      { name: 'cpu: calls', target: '<= 3.90', figure: '4.00', verdict: 'miss' },
      { name: 'cpu: ratio', target: '>= 0.90', figure: '1.00', verdict: 'pass' },
      { name: 'cpu: peer', target: '>= 1.50', figure: 'install redis-server', verdict: 'not run' },
    ]);
  });

  it('miss their targets when a delivery was lost, whatever the figures are', async () => {
    const failing = benchmark('cpu', false, {
      rows: [atLeast('ratio', 9, { limit: 1 })],
      failures: ['1 deliveries were lost'],
    });

    const reports = await run(failing);

    expect(jsonRows(reports)).toEqual([
      { name: 'cpu: ratio', target: '>= 1.00', figure: '9.00 (invalid)', verdict: 'miss' },
    ]);
    expect(reports.map(formatReport).join()).toContain('FAILED: 1 deliveries were lost');
  });
});

describe('the gate', () => {
  it('names the counts that miss their targets or were not measured, and no other rows', async () => {
    const rows = [
      { ...atMost('calls', 4, { limit: 3.9 }), exact: true },
      { ...notRun('dollars', '<= 3.30', 'was not measured'), exact: true },
      { ...atMost('lost', 0, { limit: 0 }), exact: true },
      atMost('seconds', 9, { limit: 1 }),
    ];

    expect(gateProblems(await run(benchmark('work', true, { rows })))).toEqual([
      'work: calls: 4.00, target <= 3.90: miss',
      'work: dollars: was not measured, target <= 3.30: not run',
    ]);
  });

  it('fails when a benchmark with counts ends with an error, and the next one still runs', async () => {
    const reports = await run(
      benchmark('work', true, new Error('the cloud was not idle')),
      benchmark('retries', true, { rows: [{ ...atMost('lost', 1, { limit: 0 }), exact: true }] }),
    );

    expect(gateProblems(reports)).toEqual([
      expect.stringContaining('work ended with an error: Error: the cloud was not idle'),
      'retries: lost: 1.00, target <= 0.00: miss',
    ]);
  });

  it('passes when only figures of time miss their targets', async () => {
    const rows = [atMost('seconds', 9, { limit: 1 })];

    expect(gateProblems(await run(benchmark('cpu', false, { rows, failures: ['too busy'] })))).toEqual([]);
  });
});
