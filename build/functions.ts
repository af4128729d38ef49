import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { FUNCTIONS, type FunctionFiles, OPERATOR_FILES, readFiles } from '../lib/shared/built-functions.ts';
import { STEPS, type Step } from '../lib/shared/function-code.ts';
import { readBuild, replaceFile, writeBuild } from './build-record.ts';
import { type BuiltConsole, buildConsole, isOfOperators } from './console.ts';
import { LEFT_OUT } from './left-out.ts';
import { reduceSourceMap } from './source-map.ts';
import { hashOf, sourcesIn, throwForUnhashed } from './sources.ts';

const PROJECT = fileURLToPath(new URL('../', import.meta.url));
const REPLACED = `${PROJECT}lambdas/shared/runtime/aws/replaced/`;

/** Functions for a debugger. They are never packed. */
const DEBUG_FUNCTIONS = fileURLToPath(new URL('../dist/functions-for-debugger/', import.meta.url));

/** Directory of temporary files, on the same file system as the output, so that files can be moved there. */
const TEMPORARY = fileURLToPath(new URL('../dist/temporary/', import.meta.url));

/** The name of the build's record in the directory of the functions. */
const RECORD = 'build.json';

/**
 * Inputs of the bundles besides `lambdas/`: the versions of packages, the options of the compiler, and the build's own
 * code.
 */
const OTHER_INPUTS = [
  ...['package-lock.json', 'tsconfig.json'],
  ...['build/functions.ts', 'build/left-out.ts', 'build/source-map.ts'],
];

/** CommonJS dependencies call `require`, which ES modules do not have. The long name avoids collisions. */
const REQUIRE_BANNER =
  "import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url);";

/** Files that depend on the operator's catalogue are not in the bundle but beside it: the construct writes them at synth. */
const FILES_BESIDE: Plugin = {
  name: 'files-beside',
  setup({ onResolve }) {
    onResolve({ filter: /^webhook-fanout-catalogue$/ }, () => ({ path: './catalogue.json', external: true }));
    onResolve({ filter: /^webhook-fanout-validators$/ }, () => ({
      path: './validators.mjs',
      external: true,
    }));
  },
};

/** Modules that are loaded only by `import()`, by step. Each is in a separate file beside `index.mjs`. */
const LOADED_LATER: { readonly [S in Step]?: readonly { readonly module: string; readonly file: string }[] } =
  {
    'serve-api': [{ module: 'lambdas/serve-api/open-api/document.ts', file: 'open-api.mjs' }],
  };

/** Makes an `import()` of such a module load the module's file. */
const LATER: Plugin = {
  name: 'loaded-later',
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ kind, path: module, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const absolute = path.resolve(resolveDir, module);
      const found = Object.values(LOADED_LATER)
        .flat()
        .find((later) => absolute === path.join(PROJECT, later.module));
      return found && { path: `./${found.file}`, external: true };
    });
  },
};

/** Options that bundle code for Lambda into one file. */
export const BUNDLE_OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'],
  banner: { js: REQUIRE_BANNER },
  // undici's parser for CPUs without SIMD; Lambda's CPUs have SIMD.
  external: ['*/llhttp/llhttp-wasm.js'],
  // undici's own build switch, which Node.js also sets: it leaves out an experimental parser (160 KB).
  define: { esbuildDetection: 'true' },
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** Replaces a module of the SDK. An alias cannot name it, because other modules import it by a relative path. */
const CONFIG_FILES: Plugin = {
  name: 'config-files',
  setup({ onResolve }) {
    onResolve({ filter: /\/shared-ini-file-loader\/loadSharedConfigFiles$/ }, () => ({
      path: `${REPLACED}load-shared-config-files.ts`,
    }));
  },
};

/** Options for the functions of this project. Their SDK clients do not use the SDK's defaults. */
export const FUNCTION_OPTIONS = {
  ...BUNDLE_OPTIONS,
  // Defaults of the SDK that every client's settings replace, with clients for SSO and STS (160 KB in each bundle).
  alias: {
    '@aws-sdk/credential-provider-node': `${REPLACED}credential-provider-node.ts`,
    '@aws-sdk/signature-v4-multi-region': `${REPLACED}signature-v4.ts`,
    '@smithy/core/checksum': `${REPLACED}checksums.ts`,
    '@smithy/core/event-streams': `${REPLACED}event-streams.ts`,
    '@smithy/node-http-handler': `${REPLACED}node-http-handler.ts`,
    '@smithy/signature-v4': `${REPLACED}signature-v4.ts`,
  },
  plugins: [CONFIG_FILES, LEFT_OUT],
} as const satisfies BuildOptions;

/** Overrides for a debugger. */
const DEBUG_OPTIONS = { minify: false, sourcemap: 'inline' } as const satisfies BuildOptions;

