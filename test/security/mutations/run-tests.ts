import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LOOPBACK_ONLY = new URL('loopback-only.ts', import.meta.url).href;
/** What hangs has noticed nothing. */
const TIMEOUT_MS = 300_000;

export interface TestOutcome {
  /** Relative to the checkout. */
  readonly file: string;
  /** `what › it does`, with the values of its case. */
  readonly title: string;
  readonly failed: boolean;
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
    }[];
  }[];
}

/** Runs test files of a checkout. Throws when they cannot be run at all. */
export async function runTests(checkout: string, files: readonly string[]): Promise<TestOutcome[]> {
  const directory = await mkdtemp(join(tmpdir(), 'mutation-report-'));
  const outputFile = join(directory, 'report.json');
  try {
    const args = ['run', '--reporter=json', `--outputFile=${outputFile}`, '--maxWorkers=1', ...files];
    const vitest = join(checkout, 'node_modules/vitest/vitest.mjs');
    const child = spawn(process.execPath, [vitest, ...args], {
      cwd: checkout,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: `--import ${LOOPBACK_ONLY}` },
      timeout: TIMEOUT_MS,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
      });
    }
    await new Promise((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    const text = await readFile(outputFile, 'utf8').catch(() => {
      throw new Error(`vitest left no report; it says:\n${output.trim()}`);
    });
    const report: Report = JSON.parse(text);
    return report.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.map(({ ancestorTitles, title, status }) => ({
        file: name.slice(name.indexOf('/test/') + 1),
        title: [...ancestorTitles, title].join(' › '),
        failed: status === 'failed',
      })),
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
