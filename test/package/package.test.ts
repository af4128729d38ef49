import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { publint } from 'publint';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { VERSION } from '../../lambdas/shared/http/headers.ts';
import { DEFAULT_RUNBOOK_URL } from '../../lib/shared/alarm-props.ts';
import { FUNCTIONS, OPERATOR_FILES, readFiles, unpackFunctions } from '../../lib/shared/built-functions.ts';
import { STEPS } from '../../lib/shared/function-code.ts';
import manifest from '../../package/package.json' with { type: 'json' };
import project from '../../package.json' with { type: 'json' };
import { brokenLinks } from '../support/broken-links.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { type Packed, packPackage } from './pack.ts';

const MAX_TARBALL_BYTES = 1_000_000;
const ATTW = 'node_modules/@arethetypeswrong/cli/dist/index.js';
const TSC = resolve('node_modules/typescript/bin/tsc');

/** The files of a function that depend on the app's catalogue. */
const WRITTEN_BY_SYNTH = ['catalogue.json', 'validators.mjs'];

/** Packages of `examples/cdk-app`. Everything else that the package needs must be in it. */
const OF_THE_APP = ['aws-cdk-lib', 'constructs', '@types/node'];

let packed: Packed;
let app: string;
let installed: string;

beforeAll(() => {
  const directory = temporaryDirectory();
  packed = packPackage(directory);
  app = join(directory, 'app');
  installed = join(app, 'node_modules', 'webhook-fanout');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', packed.tarball, '--strip-components=1', '-C', installed]);
  for (const name of OF_THE_APP) {
    const link = join(app, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(resolve('node_modules', name), link);
  }
  // Not what a developer has installed or synthesized there.
  const filter = (file: string): boolean => !/node_modules|cdk\.out/.test(file);
  cpSync('examples/cdk-app', app, { recursive: true, filter });
});

describe('the package', () => {
  it('contains the library, its declarations, the functions, the documents and the notices, in less than 1 MB', () => {
    const folders = new Set(packed.files.map((file) => file.replace(/^(dist\/[^/]+|docs)\/.*$/, '$1')));

    expect([...folders].toSorted()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'THIRD-PARTY-NOTICES',
      'dist/bin',
      'dist/functions.tar.br',
      'dist/lib',
      'dist/types',
      'docs',
      'event-types.json',
      'package.json',
    ]);
    expect(packed.size).toBeLessThan(MAX_TARBALL_BYTES);
  });

  it('contains exactly the functions that the tests of this project run', () => {
    const files = unpackFunctions(readFileSync(join(installed, 'dist', 'functions.tar.br')));
    const built = [...STEPS, OPERATOR_FILES].flatMap((name) =>
      [...readFiles(join(FUNCTIONS, name))].map(([path, data]) => [`${name}/${path}`, data] as const),
    );

    expect([...files.keys()]).toEqual(built.map(([name]) => name));
    for (const [name, data] of built) expect(Buffer.from(files.get(name) ?? []).equals(data)).toBe(true);
  });

  it('contains the documents that it names, and those that these link to', () => {
    const documents = packed.files.filter((file) => file.endsWith('.md'));
    const texts = packed.files
      .filter((file) => /^dist\/types\/lib\/|\.md$/.test(file))
      .map((file) => readFileSync(join(installed, file), 'utf8'));
    const named = texts.flatMap((text) => text.match(/(?<=`)docs\/[\w./-]+(?=`)/g) ?? []);

    expect(documents.length).toBeGreaterThan(15);
    expect(Object.fromEntries(documents.map((file) => [file, brokenLinks(join(installed, file))]))).toEqual(
      Object.fromEntries(documents.map((file) => [file, []])),
    );
    expect(named).toContain('docs/runbook.md');
    expect(named.filter((file) => !packed.files.includes(file))).toEqual([]);
    expect(readFileSync(join(installed, 'docs', 'cost.md'), 'utf8')).toContain('](performance/cost.svg)');
    const ofConsole = readFileSync(join(installed, 'docs', 'console.md'), 'utf8');
    expect(ofConsole.match(/^## .*/m)?.[0]).toBe('## Sign in by a link');
    expect(texts.filter((text) => text.includes('<picture>'))).toEqual([]);
  });

  it('contains the runbook where the alarms say that it is', () => {
    expect(existsSync(join(app, 'node_modules', DEFAULT_RUNBOOK_URL))).toBe(true);
  });

  it("contains the console, which the command serves with the operators' screens", async () => {
    const clouds = join(installed, 'dist', '.local', 'clouds');
    mkdirSync(clouds, { recursive: true });
    const nothing = 'http://127.0.0.1:1';
    const outputs = { ApiUrl: nothing, WebhooksTableName: 'webhooks' };
    const cloud = {
      pid: process.pid,
      apiPort: 1,
      awsEndpoint: nothing,
      region: 'us-east-1',
      accountId: 'a',
      outputs,
    };
    writeFileSync(join(clouds, '1.json'), JSON.stringify(cloud));
    const command = join(installed, manifest.bin['webhook-fanout']);
    const child = spawn(process.execPath, [command, 'console', '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(async () => {
      child.kill();
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(join(installed, 'dist', '.local'), { recursive: true });
    });
    const [line] = await once(child.stdout.setEncoding('utf8'), 'data');

    const { origin } = new URL(JSON.parse(String(line)).url);
    const page = await (await fetch(`${origin}/console/webhooks`)).text();
    const names = [...readFiles(join(FUNCTIONS, OPERATOR_FILES)).keys()];
    const screens = await fetch(`${origin}/console/${names[0]?.replace(/\.br$/, '')}`);
    expect(page).toContain('operators-console');
    expect(names).toHaveLength(1);
    expect([screens.status, screens.headers.get('content-type')]).toEqual([
      200,
      'text/javascript; charset=utf-8',
    ]);
  });

  it('contains the command, which npx runs', () => {
    const { bin } = manifest;
    const command = join(installed, bin['webhook-fanout']);
    const { status, stdout } = spawnSync(process.execPath, [command, '--help'], { encoding: 'utf8' });

    expect(status).toBe(0);
    expect(stdout).toContain('redispatch');
    expect(statSync(command).mode & 0o111).not.toBe(0);
  });

  it('has no dependencies, and the version of the project and of its User-Agent', () => {
    expect(Object.keys(manifest).filter((key) => /dependencies/i.test(key))).toEqual(['peerDependencies']);
    expect([manifest.version, VERSION]).toEqual([project.version, project.version]);
  });

  it('contains no path of the machine that built it', () => {
    const texts = packed.files
      .filter((file) => file !== 'dist/functions.tar.br')
      .map((file) => readFileSync(join(installed, file), 'utf8'));

    expect(texts.filter((text) => text.includes(resolve('.')))).toEqual([]);
  });

  it('names the license of each package whose code it contains', () => {
    const notices = readFileSync(join(installed, 'THIRD-PARTY-NOTICES'), 'utf8');

    for (const name of ['ajv', 'undici', 'zod', '@middy/core', '@aws-sdk/client-dynamodb']) {
      const { version, license } = JSON.parse(
        readFileSync(join('node_modules', name, 'package.json'), 'utf8'),
      );
      expect(notices).toContain(`${name} ${version} (${license})`);
    }
    // Only builds and tests use these.
    expect(notices).not.toMatch(/^(esbuild|vitest|aws-cdk-lib|constructs) /m);
  });

  it('has no problem that publint finds', async () => {
    const { messages } = await publint({ pkgDir: installed, level: 'suggestion', strict: true, pack: false });

    expect(messages).toEqual([]);
  });

  it('has types that every kind of module resolution finds', () => {
    const { status, stdout } = spawnSync(process.execPath, [ATTW, packed.tarball, '--no-color'], {
      encoding: 'utf8',
    });

    expect(stdout).toContain('No problems found');
    expect(status).toBe(0);
  });

  it('exports types in the form that jsii accepts: no Partial, and no readonly lists', () => {
    const declarations = packed.files
      .filter((file) => file.endsWith('.d.ts'))
      // Before each line that is not indented: a declaration is in one part, without its last brace.
      .flatMap((file) => readFileSync(join(installed, file), 'utf8').split(/^(?=\S)/m));
    const index = readFileSync(join(installed, 'dist/types/lib/index.d.ts'), 'utf8');
    const lists = [...index.matchAll(/^export (?:type )?\{([^}]+)\} from /gm)].map(([, list = '']) => list);
    const names = lists.flatMap((list) => list.match(/\b(?!type\b)\w+/g) ?? []);

    expect(names).toContain('WebhookFanoutProps');
    // No export of another form, such as `export *`.
    expect(lists).toHaveLength(index.match(/^export /gm)?.length ?? 0);
    for (const name of names) {
      const start = new RegExp(`^export (?:declare )?(?:class|interface|type) ${name}\\b`);
      const found = declarations.filter((text) => start.test(text));
      expect(found, name).toHaveLength(1);
      expect(found[0]).not.toMatch(/Partial<|readonly [\w.]+\[\]|ReadonlyArray/);
    }
  });
});

/** The files that are built and not written by synth, as text. */
function contentOf(directory: string): Record<string, string> {
  const files = [...readFiles(directory)].filter(([path]) => !WRITTEN_BY_SYNTH.includes(path));
  return Object.fromEntries(files.map(([path, data]) => [path, Buffer.from(data).toString('latin1')]));
}

function synthesizedFunctions(assembly: string): Record<string, string>[] {
  return readdirSync(assembly)
    .map((name) => join(assembly, name))
    .filter((asset) => existsSync(join(asset, 'index.mjs')))
    .map(contentOf);
}

describe('an app that installs the package', () => {
  it('type-checks, with the declarations of its packages', () => {
    const { status, stdout } = spawnSync(process.execPath, [TSC], { cwd: app, encoding: 'utf8' });

    expect(stdout).toBe('');
    expect(status).toBe(0);
  });

  it('synthesizes with Node alone: neither esbuild nor Docker is installed', () => {
    execFileSync(process.execPath, ['bin/shop.ts'], {
      cwd: app,
      env: {
        PATH: dirname(process.execPath),
        TMPDIR: process.env.TMPDIR,
        CDK_OUTDIR: 'cdk.out',
        // The CDK's own check of the template. test/infrastructure/checks.test.ts runs it.
        CDK_VALIDATION: 'false',
      },
      stdio: 'pipe',
    });
    expect(existsSync(join(app, 'node_modules', 'esbuild'))).toBe(false);
    expect(synthesizedFunctions(join(app, 'cdk.out'))).toEqual(
      expect.arrayContaining(STEPS.map((step) => contentOf(join(FUNCTIONS, step)))),
    );

    const read = (stack: string): Template =>
      Template.fromJSON(JSON.parse(readFileSync(join(app, 'cdk.out', `${stack}.template.json`), 'utf8')));

    const [webhooks, shop] = [read('Webhooks'), read('Shop')];
    const exported = Object.values(webhooks.findOutputs('*')).map(({ Export }) => Export?.Name);
    const [fn] = Object.values(shop.findResources('AWS::Lambda::Function'));
    const busName = fn?.Properties.Environment.Variables.EVENT_BUS_NAME['Fn::ImportValue'];
    expect(Object.keys(webhooks.findOutputs('*'))).toContain('ApiUrl');
    // The function has the name of the other stack's bus, and may publish to it.
    expect(exported).toContain(busName);
    shop.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Action: 'events:PutEvents', Effect: 'Allow' })] },
    });
  });
});
