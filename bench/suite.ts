import { BENCHMARKS } from './benchmarks/index.ts';
import type { Measurement } from './calls/measure.ts';
import { withAssembly } from './shared/assembly.ts';
import { progress } from './shared/command.ts';
import { readSuiteArguments, type SuiteOptions, suiteHelp } from './suite/arguments.ts';
import { formatReport, gateProblems, jsonRows, runBenchmarks } from './suite/run.ts';
import { measureSharedTraffic } from './suite/traffic.ts';

async function run({ selected, quick, json, gate }: SuiteOptions): Promise<void> {
  const startedAt = performance.now();
  const elapsed = (): string => `${Math.round((performance.now() - startedAt) / 1000)} s`.padStart(6);
  const reports = await withAssembly((assemblyDirectory) => {
    let traffic: Promise<readonly Measurement[]> | undefined;
    const report = (text: string): void => progress(`${elapsed()}  ${text}`);
    return runBenchmarks(selected, {
      quick,
      assemblyDirectory,
      progress: report,
      measureTraffic: () => {
        traffic ??= measureSharedTraffic({ quick, assemblyDirectory, progress: report });
        return traffic;
      },
    });
  });
  if (json) {
    process.stdout.write(`${JSON.stringify(jsonRows(reports), null, 2)}\n`);
    for (const failure of reports.flatMap(({ outcome }) => outcome.failures)) progress(`FAILED: ${failure}`);
  } else process.stdout.write(`${reports.map(formatReport).join('\n')}\n`);
  const problems = gate ? gateProblems(reports) : [];
  for (const problem of problems) progress(`GATE: ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
}

try {
  const options = readSuiteArguments(process.argv.slice(2), BENCHMARKS);
  if (options === 'help') process.stdout.write(`${suiteHelp(BENCHMARKS)}\n`);
  else await run(options);
} catch (error) {
  progress(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
