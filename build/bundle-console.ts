import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { COMPRESSED_SUFFIX, compress } from '../lambdas/serve-console/static-files.ts';
import { readFiles } from '../lib/shared/built-functions.ts';
import type { BundledCode } from './notices.ts';

const PROJECT = fileURLToPath(new URL('../', import.meta.url));

/** Writes the console's files into a directory, compressed, and the modules that they contain into a JSON file. */
async function bundleConsole(directory: string, codeFile: string): Promise<void> {
  const built = await build({
    configFile: path.join(PROJECT, 'console', 'vite.config.ts'),
    configLoader: 'native',
    logLevel: 'warn',
    build: { outDir: directory, emptyOutDir: true },
  });
  if (!('output' in built)) throw new Error('the console must have exactly one output');
  for (const [name, content] of readFiles(directory)) {
    const file = path.join(directory, name);
    writeFileSync(file + COMPRESSED_SUFFIX, compress(content));
    rmSync(file);
  }
  const outputs = built.output.flatMap((output) =>
    output.type === 'chunk' ? [[output.fileName, { inputs: inputsOf(output.modules) }] as const] : [],
  );
  const code: BundledCode = { outputs: Object.fromEntries(outputs) };
  writeFileSync(codeFile, JSON.stringify(code));
}

/** Modules of the bundler itself have no path. */
function inputsOf(modules: Readonly<Record<string, { readonly renderedLength: number }>>) {
  const files = Object.entries(modules).filter(([id]) => path.isAbsolute(id));
  return Object.fromEntries(
    files.map(([id, { renderedLength }]) => [path.relative(PROJECT, id), { bytesInOutput: renderedLength }]),
  );
}

const [directory, codeFile] = process.argv.slice(2);
if (directory === undefined || codeFile === undefined) {
  throw new Error('usage: bundle-console.ts <directory> <file>');
}
await bundleConsole(directory, codeFile);
