import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';

/** The build compresses every file and adds this to its name. */
export const COMPRESSED_SUFFIX = '.br';

/** Enough to distinguish any two builds, in 24 characters. */
const HASH_BYTES = 18;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};

export interface StaticFile {
  readonly contentType: string;
  /** The content, compressed with Brotli. */
  readonly compressed: Buffer;
  /** Weak, since it is the same for the compressed and the original representation. */
  readonly etag: string;
}

/** Files by their path below `/console/`. */
export type StaticFiles = ReadonlyMap<string, StaticFile>;

/** Reads all files that the build wrote, once for each execution environment: they have less than 200 kB. */
export function readStaticFiles(directory: string): StaticFiles {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const files = names.filter(
    (name) => name.endsWith(COMPRESSED_SUFFIX) && statSync(path.join(directory, name)).isFile(),
  );
  return new Map(
    files.map((name) => {
      const served = name.slice(0, -COMPRESSED_SUFFIX.length).split(path.sep).join('/');
      return [served, staticFile(served, readFileSync(path.join(directory, name)))];
    }),
  );
}

/**
 * Compresses with Brotli at its highest quality, Node's default. Every browser that the console supports accepts it
 * over TLS.
 */
export function compress(content: string | Uint8Array): Buffer {
  return brotliCompressSync(content);
}

export function decompress(compressed: Uint8Array): Buffer {
  return brotliDecompressSync(compressed);
}

export function staticFile(name: string, compressed: Buffer): StaticFile {
  const hash = createHash('sha256').update(compressed).digest().subarray(0, HASH_BYTES).toString('base64url');
  return {
    contentType: CONTENT_TYPES[path.extname(name)] ?? 'application/octet-stream',
    compressed,
    etag: `W/"${hash}"`,
  };
}
