import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';

/** The one stack of a cloud assembly, as `cdk synth` writes it to its output directory. */
export interface Assembly {
  readonly stackName: string;
  /** The stack's template, parsed from JSON. */
  readonly template: unknown;
  /** The directory of the file asset with this S3 key. Throws if there is none. */
  assetDirectory(objectKey: string): string;
}

const Manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.object({ type: z.string(), properties: z.record(z.string(), z.unknown()).optional() }),
  ),
});
const StackProperties = z.object({ templateFile: z.string(), stackName: z.string().optional() });
const AssetManifest = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string().optional(), packaging: z.string().optional() }),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
    }),
  ),
});

const STACK = 'aws:cloudformation:stack';

/** Throws if the directory contains no assembly, or an assembly that does not have exactly one stack. */
export async function loadAssembly(directory: string): Promise<Assembly> {
  const manifest = Manifest.parse(await readJson(path.join(directory, 'manifest.json')));
  const stacks = Object.entries(manifest.artifacts).filter(([, { type }]) => type === STACK);
  const [stack] = stacks;
  if (stack === undefined || stacks.length > 1) {
    const found = stacks.map(([name]) => name).join(', ') || 'none';
    throw new Error(`${directory} must contain exactly one stack, got ${found}; synthesize a single stack`);
  }
  const [artifactId, artifact] = stack;
  const properties = StackProperties.parse(artifact.properties);
  const template = await readJson(path.join(directory, properties.templateFile));
  const assets = await readAssets(directory, artifactId);
  return {
    stackName: properties.stackName ?? artifactId,
    template,
    assetDirectory(objectKey) {
      const asset = assets.get(objectKey);
      if (asset !== undefined) return asset;
      throw new Error(`${directory} has no asset "${objectKey}"; synthesize it again with bundling`);
    },
  };
}

async function readAssets(directory: string, artifactId: string): Promise<Map<string, string>> {
  const manifest = AssetManifest.parse(await readJson(path.join(directory, `${artifactId}.assets.json`)));
  const assets = new Map<string, string>();
  for (const { source, destinations } of Object.values(manifest.files)) {
    if (source.path === undefined) continue;
    for (const { objectKey } of Object.values(destinations)) {
      assets.set(objectKey, path.resolve(directory, source.path));
    }
  }
  return assets;
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new Error(`cannot read ${file}; expected the output directory of "cdk synth"`, { cause });
  }
  return JSON.parse(text);
}
