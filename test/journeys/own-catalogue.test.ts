import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Contains one type, `order.paid`. */
const CATALOGUE = 'test/local/one-type.json';

let started: ChildProcess | undefined;
afterEach(async () => {
  if (started === undefined || started.exitCode !== null) return;
  started.kill();
  await once(started, 'exit');
});

it("shows an operator's own catalogue of one type, and prints commands that work with it", async () => {
  started = spawn(process.execPath, ['local/start.ts'], {
    cwd: ROOT,
    env: {
      ...process.env,
      WEBHOOK_FANOUT_EVENT_CATALOGUE: CATALOGUE,
      WEBHOOK_FANOUT_RETRY_DELAYS: '1,1',
    },
  });
  let output = '';
  for (const stream of [started.stdout, started.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await expect.poll(() => output).toMatch(/put-events .*\n/);
  const [, , command = ''] =
    /(npx webhook-fanout publish .*\n)\s+(npx webhook-fanout publish .*)\n/.exec(output) ?? [];
  const firstOutput = output;

  const published = await publish(
    command.replace('npx webhook-fanout', `'${process.execPath}' bin/webhook-fanout.ts`),
  );

  expect(firstOutput).toContain('/quick got order.paid, attempt 1, signature valid: answered 200');
  expect(firstOutput).toContain('/flaky got order.paid, attempt 3, signature valid: answered 200');
  expect(published).toEqual({ code: 0, output: expect.stringMatching(/^evt_[0-9a-f]{32}\n$/) });
  await expect.poll(() => output.slice(firstOutput.length)).toContain('/quick got order.paid');
});

/** Runs the printed command in a shell without the setting of the catalogue. */
async function publish(command: string): Promise<{ code: unknown; output: string }> {
  const { WEBHOOK_FANOUT_EVENT_CATALOGUE: _, ...env } = process.env;
  const shell = spawn('sh', ['-c', command], { cwd: ROOT, env });
  let output = '';
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [code] = await once(shell, 'close');
  return { code, output };
}
