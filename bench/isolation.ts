import { measureIsolation } from './isolation/measure.ts';
import { formatIsolation, type IsolationReport, reportOf } from './isolation/report.ts';
import { withAssembly } from './shared/assembly.ts';
import { progress, runCommand } from './shared/command.ts';
import { optionsHelp, readOptions } from './shared/options.ts';

const NUMBERS = {
  pairs: [3, 'runs with hanging endpoints, each with a clean run beside it'],
  needed: [4, 'environments of the first lane that the load needs'],
  headroom: [4, 'times as many are allowed of each function'],
  rate: [0, 'events a second; 0: as many as the needed environments carry'],
  endpoints: [100, 'each with an account and a webhook'],
  hanging: [5, 'of them, from the onset on'],
  'answer-ms': [500, 'of an endpoint that does not hang'],
  'warm-up': [10, 'seconds before the onset'],
  settle: [60, 'seconds from the onset to the measured time'],
  measured: [30, 'seconds of measured time'],
} as const;

const HELP = `npm run bench:isolation -- [options]

Runs the stack on this machine under load, and compares runs in which some of the customers' endpoints begin to
hang with runs in which none does: the latency of the other deliveries, their Lambda time, and the length of
the onset. About nine minutes; for a first look --pairs 1 --measured 15.

${optionsHelp(NUMBERS)}`;

await runCommand<IsolationReport>((args) => {
  const options = readOptions(args, NUMBERS);
  const common = {
    help: HELP,
    format: formatIsolation,
    failures: ({ failures }: IsolationReport) => failures,
  };
  if (options === 'help') return { ...common, json: false, measure: undefined };
  const { numbers, json } = options;
  const measure = async (): Promise<IsolationReport> =>
    reportOf(
      await withAssembly((assemblyDirectory) =>
        measureIsolation({
          assemblyDirectory,
          pairs: numbers.pairs,
          neededEnvironments: numbers.needed,
          headroom: numbers.headroom,
          ...(numbers.rate > 0 ? { eventsPerSecond: numbers.rate } : {}),
          endpoints: numbers.endpoints,
          hanging: numbers.hanging,
          answerMs: numbers['answer-ms'],
          warmUpSeconds: numbers['warm-up'],
          settleSeconds: numbers.settle,
          measuredSeconds: numbers.measured,
          onProgress: progress,
        }),
      ),
    );
  return { ...common, json, measure };
});
