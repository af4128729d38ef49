import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { until } from '../../support/until.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const RECEIVERS = `${ROOT}examples/receivers`;
const PRODUCERS = `${ROOT}examples/producers`;

/** Written by `npm run examples:python`. It has the AWS CLI, too. */
const PYTHON_PROGRAMS = `${ROOT}.local/examples-python/bin`;
const PYTHON = `${PYTHON_PROGRAMS}/python`;

export interface Example {
  readonly name: string;
  readonly directory: string;
  readonly command: readonly [string, ...string[]];
  /** Environment variables, in addition to those of this process. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What to do, so that it can run on this machine. Undefined: it can. */
  readonly missing?: string | undefined;
}

const SCHEMES = ['standard-webhooks', 'x-webhook-signature'];

/** Tests download nothing. */
const GO_VARIABLES = { ...process.env, GOPROXY: 'off', GOTOOLCHAIN: 'local' };

const missingPython = existsSync(PYTHON) ? undefined : 'run "npm run examples:python"';
const missingGo = hasGoModules() ? undefined : 'install Go 1.22 or newer and run "npm run examples:go"';
const missingGoProgram = hasProgram('go', 'version') ? undefined : 'install Go 1.22 or newer';
/** The AWS CLI of `npm run examples:python` comes first, since its version is pinned. */
const AWS_CLI_VARIABLES = { PATH: `${PYTHON_PROGRAMS}:${process.env.PATH}` };
const missingCommands = [
  ...(hasProgram('aws', '--version', AWS_CLI_VARIABLES) ? [] : ['run "npm run examples:python"']),
  ...(hasProgram('jq', '--version') ? [] : ['install jq']),
];

function hasProgram(name: string, argument: string, variables = {}): boolean {
  return spawnSync(name, [argument], { env: { ...process.env, ...variables } }).status === 0;
}

function hasGoModules(): boolean {
  const options = { cwd: `${RECEIVERS}/go`, env: GO_VARIABLES };
  return spawnSync('go', ['mod', 'download'], options).status === 0;
}

/** One for each language and signature. `goPrograms` is the directory of `buildGoPrograms`. */
export const receivers = (goPrograms: string): readonly Example[] => [
  ...SCHEMES.map((name): Example => {
    const command: Example['command'] = [process.execPath, `${name}.js`];
    return { name: `Node, ${name}`, directory: `${RECEIVERS}/node`, command };
  }),
  ...SCHEMES.map((name): Example => {
    const module = name.replaceAll('-', '_');
    const command: Example['command'] = [PYTHON, '-m', 'flask', '--app', module, 'run', '--port', '0'];
    return { name: `Python, ${name}`, directory: `${RECEIVERS}/python`, command, missing: missingPython };
  }),
  ...SCHEMES.map(
    (name): Example => ({
      name: `Go, ${name}`,
      directory: `${RECEIVERS}/go`,
      command: [`${goPrograms}/${name}`],
      missing: missingGo,
    }),
  ),
];

/** The programs that the console shows, which need no package. `goPrograms` is the directory of `buildGoPrograms`. */
export const oneFileReceivers = (goPrograms: string): readonly Example[] => [
  { name: 'Node', directory: `${RECEIVERS}/node`, command: [process.execPath, 'one-file.js'] },
  {
    name: 'Python',
    directory: `${RECEIVERS}/python`,
    command: ['python3', 'one_file.py'],
    missing: hasProgram('python3', '--version') ? undefined : 'install Python 3.9 or newer',
  },
  {
    name: 'Go',
    directory: `${RECEIVERS}/go`,
    command: [`${goPrograms}/one-file`],
    missing: missingGoProgram,
  },
];

/** A producer and the id of the event that it publishes. */
export const producers: readonly (Example & { readonly eventId: string })[] = [
  {
    name: 'Node',
    directory: `${PRODUCERS}/node`,
    command: [process.execPath, 'publish.js'],
    eventId: 'evt_42',
  },
  {
    name: 'Node, without the bus',
    directory: `${PRODUCERS}/node`,
    command: [process.execPath, 'publish-direct.js'],
    eventId: 'evt_46',
  },
  {
    name: 'Python',
    directory: `${PRODUCERS}/python`,
    command: [PYTHON, 'publish.py'],
    missing: missingPython,
    eventId: 'evt_43',
  },
  {
    name: 'AWS CLI',
    directory: `${PRODUCERS}/aws-cli`,
    command: ['sh', 'publish.sh'],
    variables: AWS_CLI_VARIABLES,
    missing: missingCommands.length === 0 ? undefined : missingCommands.join(', and '),
    eventId: 'evt_44',
  },
];

/** Builds the receivers in Go. Throws when they do not compile. */
export function buildGoPrograms(directory: string): void {
  if (missingGoProgram !== undefined) return;
  const options = { cwd: `${RECEIVERS}/go`, env: GO_VARIABLES };
  const packages = missingGo === undefined ? './...' : './one-file';
  execFileSync('go', ['build', '-buildvcs=false', '-o', `${directory}/`, packages], options);
}

export interface RunningReceiver {
  /** The URL of the webhook. */
  readonly url: string;
  /** What it has handled, as `<event id> <event type>`. */
  handled(): string[];
  stop(): Promise<void>;
}

export async function startReceiver(example: Example, secret: string): Promise<RunningReceiver> {
  const { child, output } = run(example, { WEBHOOK_SECRET: secret, PORT: '0' });
  const url = await until(`an address of ${example.name}`, () => {
    if (child.exitCode !== null) throw new Error(`${example.name} ended: ${output()}`);
    return /http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0];
  });
  return {
    url: `${url}/webhook`,
    handled: () => [...output().matchAll(/\bhandled (\S+ \S+)/g)].map(([, event = '']) => event),
    async stop() {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

/** Runs an example to its end. */
export async function runToEnd(example: Example, variables: Readonly<Record<string, string>>) {
  const { child, output } = run(example, variables);
  const [code] = await once(child, 'close');
  return { code, output: output() };
}

function run(
  { command: [program, ...args], directory, variables: ofExample }: Example,
  variables: Readonly<Record<string, string>>,
) {
  const child: ChildProcess = spawn(program, args, {
    cwd: directory,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...ofExample, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  return { child, output: () => text };
}
