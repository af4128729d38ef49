import { expect, it } from 'vitest';
import { count, duration, percent, relativeTime } from '../../console/src/texts/language.ts';

it.each([
  [0, '0 ms'],
  [0.4, '0.4 ms'],
  [84.2, '84 ms'],
  [999.6, '1 s'],
  [2_100, '2.1 s'],
  [59_960, '1 min'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [3 * 86_400_000, '3 days'],
])('%d ms is %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

it.each([
  [1, '100%'],
  [0.99999, '99.9%'],
  [0.645, '64.5%'],
  [0.00001, '0.1%'],
  [0, '0%'],
])('a share of %d is %s: 100 %% is all, 0 %% is nothing', (share, text) => {
  expect(percent(share)).toBe(text);
});

it('counts one and many', () => {
  expect([0, 1, 1_204].map((value) => count(value, 'event'))).toEqual([
    '0 events',
    '1 event',
    '1,204 events',
  ]);
});

it.each([
  [-5_000, 'now'],
  [-30_000, '30 sec. ago'],
  [-119_000, '1 min. ago'],
  [7_200_000, 'in 2 hr.'],
])('%d ms from now is %s', (difference, text) => {
  const now = Date.parse('2026-01-15T10:30:00Z');
  expect(relativeTime(now + difference, now)).toBe(text);
});
