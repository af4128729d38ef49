import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';

const PROJECT = fileURLToPath(new URL('../', import.meta.url));

/** The output is CommonJS, which has no `import.meta.url`. */
const URL_BANNER = "const urlOfLibrary = require('node:url').pathToFileURL(__filename).href;";

/**
 * Bundles `lib/` into one CommonJS file with all of its dependencies but the user's aws-cdk-lib and constructs. There
 * is no second build as an ES module: a program that loads both would have two classes of one name. The bundle keeps
 * the lines and names of the sources, so that stack traces of the user's app are readable.
 */
export async function buildLibrary(outfile: string): Promise<Metafile> {
  const { metafile } = await build({
    // The paths in the output's comments and in the metafile are relative to it.
    absWorkingDir: PROJECT,
    entryPoints: [`${PROJECT}lib/index.ts`],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: ['aws-cdk-lib', 'constructs'],
    banner: { js: URL_BANNER },
    define: { 'import.meta.url': 'urlOfLibrary' },
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}
