import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';

/** One stack of a synthesized cloud assembly, as `cdk synth` leaves it in its output directory. */
export interface Assembly {
  readonly stackName: string;
  /** The stack's template, as JSON. */
  readonly template: unknown;
  /** The directory of a file asset, by the S3 key that the template names it with. */
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

/** Throws, saying what was expected, when the directory holds no assembly or not exactly one stack. */
export async function loadAssembly(directory: string): Promise<Assembly> {
  const manifest = Manifest.parse(await readJson(path.join(directory, 'manifest.json')));
  const stacks = Object.entries(manifest.artifacts).filter(([, { type }]) => type === STACK);
  const [stack] = stacks;
  if (stack === undefined || stacks.length > 1) {
    const found = stacks.map(([name]) => name).join(', ') || 'none';
    throw new Error(
      `${directory} must hold exactly one stack, but holds ${found}; synthesize one stack alone`,
    );
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
      throw new Error(`${directory} has no asset "${objectKey}"; synthesize again, with bundling`);
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
    throw new Error(`cannot read ${file}; expected the output of "cdk synth" there`, { cause });
  }
  return JSON.parse(text);
}
