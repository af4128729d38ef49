import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { COMPILE_CACHE } from '../lambda/compile-cache.ts';

export interface Template {
  readonly Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}

export interface PatchedAssembly {
  readonly directory: string;
  remove(): Promise<void>;
}

/** A copy of a synthesized stack with a changed template, for values that no setting changes, such as SQS's timeouts. */
export async function patchAssembly(
  assembly: string,
  change: (template: Template) => void,
): Promise<PatchedAssembly> {
  const directory = await mkdtemp(join(tmpdir(), 'webhook-fanout-patched-'));
  // Functions of the original assembly may write their compile cache meanwhile. The copies of their bundles cannot use
  // it.
  const filter = (source: string): boolean => basename(source) !== COMPILE_CACHE;
  await cp(assembly, directory, { recursive: true, filter });
  const name = (await readdir(directory)).find((file) => file.endsWith('.template.json'));
  const path = join(directory, name ?? '');
  const template: Template = JSON.parse(await readFile(path, 'utf8'));
  change(template);
  await writeFile(path, JSON.stringify(template));
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}
