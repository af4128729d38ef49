import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Directories of the checkout in which the CDK app and the local cloud write. */
const GENERATED = ['cdk.out', '.local', '.local/clouds'];
const PREFIX = 'webhook-fanout-tests-';
/** Node's compile cache, which every worker and every child process uses. It is kept between runs. */
const COMPILE_CACHE = join(ROOT, 'node_modules', '.cache', 'node-compile-cache');
/** Vitest loads test files under names of their own in each run, so each complete run adds some 1,500 files to the cache. */
const MAX_CACHED_FILES = 15_000;

interface Run {
  /** Projects whose teardown has not been called. */
  projects: number;
  readonly directory: string;
  readonly filesBefore: ReadonlySet<string>;
}

/** Each project may load this module anew. */
const shared = globalThis as { webhookFanoutTestRun?: Run | undefined };

/**
 * Creates one directory for the temporary files of a run, including those of its workers and child processes, and removes
 * it at the end. The run fails if the tests did not remove a file in it or in the checkout.
 *
 * Vitest calls it once for each project, in the order in which their files were found, which differs between runs. The first
 * call sets up the directory for all of them. The teardown of the last one removes it: the others' files are removed by then.
 */
export default function setup(): () => void {
  shared.webhookFanoutTestRun ??= startRun();
  const run = shared.webhookFanoutTestRun;
  run.projects += 1;
  return () => {
    run.projects -= 1;
    if (run.projects === 0) endRun(run);
  };
}

function startRun(): Run {
  removeDirectoriesOfKilledRuns();
  const directory = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  for (const name of ['TMPDIR', 'TMP', 'TEMP']) process.env[name] = directory;
  process.env.NODE_COMPILE_CACHE ??= COMPILE_CACHE;
  removeFullCache();
  return { projects: 0, directory, filesBefore: new Set(generatedFiles()) };
}

function endRun({ directory, filesBefore }: Run): void {
  const remaining = [
    ...readdirSync(directory).map((name) => `$TMPDIR/${name}`),
    ...generatedFiles().filter((file) => !filesBefore.has(file)),
  ];
  rmSync(directory, { recursive: true, force: true });
  if (remaining.length > 0) throw new Error(`the tests left files behind: ${remaining.join(', ')}`);
}

function generatedFiles(): string[] {
  return GENERATED.filter((directory) => existsSync(join(ROOT, directory))).flatMap((directory) =>
    readdirSync(join(ROOT, directory))
      .map((name) => `${directory}/${name}`)
      .filter((path) => !GENERATED.includes(path)),
  );
}

function removeFullCache(): void {
  if (!existsSync(COMPILE_CACHE)) return;
  const files = readdirSync(COMPILE_CACHE, { recursive: true });
  if (files.length > MAX_CACHED_FILES) rmSync(COMPILE_CACHE, { recursive: true, force: true });
}

function removeDirectoriesOfKilledRuns(): void {
  for (const name of readdirSync(tmpdir())) {
    const [, pid] = new RegExp(`^${PREFIX}(\\d+)-`).exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
