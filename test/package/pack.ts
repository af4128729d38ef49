import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('../../package/', import.meta.url));

export interface Packed {
  /** Absolute path. */
  readonly tarball: string;
  /** Bytes of the tarball. */
  readonly size: number;
  /** Paths in the package. */
  readonly files: readonly string[];
}

/** Builds and packs the package as `npm publish ./package` does. */
export function packPackage(directory: string): Packed {
  const output = execFileSync('npm', ['pack', PACKAGE, '--json', '--pack-destination', directory], {
    encoding: 'utf8',
    env: { ...process.env, npm_config_update_notifier: 'false', npm_config_offline: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // The build's own output is before the JSON.
  const [packed]: [{ filename: string; size: number; files: { path: string }[] }] = JSON.parse(
    output.slice(output.search(/^\[/m)),
  );
  const { filename, size, files } = packed;
  return { tarball: path.join(directory, filename), size, files: files.map((file) => file.path) };
}
