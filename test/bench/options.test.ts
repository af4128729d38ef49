import { describe, expect, it } from 'vitest';
import { readOptions } from '../../bench/shared/options.ts';

const NUMBERS = { pairs: [3, 'pairs of runs'] } as const;

describe('the options of a benchmark', () => {
  it('have defaults', () => {
    expect(readOptions([], NUMBERS)).toEqual({ numbers: { pairs: 3 }, json: false });
    expect(readOptions(['--pairs', '5', '--json'], NUMBERS)).toEqual({ numbers: { pairs: 5 }, json: true });
    expect(readOptions(['--help'], NUMBERS)).toBe('help');
  });

  it.each([
    [['--pairs', 'many'], '--pairs is "many"; expected: a number from 0'],
    [['--pairs', ''], '--pairs is ""; expected: a number from 0'],
    [['--speed', '3'], "Unknown option '--speed'"],
  ])('refuse %j with the reason', (args, why) => {
    expect(() => readOptions(args, NUMBERS)).toThrow(why);
  });
});
