import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** What the app reads, besides `node_modules`. */
const SOURCES = [
  ...['bin', 'build', 'console', 'examples', 'lambdas', 'lib', 'local'],
  ...['event-types.json', 'package.json', 'package-lock.json', 'tsconfig.json'],
];

const isSource = (file: string): boolean => basename(file) !== 'node_modules';

/** Synthesizes the app of a checkout in a process of its own, and returns the template and the list of assets. */
function synthesizeIn(checkout: string, variables: Readonly<Record<string, string>> = {}): string[] {
  const outdir = temporaryDirectory();
  execFileSync(process.execPath, ['bin/app.ts'], {
    cwd: checkout,
    env: {
      CDK_OUTDIR: outdir,
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      TMPDIR: process.env.TMPDIR,
      WEBHOOK_FANOUT_CHECKS: 'false',
      ...variables,
    },
    stdio: 'pipe',
  });
  return ['template', 'assets'].map((name) =>
    readFileSync(join(outdir, `WebhookFanout.${name}.json`), 'utf8'),
  );
}

describe('a second deployment of the same version', () => {
  it('has the same template and the same assets, also from another checkout, time zone and language', () => {
    const copy = join(temporaryDirectory(), 'another', 'checkout');
    mkdirSync(copy, { recursive: true });
    for (const name of SOURCES) cpSync(name, join(copy, name), { recursive: true, filter: isSource });
    symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));

    const here = synthesizeIn('.');
    const there = synthesizeIn(copy, { TZ: 'Asia/Tokyo', LC_ALL: 'tr_TR.UTF-8', HOME: copy });

    expect(there).toEqual(here);
    expect(here[1]).toContain('"packaging": "zip"');
  });
});
