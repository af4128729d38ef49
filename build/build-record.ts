import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { hashOf } from './sources.ts';

/** The record of one build of the functions. */
interface BuildRecord {
  /** The hash of its sources. */
  readonly sources: string;
  /** The hash of the files that it wrote: another process may have replaced them since. */
  readonly files: string;
  readonly metafiles: readonly Metafile[];
}

/** The metafiles of the last build. Undefined when its sources were different, or when its files have changed. */
export async function readBuild(
  record: string,
  sources: string,
  files: readonly string[],
): Promise<readonly Metafile[] | undefined> {
  const text = await readFile(record, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const last: BuildRecord = JSON.parse(text);
  if (last.sources !== sources || last.files !== (await hashOf(files).catch(() => undefined)))
    return undefined;
  return last.metafiles;
}

/** `temporary`: a directory on the same file system as `record`. */
export async function writeBuild(
  record: string,
  temporary: string,
  {
    sources,
    files,
    metafiles,
  }: { sources: string; files: readonly string[]; metafiles: readonly Metafile[] },
): Promise<void> {
  const content: BuildRecord = { sources, files: await hashOf(files), metafiles };
  await replaceFile(record, temporary, Buffer.from(JSON.stringify(content)));
}

/** Replaces a file as a whole, and only when its content changes. */
export async function replaceFile(file: string, temporary: string, content: Uint8Array): Promise<void> {
  const before = await readFile(file).catch(() => undefined);
  if (before?.equals(content)) return;
  // The temporary file is not beside the target: another process may be copying that directory.
  const written = path.join(temporary, `${randomUUID()}.tmp`);
  await mkdir(temporary, { recursive: true });
  try {
    await writeFile(written, content);
    await rename(written, file);
  } finally {
    await rm(written, { force: true });
  }
}
