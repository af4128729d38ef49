import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../', import.meta.url));
const TSC = `${PROJECT}node_modules/typescript/bin/tsc`;
const ENTRY = 'lib/index.d.ts';

/** The quoted path of an import of another file of the project. */
const RELATIVE_IMPORT = /(from |import\()(['"])(\.{1,2}\/[^'"]+)\.ts\2/g;

/**
 * Writes the declarations of `lib/index.ts` and of the files that they import. tsc also writes those of internal files, some
 * of which import packages that the user does not have; they are left out. In declarations tsc keeps the extension .ts.
 */
export function buildDeclarations(directory: string): void {
  const temporary = mkdtempSync(path.join(tmpdir(), 'webhook-fanout-declarations-'));
  try {
    execFileSync(process.execPath, [TSC, '-p', `${PROJECT}tsconfig.package.json`, '--outDir', temporary], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const pending = [ENTRY];
    for (const file of pending) {
      const text = readFileSync(path.join(temporary, file), 'utf8');
      for (const [, , , imported] of text.matchAll(RELATIVE_IMPORT)) {
        const target = path.join(path.dirname(file), `${imported}.d.ts`);
        if (!pending.includes(target)) pending.push(target);
      }
      const output = path.join(directory, file);
      mkdirSync(path.dirname(output), { recursive: true });
      writeFileSync(output, text.replaceAll(RELATIVE_IMPORT, '$1$2$3.js$2'));
    }
  } finally {
    rmSync(temporary, { recursive: true });
  }
}
