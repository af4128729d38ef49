import { describe, expect, it } from 'vitest';
import {
  choiceOf,
  fromLocalInput,
  hasPeriod,
  parsePeriod,
  queryOfChoice,
  rangeOf,
  toLocalInput,
} from '../../console/src/parts/period.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');

describe('a time in the address', () => {
  it.each([
    [{}, {}],
    [{ last: 'all' }, {}],
    [{ last: '24h' }, { since: '2026-11-25T12:00:00.000Z' }],
    [{ last: '1h' }, { since: '2026-11-26T11:00:00.000Z' }],
    [{ since: '2026-11-01T00:00:00+01:00' }, { since: '2026-10-31T23:00:00.000Z', until: undefined }],
    [
      { since: '2026-11-01T00:00:00Z', until: '2026-11-02T00:00:00Z', last: '1h' },
      { since: '2026-11-01T00:00:00.000Z', until: '2026-11-02T00:00:00.000Z' },
    ],
    [{ last: 'toString' }, {}],
    [{ since: 'soon', last: '1h' }, { since: '2026-11-26T11:00:00.000Z' }],
  ])('%j is the range %j', (query, range) => {
    expect(rangeOf(parsePeriod(query), NOW)).toEqual(range);
  });

  it('has a preset only where the address has none', () => {
    expect(parsePeriod({}, '24h')).toEqual({ kind: 'last', last: '24h' });
    expect(parsePeriod({ last: 'all' }, '24h')).toEqual({ kind: 'all' });
  });

  it('begins at the time of the preset until another one is chosen', () => {
    const preset = { since: '2026-11-20T08:00:00.000Z' };

    expect(rangeOf(parsePeriod({}, preset), NOW)).toEqual({ ...preset, until: undefined });
    expect(choiceOf(parsePeriod({}, preset))).toBe('other');
    expect(parsePeriod({ last: '1h' }, preset)).toEqual({ kind: 'last', last: '1h' });
    expect(parsePeriod({ last: 'all' }, preset)).toEqual({ kind: 'all' });
  });

  it('is in the address when one of its parameters is', () => {
    expect([{}, { last: '' }, { last: '1h' }, { since: 'x' }, { until: 'x' }].map(hasPeriod)).toEqual([
      ...[false, false, true, true, true],
    ]);
  });

  it('is the choice that wrote it', () => {
    for (const choice of ['1h', '24h', '7d', 'all', 'other'] as const) {
      expect(choiceOf(parsePeriod(queryOfChoice(choice, NOW)))).toBe(choice);
    }
  });
});

describe('an input of a local time', () => {
  it('keeps a time to the second, in every zone', () => {
    for (const time of ['2026-11-26T12:00:00.000Z', '2026-02-28T23:59:07.000Z']) {
      expect(fromLocalInput(toLocalInput(time))).toBe(time);
    }
  });

  it('is empty without a time, and undefined while it is incomplete', () => {
    expect(toLocalInput(undefined)).toBe('');
    expect(fromLocalInput('')).toBeUndefined();
  });
});
