import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  count,
  duration,
  LANGUAGE,
  percent,
  relativeTime,
  secondTime,
  sentence,
} from '../../console/src/texts/language.ts';

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
  [23 / 80, '28.8%'],
  [0.00001, '0.1%'],
  [0, '0%'],
])('a share of %d is %s: 100 %% is all, 0 %% is nothing', (share, text) => {
  expect(percent(share)).toBe(text);
});

it('is the language whose locale data the page loads first', () => {
  expect(readFileSync('console/src/warm-up.js', 'utf8')).toContain(`'${LANGUAGE}'`);
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

describe('a time with seconds', () => {
  // In the zone of the machine, like the texts.
  const now = new Date(2026, 0, 15, 10, 30, 7).getTime();

  it('has no day when it is today', () => {
    expect(secondTime(new Date(2026, 0, 15, 9, 5, 3).getTime(), now)).toBe('09:05:03');
    expect(secondTime(new Date(2026, 0, 15, 0, 0, 0).getTime(), now)).toBe('00:00:00');
  });

  it('has its day when it is another one, also when that is less than 24 hours ago', () => {
    expect(secondTime(new Date(2026, 0, 14, 23, 59, 59).getTime(), now)).toBe('Jan 14, 23:59:59');
    expect(secondTime(new Date(2025, 0, 15, 10, 30, 7).getTime(), now)).toContain('Jan 15, ');
  });
});

it('makes a sentence of a text of the API, once', () => {
  expect(['it failed', 'It failed.', 'cut…', ''].map(sentence)).toEqual([
    'It failed.',
    'It failed.',
    'Cut…',
    '',
  ]);
});
