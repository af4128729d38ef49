import type { Metafile } from 'esbuild';
import { buildFunctions } from '../../build/functions.ts';
import { STEPS, type Step } from '../../lib/shared/function-code.ts';
import { BUDGETS_KB } from './budgets.ts';

export interface BundleSize {
  readonly step: Step;
  readonly bytes: number;
  readonly budgetBytes: number;
  /** Bytes by package, or by folder of this project, the largest first. */
  readonly parts: readonly (readonly [name: string, bytes: number])[];
  /** Paths of the sources that it contains, from the project's folder. */
  readonly files: readonly string[];
  /** Modules of Node that are loaded at the start. */
  readonly imports: readonly string[];
}

/**
 * Builds all bundles and returns their sizes. The files beside a bundle are not counted: the catalogue, its validators,
 * and modules that a function loads later.
 */
export async function measureBundles(): Promise<BundleSize[]> {
  const { metafiles } = await buildFunctions();
  return STEPS.map((step, index) => measure(step, metafiles[index]));
}

function measure(step: Step, metafile: Metafile | undefined): BundleSize {
  const output = Object.values(metafile?.outputs ?? {}).find(({ entryPoint }) => entryPoint !== undefined);
  if (output === undefined) throw new Error(`esbuild wrote no bundle of ${step}`);
  const imports = output.imports
    .filter(({ kind }) => kind === 'import-statement')
    .map(({ path }) => path.replace(/^node:/, ''));
  return {
    step,
    bytes: output.bytes,
    budgetBytes: BUDGETS_KB[step] * 1_000,
    parts: partsOf(output),
    files: filesOf(output),
    imports,
  };
}

function partsOf({ inputs }: Metafile['outputs'][string]): [string, number][] {
  const parts = new Map<string, number>();
  for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
    const name = partOf(file);
    parts.set(name, (parts.get(name) ?? 0) + bytesInOutput);
  }
  return [...parts].sort(([, one], [, other]) => other - one);
}

function filesOf({ inputs }: Metafile['outputs'][string]): string[] {
  return Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : []));
}

const PACKAGE = /node_modules\/((?:@[^/]+\/)?[^/]+)\//;
const FOLDER = /(lambdas\/(?:shared\/)?[^/]+)\//;

/** The package or the folder of a file. */
export function partOf(file: string): string {
  const inner = file.slice(Math.max(0, file.lastIndexOf('node_modules/')));
  return PACKAGE.exec(inner)?.[1] ?? FOLDER.exec(file)?.[1] ?? file;
}
