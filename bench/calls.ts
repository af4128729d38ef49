import { measureCalls } from './calls/measure.ts';
import { type CallsReport, callsPerDelivery, formatCalls, reportOf } from './calls/report.ts';
import { scenariosOf } from './calls/scenarios.ts';
import { withAssembly } from './shared/assembly.ts';
import { progress, runCommand } from './shared/command.ts';
import { optionsHelp, readOptions } from './shared/options.ts';

const NUMBERS = {
  'answer-ms': [100, 'of an endpoint'],
  'thin-seconds': [20, 'of thin traffic, at 30 events a second'],
  'backlog-seconds': [60, 'that the messages of the backlog wait in each queue'],
} as const;

const HELP = `npm run bench:calls -- [options]

Metered AWS calls for each delivered webhook, and dollars for a million, on the local cloud: at fan-out 1, 10
and 100 with full batches, with thin traffic, and with a backlog. Full batches: all events are published while
the functions receive nothing; then each queue is emptied after the one before it. Fails when a delivery is
lost or arrives twice. About four minutes.

${optionsHelp(NUMBERS)}`;

await runCommand<CallsReport>((args) => {
  const options = readOptions(args, NUMBERS);
  const common = { help: HELP, format: formatCalls, failures: ({ failures }: CallsReport) => failures };
  if (options === 'help') return { ...common, json: false, measure: undefined };
  const { numbers, json } = options;
  const measure = async (): Promise<CallsReport> => {
    const measurements = await withAssembly((assemblyDirectory) =>
      measureCalls({
        assemblyDirectory,
        answerMs: numbers['answer-ms'],
        scenarios: scenariosOf({
          thinSeconds: numbers['thin-seconds'],
          backlogSeconds: numbers['backlog-seconds'],
        }),
        onMeasured: (one) =>
          progress(`${one.name}: ${callsPerDelivery(one).toFixed(2)} calls, ${one.coldStarts} cold starts`),
      }),
    );
    return reportOf(measurements);
  };
  return { ...common, json, measure };
});
