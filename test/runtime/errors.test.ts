import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeError, errorFields } from '../../lambdas/shared/runtime/errors.ts';
import { writeBundle } from '../../lib/shared/bundle.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const LOG_AN_ERROR = fileURLToPath(new URL('./support/log-an-error.ts', import.meta.url));
const HERE = 'test/runtime/errors.test.ts';
const execute = promisify(execFile);
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('the description of an error', () => {
  it('is its name and message', () => {
    expect(describeError(new Error('the item is incomplete'))).toBe('Error: the item is incomplete');
    expect(describeError('a text')).toBe('a text');
  });

  it.each([
    () => JSON.parse(SECRET),
    () => new URL(SECRET),
    () => Buffer.alloc(8).fill(SECRET, 'no encoding' as BufferEncoding),
    () => 'a'.repeat(-1),
  ])('is only its name when JavaScript wrote the message, which can contain a value: %s', (fail) => {
    const error = errorOf(fail);

    expect(describeError(error)).toBe(error.name);
  });
});

describe('the fields of an error', () => {
  it('have the positions of an error of this code, without its message', () => {
    const { why, stack = [] } = errorFields(errorOf(() => JSON.parse(SECRET)));

    expect(why).toBe('SyntaxError');
    expect(stack[0]).toContain(HERE);
    expect(stack.length).toBeLessThanOrEqual(10);
    expect(stack.join()).not.toContain(SECRET.slice(6, 16));
  });

  it('have no line of the message that looks like a position', () => {
    const { stack = [] } = errorFields(new Error(`failed\n    at ${SECRET}:1:1\n    at f (${SECRET}:1:1)`));

    expect(stack[0]).toContain(HERE);
    expect(stack.join()).not.toContain(SECRET);
  });

  it.each([
    Object.assign(new Error('slow down'), { name: 'ThrottlingException' }),
    Object.assign(new Error('connect ECONNREFUSED'), { $metadata: { attempts: 3 } }),
  ])('have no positions for an error of an AWS service: %s', (error) => {
    expect(errorFields(error)).toEqual({ why: `${error.name}: ${error.message}` });
  });
});

describe('a shipped bundle', () => {
  let directory: string;

  beforeAll(() => {
    directory = path.join(temporaryDirectory(), 'bundle');
    mkdirSync(directory);
    writeBundle('dispatch-event', path.join(PROJECT, 'event-types.json'), directory);
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
    const [, file = '', line] = positions[0] ?? [];
    expect(file).toBe('lambdas/shared/store/pages.ts');
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

function errorOf(fail: () => unknown): Error {
  try {
    fail();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('an error was expected');
}
