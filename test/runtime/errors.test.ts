import { describe, expect, it } from 'vitest';
import { describeError, errorFields } from '../../lambdas/shared/runtime/errors.ts';

const HERE = 'test/runtime/errors.test.ts';
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

  it('have the positions of the functions that awaited it, also without names', async () => {
    const fail = async (): Promise<never> => {
      await undefined;
      throw new TypeError();
    };
    const [{ reason }] = (await Promise.allSettled([(async () => await fail())()])) as [
      PromiseRejectedResult,
    ];

    const { stack = [] } = errorFields(reason);

    expect(stack.length).toBeGreaterThan(1);
    expect(stack.filter((frame) => !/^[^ ]+:\d+:\d+$/.test(frame))).toEqual([]);
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

function errorOf(fail: () => unknown): Error {
  try {
    fail();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('an error was expected');
}
