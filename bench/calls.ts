import { measureAllCalls } from './calls/measure-all.ts';
import { type CallsReport, callsPerDelivery, formatCalls, reportOf } from './calls/report.ts';
import { withAssembly } from './shared/assembly.ts';
import { progress, runCommand } from './shared/command.ts';
import { optionsHelp, readOptions } from './shared/options.ts';

const NUMBERS = {
  'answer-ms': [100, 'response time of an endpoint'],
  'thin-seconds': [20, 'length of the thin traffic, at 30 events a second'],
  'backlog-seconds': [60, 'time that the messages of the backlog wait in each queue'],
} as const;

const HELP = `npm run bench:calls -- [options]

Measures, on the local cloud, the AWS calls for each delivered webhook and the dollars for a million of them:
at fan-out 1, 10 and 100 with full batches, with events sent straight to the events queue, with thin traffic (also
in a deployment that collects events for a second), and with a backlog. For full batches, a function receives from
a queue only when its batch is full or no other message can arrive. Fails when a delivery is lost or arrives more
than once. Takes about four minutes.
${optionsHelp(NUMBERS)}`;

await runCommand<CallsReport>((args) => {
  const options = readOptions(args, NUMBERS);
  const common = { help: HELP, format: formatCalls, failures: ({ failures }: CallsReport) => failures };
  if (options === 'help') return { ...common, json: false, measure: undefined };
  const { numbers, json } = options;
  const measure = async (): Promise<CallsReport> => {
    const measurements = await withAssembly((assemblyDirectory) =>
      measureAllCalls({
        assemblyDirectory,
        answerMs: numbers['answer-ms'],
        options: {
          thinSeconds: numbers['thin-seconds'],
          backlogSeconds: numbers['backlog-seconds'],
        },
        onMeasured: (one) =>
          progress(`${one.name}: ${callsPerDelivery(one).toFixed(2)} calls, ${one.coldStarts} cold starts`),
      }),
    );
    return reportOf(measurements);
  };
  return { ...common, json, measure };
});
