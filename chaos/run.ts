import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Stack } from '../local/assembly/stack.ts';
import type { CheckSettings, Failure } from './check.ts';
import { runLive } from './live/run.ts';
import { synthesizeStack } from './stage.ts';

const USAGE = `npm run chaos -- [options]
  --runs N       random scenarios to play (default 10000)
  --seed S       where they begin (default: from the clock)
  --path P       with --seed: the one run that a failure named
  --faults N     faults of one scenario, at most (default 6)
  --workers N    threads (default: one a core)
  --live         on local clouds with the shipped bundles, in real time; takes half a minute a run`;

/** Scenarios of one seed; the next ones follow from the next seed. */
const RUNS_A_SEED = 100;

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
let broken = 0;
if (values.live) {
  const say = (story: string): void => void process.stdout.write(`\n${story}\n`);
  broken = await runLive({ runs, seed: firstSeed, maxFaults, atOnce: workers, say });
  done = runs;
} else {
  const stack = await synthesizeStack();
  const chunks = chunksOf(values.path);
  const waiting = chunks.values();
  await Promise.all(Array.from({ length: Math.min(workers, chunks.length) }, () => work(stack, waiting)));
  broken = failures.length;
}
const seconds = (performance.now() - startedAt) / 1000;
process.stdout.write(
  `${done} runs from seed ${firstSeed}, ${(done / seconds).toPrecision(2)} a second; ${broken === 0 ? 'every invariant held' : `${broken} broke`}\n`,
);
process.exitCode = broken === 0 ? 0 : 1;

function chunksOf(path: string | undefined): CheckSettings[] {
  if (path !== undefined) return [{ seed: firstSeed, runs: 1, path, maxFaults }];
  return Array.from({ length: Math.ceil(runs / RUNS_A_SEED) }, (_, index) => ({
    seed: firstSeed + index,
    runs: Math.min(RUNS_A_SEED, runs - index * RUNS_A_SEED),
    maxFaults,
  }));
}

/** One thread, which takes chunk after chunk. */
async function work(stack: Stack, waiting: Iterable<CheckSettings>): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: stack });
  try {
    for (const chunk of waiting) {
      // One broken invariant is enough to read.
      if (failures.length > 0) break;
      const failure = await check(worker, chunk);
      done += chunk.runs;
      if (failure === undefined) continue;
      failures.push(failure);
      process.stdout.write(
        `\n${failure.story}\n\nAgain: npm run chaos -- --seed ${failure.seed} --path ${failure.path} --faults ${maxFaults}\n`,
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
