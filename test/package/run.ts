import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { unpackFunctions } from '../../lib/shared/built-functions.ts';
import { APPS, type App } from './apps.ts';
import { packPackage } from './pack.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const NODE_VERSIONS = ['20', '22'];

/** Variables that npm sets for the scripts of this project, and settings of the developer that the apps must not need. */
const OF_THIS_PROJECT =
  /^(npm_(lifecycle|package|command|config_local_prefix)|NODE_OPTIONS$|NODE_PATH$|WEBHOOK_FANOUT_)/;

const USAGE = `npm run test:package -- [options]
  --app NAME   only this app: ${APPS.map(({ name }) => name).join(', ')}
  --keep       keeps the apps, and prints their directory

Packs the package, installs it into apps of several kinds from the configured registry, and type-checks, synthesizes and
tests each on Node ${NODE_VERSIONS.join(' and ')}. Needs a registry.
`;

/** A command failed. The message contains its output. */
class CommandError extends Error {}

const { values } = parseArgs({
  options: { app: { type: 'string' }, keep: { type: 'boolean' }, help: { type: 'boolean' } },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit();
}
const apps = APPS.filter(({ name }) => values.app === undefined || values.app === name);
if (apps.length === 0) {
  process.stderr.write(
    `--app is "${values.app}"; expected: one of ${APPS.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(1);
}

const directory = mkdtempSync(path.join(tmpdir(), 'webhook-fanout-apps-'));
try {
  const { tarball } = packPackage(directory);
  const nodes = NODE_VERSIONS.map(installNode);
  for (const app of apps) checkApp(app, tarball, nodes);
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  if (values.keep) process.stdout.write(`${directory}\n`);
  else rmSync(directory, { recursive: true, force: true });
}

/** Installs a version of Node from the registry, and returns the directory of its program. */
function installNode(version: string): string {
  const name = `${process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'}-${process.platform}-${process.arch}`;
  const target = path.join(directory, `node-${version}`);
  mkdirSync(target);
  install(target, [`${name}@${version}`]);
  return path.join(target, 'node_modules', name, 'bin');
}

function checkApp(app: App, tarball: string, nodes: readonly string[]): void {
  // The CDK's CLI names the files of an app after its directory.
  const target = path.join(directory, app.name, 'shop');
  mkdirSync(target, { recursive: true });
  if (app.isGenerated) {
    const cdk = path.join(PROJECT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
    run(target, process.execPath, [cdk, 'init', 'app', '--language', 'typescript', '--generate-only']);
  }
  for (const [file, text] of Object.entries(app.files)) {
    mkdirSync(path.dirname(path.join(target, file)), { recursive: true });
    writeFileSync(path.join(target, file), text);
  }
  install(target, [...app.packages, tarball]);
  for (const bin of nodes) {
    const version = run(target, path.join(bin, 'node'), ['--version']).trim();
    const searched = [bin, path.join(target, 'node_modules', '.bin'), '/usr/bin', '/bin'].join(
      path.delimiter,
    );
    for (const [what, [command = '', ...args]] of Object.entries(app.commands)) {
      const startedAt = performance.now();
      run(target, '/usr/bin/env', [command, ...args], { PATH: searched });
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
      process.stdout.write(`${app.name} ${version} ${what}: ok, ${seconds} s\n`);
    }
    checkAssembly(path.join(target, 'cdk.out'));
    rmSync(path.join(target, 'cdk.out'), { recursive: true });
  }
}

/** The assembly contains the packed functions, unchanged. */
function checkAssembly(assembly: string): void {
  const bundles = readdirSync(assembly)
    .filter((name) => existsSync(path.join(assembly, name, 'index.mjs')))
    .map((name) => readFileSync(path.join(assembly, name, 'index.mjs'), 'utf8'));
  const archive = path.join(PROJECT, 'package', 'dist', 'functions.tar.br');
  for (const [name, data] of unpackFunctions(readFileSync(archive))) {
    if (!name.endsWith('/index.mjs')) continue;
    const packed = Buffer.from(data).toString('utf8');
    if (!bundles.includes(packed)) throw new Error(`${assembly} does not contain the packed code ${name}`);
  }
}

function install(target: string, packages: readonly string[]): void {
  run(target, 'npm', ['install', '--no-audit', '--no-fund', '--no-update-notifier', ...packages]);
}

/** Runs a command to its end. Throws with its output when it fails. */
function run(
  cwd: string,
  file: string,
  args: readonly string[],
  variables: Record<string, string> = {},
): string {
  const inherited = Object.entries(process.env).filter(([name]) => !OF_THIS_PROJECT.test(name));
  const env = {
    ...Object.fromEntries(inherited),
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    AWS_CONFIG_FILE: devNull,
    ...variables,
  };
  try {
    return execFileSync(file, args, {
      cwd,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 2 ** 26,
    });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    throw new CommandError(`in ${cwd}: ${file} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause });
  }
}
