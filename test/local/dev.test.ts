import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';

let dev: ChildProcess | undefined;
afterEach(async () => {
  if (dev === undefined || dev.exitCode !== null || dev.signalCode !== null) return;
  dev.kill();
  await once(dev, 'exit');
});

it('npm run dev restarts the local cloud after each change, and passes options on', async () => {
  const directory = temporaryDirectory();
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(path.dirname(path.join(directory, file)), { recursive: true });
    await writeFile(path.join(directory, file), text);
  };
  const files = [
    'lambdas/send-delivery/step.ts',
    'lib/stages/send.ts',
    'local/sqs/queue.ts',
    'event-types.json',
    'build/functions.ts',
  ];
  for (const file of files) await write(file, '');
  // The command of package.json with a program that replaces the local cloud.
  await write(
    'local/start.ts',
    "console.log('started', process.argv.slice(2)); setInterval(() => {}, 1_000);",
  );
  dev = spawn(`${packageJson.scripts.dev} --json`, {
    shell: true,
    cwd: directory,
    env: { ...process.env, PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}` },
  });
  let output = '';
  dev.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  const starts = (): number => output.split("started [ '--json' ]").length - 1;

  await until('the first start', () => starts() === 1 || undefined);
  for (const [index, file] of files.entries()) {
    await write(file, '// changed');
    await until(`the restart after a change of ${file}`, () => starts() === index + 2 || undefined);
  }

  expect(starts()).toBe(files.length + 1);
});
