import { formatRows } from '../shared/rows.ts';
import type { Benchmark, Outcome, SuiteContext, SuiteRow } from './benchmark.ts';

export interface BenchmarkReport {
  readonly benchmark: Pick<Benchmark, 'name' | 'measures' | 'hasExactRows'>;
  readonly outcome: Outcome;
}

/** Runs one benchmark after another. One that throws has a failure and no rows; the others still run. */
export async function runBenchmarks(
  selected: readonly Benchmark[],
  context: SuiteContext,
): Promise<BenchmarkReport[]> {
  const reports: BenchmarkReport[] = [];
  for (const benchmark of selected) {
    context.progress(`${benchmark.name}: ${benchmark.measures}`);
    const startedAt = Date.now();
    const outcome = await runOne(benchmark, context);
    context.progress(`${benchmark.name}: ended after ${Math.round((Date.now() - startedAt) / 1000)} s`);
    reports.push({ benchmark, outcome });
  }
  return reports;
}

async function runOne(benchmark: Benchmark, context: SuiteContext): Promise<Outcome> {
  try {
    return invalidated(await benchmark.run(context));
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { rows: [], failures: [`${benchmark.name} ended with an error: ${reason}`] };
  }
}

/** The figures of a run in which something was lost or repeated are not reported as results. */
function invalidated(outcome: Outcome): Outcome {
  if (outcome.failures.length === 0) return outcome;
  const rows = outcome.rows.map((row) =>
    row.verdict === 'pass' ? { ...row, verdict: 'miss' as const, figure: `${row.figure} (invalid)` } : row,
  );
  return { ...outcome, rows };
}

/** The rows with a target, as `--json` prints them. */
export function jsonRows(
  reports: readonly BenchmarkReport[],
): Pick<SuiteRow, 'name' | 'target' | 'figure' | 'verdict'>[] {
  return reports.flatMap(({ benchmark, outcome }) =>
    outcome.rows
      .filter(({ verdict }) => verdict !== '')
      .map(({ name, target, figure, verdict }) => ({
        name: `${benchmark.name}: ${name}`,
        target,
        figure,
        verdict,
      })),
  );
}

/**
 * Why `--gate` fails: exact rows that did not pass, and failures of a benchmark that has exact rows. Empty when the gate
 * passes.
 */
export function gateProblems(reports: readonly BenchmarkReport[]): string[] {
  return reports
    .filter(({ benchmark }) => benchmark.hasExactRows)
    .flatMap(({ benchmark, outcome }) => [
      ...outcome.failures,
      ...outcome.rows
        .filter(({ exact, verdict }) => exact === true && verdict !== '' && verdict !== 'pass')
        .map(
          ({ name, figure, target, verdict }) =>
            `${benchmark.name}: ${name}: ${figure}, target ${target}: ${verdict}`,
        ),
    ]);
}

export function formatReport({ benchmark, outcome }: BenchmarkReport): string {
  const { details, rows, failures } = outcome;
  return [
    `== ${benchmark.name}: ${benchmark.measures}`,
    ...(details === undefined ? [] : [details, '']),
    formatRows(rows),
    ...failures.map((failure) => `FAILED: ${failure}`),
    '',
  ].join('\n');
}
