import { gzipSync } from 'node:zlib';
import { buildConsole, isOfOperators } from '../../build/console.ts';
import { COMPRESSED_SUFFIX, decompress } from '../../lambdas/serve-console/static-files.ts';

/** Of all files that customers can load, in bytes after gzip at its highest level. */
export const BUDGET_BYTES = 60_000;

export interface FileSize {
  readonly name: string;
  readonly gzipBytes: number;
}

/** The size of each file of the console that customers can load, the largest first. */
export async function measureSizes(): Promise<FileSize[]> {
  const { files } = await buildConsole();
  return [...files]
    .filter(([name]) => !isOfOperators(name))
    .map(([name, compressed]) => ({
      name: name.slice(0, -COMPRESSED_SUFFIX.length),
      gzipBytes: gzipSync(decompress(compressed), { level: 9 }).length,
    }))
    .sort((one, other) => other.gzipBytes - one.gzipBytes);
}
