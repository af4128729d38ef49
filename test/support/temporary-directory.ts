import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterFile } from './file-clean-up.ts';

/** An empty directory, removed after the last test of the file. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'files-'));
  afterFile(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
