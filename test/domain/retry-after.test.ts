import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../lambdas/shared/domain/retry-after.ts';

/** 2026-01-15, a Thursday. */
const NOW = Date.parse('2026-01-15T10:30:00Z');

describe('a Retry-After header', () => {
  it.each([
    ['120', 120_000],
    ['1', 1_000],
    [' 5 ', 5_000],
    ['0010', 10_000],
    ['9'.repeat(400), Number.POSITIVE_INFINITY],
    ['Thu, 15 Jan 2026 10:32:00 GMT', 120_000],
    ['Thursday, 15-Jan-26 10:32:00 GMT', 120_000],
    ['Thu Jan 15 10:32:00 2026', 120_000],
    ['Sun Feb  1 10:30:00 2026', 17 * 86_400_000],
    ['Thu, 31 Dec 2026 23:59:60 GMT', Date.UTC(2027, 0, 1) - NOW],
    // Two digits of a year more than 50 years in the future are in the past.
    ['Thursday, 15-Jan-76 10:30:00 GMT', Date.UTC(2076, 0, 15, 10, 30) - NOW],
    ['Friday, 15-Jan-77 10:30:00 GMT', undefined],
  ])('%j requests a wait of %s ms', (value, ms) => {
    expect(retryAfterMs(value, NOW)).toBe(ms);
  });

  it.each([
    ...[
      '',
      ' ',
      '0',
      '000',
      '-5',
      '+5',
      '1.5',
      '1e3',
      '0x10',
      '5s',
      '5 minutes',
      '1,5',
      '٣',
      'soon',
      '\0',
      'NaN',
    ],
    // Dates in the past, and now.
    ...['Thu, 15 Jan 2026 10:30:00 GMT', 'Wed, 14 Jan 2026 10:30:00 GMT', 'Sun, 06 Nov 1994 08:49:37 GMT'],
    ...['Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'],
    // Dates in other formats, and days that do not exist.
    ...['2026-01-15T10:32:00Z', 'Thu, 15 Jan 2026 10:32:00 UTC', 'Thu, 15 Jan 2026 10:32:00 +0100'],
    ...['thu, 15 jan 2026 10:32:00 gmt', 'Thu, 15 Jan 2026 10:32 GMT', 'Thu, 15 Jan 2026 24:00:00 GMT'],
    ...['Sat, 30 Feb 2027 10:32:00 GMT', 'Sat, 00 Feb 2027 10:32:00 GMT', 'Thu, 15 Jan 2026 10:32:00 GMT, 5'],
  ])('%j is ignored [NET-27]', (value) => {
    expect(retryAfterMs(value, NOW)).toBeUndefined();
  });

  it('never results in a negative wait or in none, for any content [NET-27]', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789 :,-GMTJan') })),
        (value) => {
          const ms = retryAfterMs(value, NOW);
          expect(ms === undefined || ms > 0).toBe(true);
        },
      ),
    );
  });

  it('as a date is read the same in the format that every server sends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 9 }), (seconds) => {
        const date = new Date(NOW + seconds * 1_000).toUTCString();
        expect(retryAfterMs(date, NOW)).toBe(seconds * 1_000);
      }),
    );
  });
});
