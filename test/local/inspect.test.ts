import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { synthesize } from '../../local/assembly/synthesize.ts';
import { readOptions } from '../../local/options.ts';
import { httpApi, lambdaFunction, role, writeAssembly } from '../support/assembly.ts';
import { attachDebugger, attachToWorkers, type DebuggerClient } from '../support/debugger-client.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';
import { MINIMAL_STACK, runScriptToEnd, startCloudProcess } from './cloud-process.ts';

const TIMEOUT_SECONDS = 1;

let client: DebuggerClient | undefined;
afterEach(() => client?.close());

async function startInspectedCloud() {
  const assembly = await writeAssembly({
    ...MINIMAL_STACK,
    bundles: {
      work: "export const handler = async () => {\n  return { statusCode: 200, body: 'done' };\n};",
    },
    resources: {
      ...MINIMAL_STACK.resources,
      ...httpApi('GET /work', 'Work'),
      workRole: role(),
      Work: lambdaFunction('work', { Timeout: TIMEOUT_SECONDS }),
    },
  });
  const cloud = await startCloudProcess({ assembly, args: ['--inspect=0'] });
  const url = await until('the URL of the inspector', () => /ws:\S+/.exec(cloud.output.err)?.[0]);
  return { ...cloud, inspectorUrl: url };
}

/** Attaches, and sets a breakpoint in the function's handler before its worker runs any code. */
async function breakInHandler(inspectorUrl: string) {
  client = await attachDebugger(inspectorUrl);
  const scripts: string[] = [];
  let isPaused = false;
  let resume: () => Promise<unknown> = async () => undefined;
  await attachToWorkers(client, async (worker) => {
    worker.on('Debugger.scriptParsed', ({ url }) => scripts.push(String(url)));
    worker.on('Debugger.paused', ({ hitBreakpoints }) => {
      resume = () => worker.send('Debugger.resume');
      isPaused = Array.isArray(hitBreakpoints) && hitBreakpoints.length > 0;
      // A worker that waited for the debugger also pauses at its first line.
      if (!isPaused) void resume();
    });
    await worker.send('Debugger.enable');
    await worker.send('Debugger.setBreakpointByUrl', { urlRegex: '/index\\.mjs$', lineNumber: 1 });
    await worker.send('Runtime.runIfWaitingForDebugger');
  });
  return {
    scripts,
    untilPaused: () => until('the pause at the breakpoint', () => isPaused || undefined),
    resume: () => resume(),
  };
}

describe('npm start -- --inspect', () => {
  it("lets a debugger pause a function's worker, which does not time out meanwhile", async () => {
    const { apiUrl, inspectorUrl } = await startInspectedCloud();
    const worker = await breakInHandler(inspectorUrl);

    const response = fetch(`${apiUrl}/work`);
    await worker.untilPaused();
    // Longer than the timeout that the function has without --inspect.
    await sleep(2 * TIMEOUT_SECONDS * 1_000);
    await worker.resume();

    expect(await (await response).text()).toBe('done');
    expect(worker.scripts).toContainEqual(expect.stringMatching(/^file:.*\/asset\.work\/index\.mjs$/));
  });

  it('ends on a signal while a debugger pauses a function', async () => {
    const { apiUrl, inspectorUrl, child, ended } = await startInspectedCloud();
    const worker = await breakInHandler(inspectorUrl);
    const response = fetch(`${apiUrl}/work`).catch(() => 'no response');
    await worker.untilPaused();

    child.kill('SIGTERM');

    expect(await ended).toBe(0);
    await response;
  });

  it("uses Node's default port without a value", () => {
    expect(readOptions(['--inspect'])).toMatchObject({ inspectPort: 9_229 });
  });

  it('refuses a port that is not a number', async () => {
    const { code, err } = await runScriptToEnd('local/start.ts', '--inspect=here');

    expect({ code, err }).toEqual({
      code: 1,
      err: '--inspect must be a number from 0 to 65535, got "here"\n',
    });
  });
});

describe('a bundle for a debugger', () => {
  it('has a source map whose sources are the TypeScript files', async () => {
    const directory = await synthesize({
      outputDirectory: path.join(temporaryDirectory(), 'cdk.out'),
      variables: { WEBHOOK_FANOUT_SOURCE_MAPS: 'true' },
    });

    const assets = (await readdir(directory)).filter((name) => name.startsWith('asset.'));
    const sources = await Promise.all(assets.map((name) => sourcesOf(path.join(directory, name))));
    const files = sources.flat();
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    for (const step of ['dispatch-event', 'recover-deliveries', 'send-delivery', 'serve-api']) {
      expect(files).toContain(path.resolve('lambdas', step, 'handler.ts'));
    }
  });
});

/** Absolute paths of the sources in the inline source map of a bundle. */
async function sourcesOf(directory: string): Promise<string[]> {
  const bundle = await readFile(path.join(directory, 'index.mjs'), 'utf8');
  const [, base64 = ''] = /\n\/\/# sourceMappingURL=data:application\/json;base64,(\S+)/.exec(bundle) ?? [];
  const json = Buffer.from(base64, 'base64').toString();
  const { sources, sourceRoot }: { sources: string[]; sourceRoot: string } = JSON.parse(json);
  return sources.map((source) => fileURLToPath(new URL(source, sourceRoot)));
}
