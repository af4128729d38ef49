import { measureRecovery, type RecoveryMeasurement } from './recovery/measure.ts';
import { failuresOf, formatRecovery } from './recovery/report.ts';
import { withAssembly } from './shared/assembly.ts';
import { progress, runCommand } from './shared/command.ts';
import { optionsHelp, readOptions } from './shared/options.ts';

const NUMBERS = {
  deliveries: [20_000, 'held and exhausted deliveries, half of each'],
  rate: [200, 'setting recoveryRate: deliveries a second, 1 to 1000'],
  kills: [8, 'the most runs of the function that are killed before they end'],
  seed: [1, 'seed of the random moments of the kills'],
  'answer-ms': [5, 'response time of the endpoint'],
} as const;

const HELP = `npm run bench:recovery -- [options]

Recovers many deliveries of one webhook on the local cloud. The environment of the recovery's function is killed at
random moments; its message is then redelivered after 30 s instead of 120 s. The recovery is stopped when about half
is enqueued, and another one recovers the other deliveries. Fails when a delivery is lost or arrives more than once.
Takes about seven minutes.
${optionsHelp(NUMBERS)}`;

await runCommand<RecoveryMeasurement>((args) => {
  const options = readOptions(args, NUMBERS);
  const common = { help: HELP, format: formatRecovery, failures: failuresOf };
  if (options === 'help') return { ...common, json: false, measure: undefined };
  const { numbers, json } = options;
  const measure = () =>
    withAssembly(
      (assemblyDirectory) =>
        measureRecovery({
          assemblyDirectory,
          deliveries: numbers.deliveries,
          kills: numbers.kills,
          seed: numbers.seed,
          answerMs: numbers['answer-ms'],
          onProgress: progress,
        }),
      { WEBHOOK_FANOUT_RECOVERY_RATE: String(numbers.rate) },
    );
  return { ...common, json, measure };
});
