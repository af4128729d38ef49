import { globSync, readFileSync } from 'node:fs';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderIndex } from './index-document.ts';
import { parseRows, type SecurityRow } from './rows.ts';
import { findNamedTests, type NamedTest } from './titles.ts';

const ROOT = new URL('../../', import.meta.url);
export const SECURITY_DOCUMENT = new URL('docs/security.md', ROOT);
export const INDEX_DOCUMENT = new URL('docs/security-tests.md', ROOT);

export interface SecurityIndex {
  rows: SecurityRow[];
  tests: NamedTest[];
  /** What docs/security-tests.md must contain. */
  text: string;
}

/** Reads docs/security.md and all test files of this repository. */
export function readSecurityIndex(): SecurityIndex {
  const rows = parseRows(readFileSync(SECURITY_DOCUMENT, 'utf8'));
  const files = globSync('test/**/*.test.ts', { cwd: fileURLToPath(ROOT) })
    .map((path) => path.replaceAll(sep, '/'))
    .sort();
  const tests = files.flatMap((file) => findNamedTests(file, readFileSync(new URL(file, ROOT), 'utf8')));
  return { rows, tests, text: renderIndex(rows, tests) };
}
