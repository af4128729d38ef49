import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { CheckSettings, Failure } from './check.ts';
import { synthesizeStack } from './stage.ts';

const USAGE = `npm run chaos -- [options]
  --runs N       random scenarios to play (default 10000)
  --seed S       where they begin (default: from the clock)
  --path P       with --seed: the one run that a failure named
  --faults N     faults of one scenario, at most (default 6)
  --workers N    threads (default: one a core)`;

/** Scenarios of one seed; the next ones follow from the next seed. */
const RUNS_A_SEED = 100;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    path: { type: 'string' },
    faults: { type: 'string', default: '6' },
    workers: { type: 'string', default: String(availableParallelism()) },
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
const { path } = values;
const chunks: CheckSettings[] =
  path === undefined
    ? Array.from({ length: Math.ceil(runs / RUNS_A_SEED) }, (_, index) => ({
        seed: firstSeed + index,
        runs: Math.min(RUNS_A_SEED, runs - index * RUNS_A_SEED),
        maxFaults,
      }))
    : [{ seed: firstSeed, runs: 1, path, maxFaults }];

const stack = await synthesizeStack();
const startedAt = performance.now();
let done = 0;
const failures: Failure[] = [];
const waiting = chunks.values();
const workers = Math.min(readCount('workers', values.workers), chunks.length);
await Promise.all(Array.from({ length: workers }, work));

const seconds = (performance.now() - startedAt) / 1000;
process.stdout.write(
  `${done} runs from seed ${firstSeed}, ${(done / seconds).toFixed(0)} a second; ${failures.length === 0 ? 'every invariant held' : `${failures.length} broke`}\n`,
);
process.exitCode = failures.length === 0 ? 0 : 1;

/** One thread, which takes chunk after chunk. */
async function work(): Promise<void> {
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
