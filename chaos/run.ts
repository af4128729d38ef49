import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { buildFunctions } from '../build/functions.ts';
import type { Stack } from '../local/assembly/stack.ts';
import type { CheckSettings, Failure } from './check-runs.ts';
import { runLive } from './live/run-live.ts';
import { synthesizeStack } from './run-setup.ts';

const USAGE = `npm run chaos -- [options]
  --runs N       how many random scenarios to run (default 10000)
  --seed S       the first seed (default: from the clock)
  --path P       with --seed: only the run that a failure named
  --faults N     the most faults of one scenario (default 6)
  --workers N    threads (default: one for each core)
  --live         on local clouds with the deployed bundles, in real time; takes half a minute for each run`;

/** Runs of one seed. Further runs use the next seeds. */
const RUNS_PER_SEED = 100;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    path: { type: 'string' },
    faults: { type: 'string', default: '6' },
    workers: { type: 'string', default: String(availableParallelism()) },
    live: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit();
}

const runs = readCount('runs', values.runs);
const firstSeed = readCount('seed', values.seed);
const maxFaults = readCount('faults', values.faults);
const workers = readCount('workers', values.workers);
const startedAt = performance.now();
const failures: Failure[] = [];
let done = 0;
let failed = 0;
if (values.live) {
  const print = (report: string): void => void process.stdout.write(`\n${report}\n`);
  failed = await runLive({ runs, seed: firstSeed, maxFaults, concurrency: workers, print });
  done = runs;
} else {
  await buildFunctions();
  const stack = await synthesizeStack();
  const chunks = chunksOf(values.path);
  const waiting = chunks.values();
  await Promise.all(Array.from({ length: Math.min(workers, chunks.length) }, () => work(stack, waiting)));
  failed = failures.length;
}
const seconds = (performance.now() - startedAt) / 1000;
process.stdout.write(
  `${done} runs from seed ${firstSeed}, ${(done / seconds).toPrecision(2)} a second; ${failed === 0 ? 'every invariant held' : `${failed} failed`}\n`,
);
process.exitCode = failed === 0 ? 0 : 1;

function chunksOf(path: string | undefined): CheckSettings[] {
  if (path !== undefined) return [{ seed: firstSeed, runs: 1, path, maxFaults }];
  return Array.from({ length: Math.ceil(runs / RUNS_PER_SEED) }, (_, index) => ({
    seed: firstSeed + index,
    runs: Math.min(RUNS_PER_SEED, runs - index * RUNS_PER_SEED),
    maxFaults,
  }));
}

/** Runs one chunk after another in one thread. */
async function work(stack: Stack, waiting: Iterable<CheckSettings>): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: stack });
  try {
    for (const chunk of waiting) {
      // Stop at the first failure.
      if (failures.length > 0) break;
      const failure = await check(worker, chunk);
      done += chunk.runs;
      if (failure === undefined) continue;
      failures.push(failure);
      process.stdout.write(
        `\n${failure.report}\n\nAgain: npm run chaos -- --seed ${failure.seed} --path ${failure.path} --faults ${maxFaults}\n`,
      );
    }
  } finally {
    await worker.terminate();
  }
}

function check(worker: Worker, chunk: CheckSettings): Promise<Failure | undefined> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (failure: Failure | undefined) => {
      worker.off('error', reject);
      resolve(failure);
    });
    worker.postMessage(chunk);
  });
}

function readCount(name: string, text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 0) return count;
  process.stderr.write(`--${name} is "${text}"; it must be a whole number\n\n${USAGE}\n`);
  process.exit(2);
}
