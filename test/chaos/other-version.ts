import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { FUNCTION_OPTIONS } from '../../build/functions.ts';
import type { DeployedCode } from '../../chaos/simulation/deployed-code.ts';
import { MESSAGE_VERSION } from '../../lambdas/shared/domain/message.ts';

const ENTRY = fileURLToPath(new URL('../../chaos/simulation/function-code.ts', import.meta.url));

export const OTHER_VERSION = MESSAGE_VERSION + 1;

/**
 * Bundles the functions of another version of this project: its messages have the next version and one more field.
 *
 * @param reads the versions of messages that it reads
 */
export async function buildOtherVersion(reads: readonly number[]): Promise<DeployedCode> {
  const directory = await mkdtemp(join(tmpdir(), 'other-version-'));
  try {
    const outfile = join(directory, 'functions.mjs');
    await build({
      ...FUNCTION_OPTIONS,
      minify: false,
      entryPoints: [ENTRY],
      outfile,
      plugins: [
        {
          name: 'other-version',
          setup({ onLoad }) {
            onLoad({ filter: /domain\/message\.ts$/ }, async ({ path }) => ({
              contents: toOtherVersion(await readFile(path, 'utf8'), reads),
              loader: 'ts',
            }));
          },
        },
      ],
    });
    const { SOURCE_CODE } = await import(pathToFileURL(outfile).href);
    return { code: SOURCE_CODE, reads };
  } finally {
    await rm(directory, { recursive: true });
  }
}

function toOtherVersion(source: string, reads: readonly number[]): string {
  const changes = [
    [`const MESSAGE_VERSION = ${MESSAGE_VERSION};`, `const MESSAGE_VERSION = ${OTHER_VERSION};`],
    ['v: MESSAGE_VERSION,', "v: MESSAGE_VERSION, added_field: 'text',"],
    ['json.v !== MESSAGE_VERSION', `!${JSON.stringify(reads)}.includes(Number(json.v))`],
  ] as const;
  return changes.reduce((text, [before, after]) => {
    if (text.split(before).length !== 2) throw new Error(`message.ts does not contain "${before}" once`);
    return text.replace(before, after);
  }, source);
}
