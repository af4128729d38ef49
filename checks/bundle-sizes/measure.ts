import { buildSync, type Metafile } from 'esbuild';
import { type Bundle, bundleOptions, type Step } from '../../lib/shared/bundle.ts';
import { BUDGETS_KB } from './budgets.ts';

export interface BundleSize {
  readonly step: Step;
  readonly bytes: number;
  readonly budgetBytes: number;
  /** Bytes by package, or by folder of this project, the largest first. */
  readonly parts: readonly (readonly [name: string, bytes: number])[];
  /** Modules of Node that are loaded at the start. */
  readonly imports: readonly string[];
}

/** The sizes of all bundles with the project's own catalogue, without the validators of its schemas. */
export function measureBundles(catalogueFile: string): BundleSize[] {
  return STEPS.map((step) => measure({ step, catalogueFile, hasValidators: false }));
}

const STEPS = ['dispatch-event', 'send-delivery', 'serve-api', 'recover-deliveries'] as const;

function measure(bundle: Bundle): BundleSize {
  const { metafile } = buildSync({
    ...bundleOptions(bundle),
    outfile: 'index.mjs',
    metafile: true,
    write: false,
  });
  const [output] = Object.values(metafile.outputs);
  if (output === undefined) throw new Error(`esbuild wrote no bundle of ${bundle.step}`);
  const budgetBytes = BUDGETS_KB[bundle.step] * 1_000;
  const imports = output.imports
    .filter(({ kind }) => kind === 'import-statement')
    .map(({ path }) => path.replace(/^node:/, ''));
  return { step: bundle.step, bytes: output.bytes, budgetBytes, parts: partsOf(output), imports };
}

function partsOf({ inputs }: Metafile['outputs'][string]): [string, number][] {
  const parts = new Map<string, number>();
  for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
    const name = partOf(file);
    parts.set(name, (parts.get(name) ?? 0) + bytesInOutput);
  }
  return [...parts].sort(([, one], [, other]) => other - one);
}

const PACKAGE = /node_modules\/((?:@[^/]+\/)?[^/]+)\//;
const FOLDER = /(lambdas\/(?:shared\/)?[^/]+)\//;

/** The package or the folder of a file. */
export function partOf(file: string): string {
  const inner = file.slice(Math.max(0, file.lastIndexOf('node_modules/')));
  return PACKAGE.exec(inner)?.[1] ?? FOLDER.exec(file)?.[1] ?? file;
}
