import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { readBuiltFunction } from '../../lib/shared/built-functions.ts';
import { writeCode } from '../../lib/shared/function-code.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const LOG_AN_ERROR = fileURLToPath(new URL('./log-an-error.ts', import.meta.url));
const execute = promisify(execFile);
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('a shipped bundle', () => {
  let directory: string;

  beforeAll(() => {
    directory = path.join(temporaryDirectory(), 'bundle');
    mkdirSync(directory);
    const catalogueFile = path.join(PROJECT, 'event-types.json');
    const { files } = readBuiltFunction('dispatch-event');
    writeCode(files, { step: 'dispatch-event', catalogueFile, hasValidators: true }, directory);
  });

  it('logs an error with the files and lines of its TypeScript source', async () => {
    const { stdout } = await execute(process.execPath, [
      LOG_AN_ERROR,
      path.join(directory, 'index.mjs'),
      SECRET,
    ]);

    expect(stdout).not.toContain(SECRET);
    const { why, stack }: { why: string; stack: string[] } = JSON.parse(stdout);
    expect(why).toBe('TypeError');
    // The first position is the client's, which is not part of the bundle.
    const positions = stack.slice(1).map((frame) => /^(lambdas\/.+\.ts):(\d+):\d+$/.exec(frame) ?? frame);
    expect(positions.length).toBeGreaterThan(3);
    expect(positions.filter((position) => typeof position === 'string')).toEqual([]);
    const [, file = '', line] = positions.find(([, path]) => path === 'lambdas/shared/store/pages.ts') ?? [];
    const source = readFileSync(path.join(PROJECT, file), 'utf8').split('\n');
    expect(source[Number(line) - 1]).toContain('await dynamodb.send(new QueryCommand(input))');
  });

  it('has a source map of its own files, the same on every machine and without source text', () => {
    const map = JSON.parse(readFileSync(path.join(directory, 'index.mjs.map'), 'utf8'));

    expect(Object.keys(map)).toEqual(['version', 'sources', 'names', 'mappings']);
    expect(map.sources).toContain('lambdas/dispatch-event/handler.ts');
    expect(map.sources.filter((source: string) => !source.startsWith('lambdas/'))).toEqual([]);
  });
});
