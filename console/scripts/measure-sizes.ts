import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';

/** Of all files that customers can load, in bytes after gzip at its highest level. */
export const BUDGET_BYTES = 60_000;

/** Only operators load what is in this folder. */
const OPERATORS = '/src/operator/';

export interface FileSize {
  readonly name: string;
  readonly gzipBytes: number;
}

/** Builds the console in memory and returns the size of each file that customers can load, the largest first. */
export async function measureSizes(): Promise<FileSize[]> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  // A test runner sets it to `test`, and Vite then builds another code.
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  const built = await build({ root, logLevel: 'error', build: { write: false } });
  process.env.NODE_ENV = NODE_ENV;
  if (!('output' in built)) throw new Error('Vite made several outputs; expected is one');
  return built.output
    .filter((file) => !isOfOperators(file))
    .map((file) => ({ name: file.fileName, gzipBytes: gzipSync(contentOf(file), { level: 9 }).length }))
    .sort((one, other) => other.gzipBytes - one.gzipBytes);
}

function isOfOperators(file: Rolldown.OutputChunk | Rolldown.OutputAsset): boolean {
  return file.type === 'chunk' && (file.facadeModuleId?.includes(OPERATORS) ?? false);
}

function contentOf(file: Rolldown.OutputChunk | Rolldown.OutputAsset): string | Uint8Array {
  return file.type === 'chunk' ? file.code : file.source;
}
