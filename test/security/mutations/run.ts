import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type NamedTest, ROOT, readRows } from '../support/rows.ts';
import { MUTATIONS } from './index.ts';
import type { Mutation } from './mutation.ts';
import { runTests, type TestOutcome } from './run-tests.ts';

const USAGE = `npm run mutations -- [options]

Takes the behaviours of docs/security.md out of the code, one after another and each in a copy, and says which
of the tests that its row names notice. Fails when a row's tests do not.

  --row <text>   only rows whose first cell holds this
  --workers <n>  copies to work in at once (default: one a core)`;

const { values } = parseArgs({
  options: {
    row: { type: 'string', default: '' },
    workers: { type: 'string', default: String(availableParallelism()) },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit();
}

interface Work extends Mutation {
  readonly row: string;
  readonly tests: readonly NamedTest[];
}

const work = readRows()
  .filter(({ name }) => name.includes(values.row))
  .flatMap(({ name, tests }): Work[] =>
    (MUTATIONS[name] ?? []).map((mutation) => ({ row: name, tests, ...mutation })),
  );
const waiting = work.values();
let survivors = 0;
await Promise.all(Array.from({ length: Math.min(Number(values.workers), work.length) }, workInCopy));
process.stdout.write(`${work.length - survivors} of ${work.length} were noticed\n`);
process.exitCode = survivors === 0 ? 0 : 1;

async function workInCopy(): Promise<void> {
  const copy = await copyCheckout();
  try {
    for (const mutation of waiting) {
      const noticed = await mutate(copy, mutation);
      if (noticed.length === 0) survivors++;
      const by = noticed.length === 0 ? 'SURVIVED' : noticed.map((title) => `  ${title}`).join('\n');
      process.stdout.write(
        `${mutation.row}\n  ${mutation.file}: ${mutation.take} -> ${mutation.put}\n${by}\n\n`,
      );
    }
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** The titles, as the row names them, of its tests that fail. */
async function mutate(copy: string, { file, take, put, tests, in: only }: Work): Promise<string[]> {
  const path = join(copy, file);
  const original = await readFile(path, 'utf8');
  await writeFile(
    path,
    original.replace(take, () => put),
  );
  try {
    const files = [...new Set(tests.map((test) => test.file))].filter((name) => only?.includes(name) ?? true);
    if (files.length === 0) throw new Error(`none of ${only} is named by the row`);
    const outcomes = await runTests(copy, files);
    return tests.filter((test) => isNoticed(test, outcomes)).map(({ title }) => title);
  } finally {
    await writeFile(path, original);
  }
}

function isNoticed({ file, title }: NamedTest, outcomes: readonly TestOutcome[]): boolean {
  const literal = title
    .split(/%[a-z]|\$\{?[\w.]+\}?/)
    .map((part) => part.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&'));
  const form = new RegExp(`^${literal.join('.*')}$`, 's');
  return outcomes.some((outcome) => outcome.failed && outcome.file === file && form.test(outcome.title));
}

/** All that git knows of, or would, with the packages of this checkout. */
async function copyCheckout(): Promise<string> {
  const root = fileURLToPath(ROOT);
  const copy = await mkdtemp(join(tmpdir(), 'mutations-'));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  for (const file of listed.toString().split('\0').filter(Boolean)) {
    await cp(join(root, file), join(copy, file), { recursive: true }).catch(
      (error: NodeJS.ErrnoException) => {
        // Listed, and deleted since.
        if (error.code !== 'ENOENT') throw new Error(`cannot copy ${dirname(file)}`, { cause: error });
      },
    );
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}
