import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { costChart } from './charts/cost-chart.ts';
import { measureScaling } from './charts/scaling.ts';
import { type Chart, chartSvg } from './charts/svg.ts';
import { withAssembly } from './shared/assembly.ts';
import { progress, runCommand } from './shared/command.ts';

const FOLDER = fileURLToPath(new URL('../docs/performance/', import.meta.url));
const HELP = `npm run bench:charts -- [--json]

Measures how throughput and added latency change with load, webhooks, payload and failures, computes the cost for
the same, and writes the charts of docs/performance.md to docs/performance/. Takes about three minutes.

  --json    the charts' values, as JSON`;

interface ChartsReport {
  readonly charts: Readonly<Record<string, Chart>>;
  readonly failures: readonly string[];
}

await runCommand<ChartsReport>((args) => {
  const common = {
    help: HELP,
    format: ({ charts }: ChartsReport) =>
      Object.keys(charts)
        .map((name) => `docs/performance/${name}.svg`)
        .join('\n'),
    failures: ({ failures }: ChartsReport) => failures,
    json: args.includes('--json'),
  };
  const unknown = args.find((argument) => !['--json', '--help'].includes(argument));
  if (unknown !== undefined) throw new Error(`unknown option "${unknown}"; expected: --json or --help.`);
  if (args.includes('--help')) return { ...common, measure: undefined };
  const measure = async (): Promise<ChartsReport> => {
    const { throughput, latency, failures } = await withAssembly((assemblyDirectory) =>
      measureScaling({ assemblyDirectory, progress }),
    );
    for (const failure of failures) progress(`FAILED: ${failure}`);
    const charts = { throughput, cost: costChart(), latency };
    // Figures of a run in which something was lost are not published.
    if (failures.length === 0) {
      await mkdir(FOLDER, { recursive: true });
      for (const [name, chart] of Object.entries(charts)) {
        await writeFile(`${FOLDER}${name}.svg`, chartSvg(chart));
      }
    }
    return { charts, failures };
  };
  return { ...common, measure };
});
