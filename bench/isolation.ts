import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../local/assembly/synthesize.ts';
import { HELP, type IsolationOptions, readOptions } from './support/isolation-options.ts';
import type { Pair } from './support/isolation-pair.ts';
import { failuresOf, format, type Measured, summarise } from './support/isolation-report.ts';
import { measureCapacity, type Run, runLoad } from './support/isolation-run.ts';

const CAPACITY_SECONDS = 15;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Pairs of runs of the shipped bundles on the local cloud: the same load with and without hanging endpoints. */
async function measure(options: IsolationOptions, assemblyDirectory: string): Promise<Measured> {
  const load = {
    assemblyDirectory,
    environments: options.environments,
    endpoints: options.endpoints,
    answerMs: options['answer-ms'],
  };
  const capacity =
    options.rate > 0 ? undefined : await measureCapacity({ ...load, seconds: CAPACITY_SECONDS, seed: 0 });
  const eventsPerSecond = capacity === undefined ? options.rate : capacity * options.load;
  say(`${eventsPerSecond.toFixed(1)} events/s`);

  const run = (seed: number, hanging: number): Promise<Run> =>
    runLoad({
      ...load,
      eventsPerSecond,
      hanging,
      seed,
      warmUpSeconds: options['warm-up'],
      // Without an onset there is nothing to wait for.
      settleSeconds: hanging === 0 ? 0 : options.settle,
      measuredSeconds: options.measured,
    });
  const pairs: Pair[] = [];
  for (let seed = 1; seed <= options.pairs; seed += 1) {
    // In turn, so that neither always has the quieter machine.
    const hungFirst = seed % 2 === 0 ? await run(seed, options.hanging) : undefined;
    const clean = await run(seed, 0);
    const hung = hungFirst ?? (await run(seed, options.hanging));
    pairs.push({ clean, hung });
    say(`pair ${seed} of ${options.pairs}: p99 ${clean.p99Ms} ms, with hanging endpoints ${hung.p99Ms} ms`);
  }
  return { ...(capacity === undefined ? {} : { capacity }), eventsPerSecond, pairs };
}

async function main(options: IsolationOptions): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'webhook-fanout-isolation-'));
  try {
    const assembly = await synthesize({
      outputDirectory: join(directory, 'cdk.out'),
      variables: { WEBHOOK_FANOUT_ALLOW_PRIVATE_ENDPOINTS: 'true' },
    });
    const measured = await measure(options, assembly);
    process.stdout.write(`${options.json ? JSON.stringify(summarise(measured)) : format(measured)}\n`);
    if (failuresOf(measured.pairs).length > 0) process.exitCode = 1;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(`${HELP}\n`);
  else await main(options);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
