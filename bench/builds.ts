import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from '../measurement/statistics.ts';
import { formatTable } from '../measurement/text-table.ts';
import { type Cost, compareBuilds, FAN_OUTS, type Pair } from './builds/measure.ts';
import { withAssembly } from './shared/assembly.ts';
import { progress } from './shared/command.ts';

const HELP = `Measures the CPU time of the dispatcher and the sender for a delivery, over that of another build, in alternating pairs.

  npm run bench:builds -- --baseline FOLDER [--pairs 21] [--deliveries 400]

--baseline  another checkout of this project in which \`npm run build\` was run
`;

function format(pairs: readonly Pair[]): string {
  const row = (fanOut: number, name: string, of: (cost: Cost) => number): string[] => {
    const chosen = pairs.filter((pair) => pair.fanOut === fanOut);
    const us = (side: 'baseline' | 'ours'): string =>
      `${median(chosen.map((pair) => of(pair[side]))).toFixed(0)} us`;
    const ratio = median(chosen.map(({ ours, baseline }) => of(ours) / of(baseline)));
    return [`${name}, fan-out ${fanOut}`, us('baseline'), us('ours'), `${ratio.toFixed(2)}x`];
  };
  return formatTable(
    {
      head: ['CPU time of a delivery', 'baseline', 'this build', 'median of the ratios'],
      rows: FAN_OUTS.flatMap((fanOut) => [
        row(fanOut, 'dispatcher', ({ dispatchUs }) => dispatchUs),
        row(fanOut, 'sender', ({ sendUs }) => sendUs),
      ]),
      words: [0],
    },
    'text',
  );
}

const { values } = parseArgs({
  options: {
    baseline: { type: 'string' },
    pairs: { type: 'string', default: '21' },
    deliveries: { type: 'string', default: '400' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help || values.baseline === undefined) {
  process.stdout.write(HELP);
} else {
  const baselineDirectory = join(resolve(values.baseline), 'dist/functions');
  const { pairs, failures } = await withAssembly((assemblyDirectory) =>
    compareBuilds({
      assemblyDirectory,
      baselineDirectory,
      pairs: Number(values.pairs),
      deliveries: Number(values.deliveries),
      progress,
    }),
  );
  process.stdout.write(`${format(pairs)}\n`);
  for (const failure of failures) progress(`FAILED: ${failure}`);
  if (failures.length > 0) process.exitCode = 1;
}