export interface BuiltFunctions {
  /** Absolute path. It has a folder for each step. */
  readonly directory: string;
  /** esbuild's metafile of each `index.mjs`. */
  readonly metafiles: readonly Metafile[];
  /** Its files are beside the bundle of serve-console. The files of the operators' screens are in a separate folder. */
  readonly console: BuiltConsole;
}

/**
 * Bundles each function into `dist/functions/<step>/index.mjs`, with its source map `index.mjs.map`, which has the
 * positions of this project's own files and no source text. Functions read the map only to log an error. The output
 * depends on the sources and the lock file only. Some bundles load further files later: these and their maps are beside
 * the bundle. The console's files are beside the bundle of serve-console, in `console/`. For a debugger a bundle is not
 * minified, contains the whole map, and is in another directory.
 *
 * The functions are bundled again only when a source has changed, since every synth in a checkout needs them. Several
 * processes may build at the same time: a file is replaced as a whole, and only when its content changes.
 */
export async function buildFunctions({ forDebugger = false } = {}): Promise<BuiltFunctions> {
  const directory = forDebugger ? DEBUG_FUNCTIONS : FUNCTIONS;
  const [built, metafiles] = await Promise.all([buildConsole(), bundleChanged(directory, forDebugger)]);
  await writeConsole(
    built.files,
    (name) => !isOfOperators(name),
    path.join(directory, 'serve-console', 'console'),
  );
  await writeConsole(built.files, isOfOperators, path.join(directory, OPERATOR_FILES));
  return { directory, metafiles, console: built };
}

async function bundleChanged(directory: string, forDebugger: boolean): Promise<readonly Metafile[]> {
  const inputs = [
    ...(await sourcesIn(`${PROJECT}lambdas`)),
    ...OTHER_INPUTS.map((name) => `${PROJECT}${name}`),
  ];
  const sources = await hashOf(inputs);
  const files = STEPS.flatMap((step) =>
    ['index.mjs', ...(LOADED_LATER[step] ?? []).map(({ file }) => file)].flatMap((name) => {
      const file = path.join(directory, step, name);
      return forDebugger ? [file] : [file, `${file}.map`];
    }),
  );
  const record = path.join(directory, RECORD);
  const last = await readBuild(record, sources, files);
  if (last !== undefined) return last;
  const built = await Promise.all(STEPS.map((step) => buildFunction(step, directory, forDebugger)));
  for (const { outputs } of built.flat())
    throwForUnhashed(outputs, inputs, 'let build/functions.ts hash its folder');
  const metafiles = built.map(([metafile]) => metafile);
  await writeBuild(record, TEMPORARY, { sources, files, metafiles });
  return metafiles;
}

async function writeConsole(
  files: FunctionFiles,
  isWritten: (name: string) => boolean,
  directory: string,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const written = new Map([...files].filter(([name]) => isWritten(name)));
  for (const [name, data] of written) {
    const file = path.join(directory, name);
    await mkdir(path.dirname(file), { recursive: true });
    await replaceFile(file, TEMPORARY, data);
  }
  // Delete the files of earlier builds: their names contain other hashes.
  for (const name of readFiles(directory).keys()) {
    if (!written.has(name)) await rm(path.join(directory, name), { force: true });
  }
}

/** Resolves to the metafiles, that of `index.mjs` first. */
async function buildFunction(
  step: Step,
  directory: string,
  forDebugger: boolean,
): Promise<[Metafile, ...Metafile[]]> {
  const target = path.join(directory, step);
  return Promise.all([
    buildFile(`lambdas/${step}/handler.ts`, path.join(target, 'index.mjs'), forDebugger),
    ...(LOADED_LATER[step] ?? []).map(({ module, file }) =>
      buildFile(module, path.join(target, file), forDebugger),
    ),
  ]);
}

async function buildFile(module: string, outfile: string, forDebugger: boolean): Promise<Metafile> {
  const target = path.dirname(outfile);
  const { outputFiles, metafile } = await build({
    ...FUNCTION_OPTIONS,
    // The paths in the metafile are relative to it.
    absWorkingDir: PROJECT,
    plugins: [...FUNCTION_OPTIONS.plugins, FILES_BESIDE, LATER],
    entryPoints: [PROJECT + module],
    metafile: true,
    write: false,
    ...(forDebugger
      ? // The map's paths are relative to the output, which synth copies.
        {
          ...DEBUG_OPTIONS,
          outfile,
          sourceRoot: pathToFileURL(`${target}/`).href,
        }
      : // Nothing is written there. Paths in the map are relative to it, so that the map is the same on every machine.
        { sourcemap: 'external', sourcesContent: false, outfile: PROJECT + path.basename(outfile) }),
  });
  await mkdir(target, { recursive: true });
  for (const { path: file, contents, text } of outputFiles) {
    const content = file.endsWith('.map') ? Buffer.from(reduceSourceMap(text, 'lambdas/')) : contents;
    await replaceFile(path.join(target, path.basename(file)), TEMPORARY, content);
  }
  return metafile;
}
