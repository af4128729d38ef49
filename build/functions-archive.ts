import { brotliCompressSync, constants } from 'node:zlib';
import { createTar } from 'nanotar';
import type { FunctionFiles } from '../lib/shared/built-functions.ts';

/** Bytes of a name in a tar's header. The library cuts a longer one. */
const MAX_NAME_BYTES = 100;

/** Fixed attributes, so that the archive depends on the files only. */
const ATTRIBUTES = { mode: '644', uid: 0, gid: 0, mtime: 0 };

/**
 * Packs all functions into one archive. Each bundle contains its own copy of the SDK. Compressed as one stream, the
 * repeated copies take almost no space: the compression window of 16 MiB covers all bundles.
 */
export function packFunctions(functions: ReadonlyMap<string, FunctionFiles>): Buffer {
  const entries = [...functions].flatMap(([step, files]) =>
    [...files].map(([path, data]) => ({ name: `${step}/${path}`, data })),
  );
  for (const { name } of entries) {
    if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
      throw new Error(`the path ${name} is longer than ${MAX_NAME_BYTES} bytes; shorten it`);
    }
  }
  const tar = createTar(entries, { attrs: ATTRIBUTES });
  return brotliCompressSync(tar, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: tar.byteLength,
    },
  });
}
