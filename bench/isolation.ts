import { ISOLATION_LOAD } from '../measurement/isolation-load.ts';
import { measureIsolation } from './isolation/measure.ts';
import { formatIsolation, type IsolationReport, reportOf } from './isolation/report.ts';
import { withAssembly } from './shared/assembly.ts';
import { progress, runCommand } from './shared/command.ts';
import { optionsHelp, readOptions } from './shared/options.ts';

const NUMBERS = {
  pairs: [3, 'pairs of a run with hanging endpoints and a clean run'],
  needed: [ISOLATION_LOAD.neededEnvironments, 'environments of the first lane that the load needs'],
  headroom: [ISOLATION_LOAD.headroom, 'the most environments of each function, over the needed ones'],
  rate: [0, 'events a second; 0: the highest rate that the needed environments can process'],
  endpoints: [ISOLATION_LOAD.endpoints, 'endpoints, each with an account and a webhook'],
  hanging: [ISOLATION_LOAD.hanging, 'endpoints that hang from the onset on'],
  'answer-ms': [ISOLATION_LOAD.responseMs, 'response time of an endpoint that does not hang'],
  'warm-up': [10, 'seconds before the onset'],
  settle: [ISOLATION_LOAD.settleSeconds, 'seconds from the onset to the measured time'],
  measured: [ISOLATION_LOAD.measuredSeconds, 'seconds of measured time'],
} as const;

const HELP = `npm run bench:isolation -- [options]

Runs the stack on the local cloud under load. Compares runs in which some of the customers' endpoints begin to
hang with runs in which none does: the latency of the other deliveries, their Lambda time, and the length of the
onset. Takes about nine minutes. For a quick look: --pairs 1 --measured 15.

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
