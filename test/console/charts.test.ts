import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barHeight, moveSelection, readPosition, stackBars } from '../../console/src/kit/chart-scale.ts';
import { waterfallParts } from '../../console/src/kit/waterfall-parts.ts';

describe('a bar', () => {
  it('has the height of its share', () => {
    expect(barHeight(50, 100, 64)).toBe(32);
    expect(barHeight(100, 100, 64)).toBe(64);
  });

  it('is visible for one among many, and absent for zero', () => {
    expect(barHeight(1, 100_000, 64)).toBe(2);
    expect(barHeight(0, 100_000, 64)).toBe(0);
  });
});

describe('stacked bars', () => {
  it('are drawn on top of each other, without bars of 0', () => {
    const values = [
      ['status', 10],
      ['timeout', 0],
      ['dns', 5],
    ] as const;

    expect(stackBars(values, 20, 40)).toEqual([
      { id: 'status', offset: 0, height: 20 },
      { id: 'dns', offset: 20, height: 10 },
    ]);
  });
});

describe('the keys of a chart', () => {
  it.each([
    ['ArrowLeft', 3, 2],
    ['ArrowLeft', 0, 0],
    ['ArrowRight', 3, 4],
    ['ArrowRight', 4, 4],
    ['Home', 3, 0],
    ['End', 1, 4],
    ['Tab', 3, undefined],
  ])('%s moves from %i to %s of 5', (key, from, to) => {
    expect(moveSelection(key, from, 5)).toBe(to);
  });
});

describe('the hour that a chart reads', () => {
  const hour = (delivered: number, failed = 0) => ({ delivered, failed: { timeout: failed } });
  const HOURS = [hour(3), hour(2, 1), hour(4), hour(0)];

  it('is the hour below the mouse, and the one chosen by keys after the mouse has left', () => {
    expect(readPosition(HOURS, 0, 2)).toBe(0);
    expect(readPosition(HOURS, undefined, 2)).toBe(2);
  });

  it('is at first the last one with a failure, else with a success, else the last one', () => {
    expect(readPosition(HOURS, undefined, undefined)).toBe(1);
    expect(readPosition([hour(3), hour(4), hour(0)], undefined, undefined)).toBe(1);
    expect(readPosition([hour(0), hour(0)], undefined, undefined)).toBe(1);
  });

  it('is the last one when fewer hours are there than when it was chosen', () => {
    expect(readPosition(HOURS.slice(0, 2), 3, undefined)).toBe(1);
    expect(readPosition(HOURS.slice(0, 2), undefined, 3)).toBe(1);
  });
});

describe('the parts of an attempt', () => {
  const kept = { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: 197 };

  it('are in their order, and the rest is what they do not explain', () => {
    const timing = { dns_ms: 2, connect_ms: 3, tls_ms: 12, first_byte_ms: 60 };

    expect(waterfallParts(80, timing)).toEqual([
      { id: 'dns', startMs: 0, ms: 2 },
      { id: 'connect', startMs: 2, ms: 3 },
      { id: 'tls', startMs: 5, ms: 12 },
      { id: 'first_byte', startMs: 17, ms: 60 },
      { id: 'rest', startMs: 77, ms: 3 },
    ]);
  });

  it('that took no time are left out', () => {
    expect(waterfallParts(201, kept).map(({ id }) => id)).toEqual(['first_byte', 'rest']);
    expect(waterfallParts(197, kept).map(({ id }) => id)).toEqual(['first_byte']);
  });

  it('are within the attempt when they are not more than it', () => {
    const ms = fc.option(fc.integer({ min: 0, max: 10_000 }));
    const timing = fc.record({ dns_ms: ms, connect_ms: ms, tls_ms: ms, first_byte_ms: ms });
    fc.assert(
      fc.property(timing, fc.integer({ min: 0, max: 10_000 }), (measured, more) => {
        const sum = Object.values(measured).reduce<number>((total, one) => total + (one ?? 0), 0);
        const parts = waterfallParts(sum + more, measured);
        expect(parts.every(({ ms: length }) => length > 0)).toBe(true);
        expect(parts.reduce((total, { ms: length }) => total + length, 0)).toBe(sum + more);
      }),
    );
  });
});
