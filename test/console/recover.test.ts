import { describe, expect, it } from 'vitest';
import { choiceOf, presetFor, statusesOf } from '../../console/src/screens/recover/choice.ts';
import { countIn, progressOf } from '../../console/src/screens/recover/progress.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const HOUR_MS = 3_600_000;

describe('what is recovered', () => {
  it('ends at the time of the count, so that exactly what was counted is sent', () => {
    expect(choiceOf({}, '24h', NOW)).toEqual({
      ...{ since: '2026-11-25T12:00:00.000Z', until: '2026-11-26T12:00:00.000Z' },
      status: ['held', 'exhausted'],
    });
    const query = { since: '2026-11-26T10:00:00Z', until: '2026-11-27T10:00:00Z', status: 'held' };
    expect(choiceOf(query, '24h', NOW)).toEqual({
      ...{ since: '2026-11-26T10:00:00.000Z', until: '2026-11-26T12:00:00.000Z' },
      status: ['held'],
    });
  });

  it('begins before every record when all is chosen', () => {
    expect(choiceOf({ last: 'all' }, '24h', NOW)).toMatchObject({ since: '1970-01-01T00:00:00.000Z' });
  });

  it('is not counted without a status, and not with times in the wrong order', () => {
    expect(choiceOf({ status: 'none' }, '24h', NOW)).toBe('no-status');
    expect(choiceOf({ since: '2026-11-27T00:00:00Z' }, '24h', NOW)).toBe('order');
  });

  it('takes the statuses of the list of deliveries, of which some cannot be recovered', () => {
    expect(statusesOf({ status: 'retrying,exhausted' })).toEqual(['exhausted']);
    expect(statusesOf({ status: 'delivered' })).toEqual(['held', 'exhausted']);
  });

  it.each([
    [null, null, '24h'],
    [2, null, '24h'],
    [30, 2, '7d'],
    [null, 24 * 20, 'all'],
  ])(
    'begins with a period that covers an outage of %s h, disabled for %s h: %s',
    (failing, disabled, preset) => {
      const ago = (hours: number | null) =>
        hours === null ? null : new Date(NOW - hours * HOUR_MS).toISOString();

      expect(presetFor({ failing_since: ago(failing), disabled_at: ago(disabled) }, undefined, NOW)).toBe(
        preset,
      );
    },
  );
});

describe('the beginning of what is recovered', () => {
  const enabled = { failing_since: null, disabled_at: null };
  const waiting = { held: 3, exhausted: 1, since: '2026-11-23T08:15:42.123Z', complete: true };

  it('is the minute of the oldest event that waits, also when the webhook is enabled and works again', () => {
    const preset = presetFor(enabled, waiting, NOW);

    expect(preset).toEqual({ since: '2026-11-23T08:15:00.000Z' });
    expect(choiceOf({}, preset, NOW)).toMatchObject(preset);
  });

  it('is the preset for all deliveries when more wait than were counted', () => {
    expect(presetFor(enabled, { ...waiting, complete: false }, NOW)).toBe('all');
  });

  it('follows from the state of the webhook when no delivery is known to wait', () => {
    const disabled = { ...enabled, disabled_at: new Date(NOW - 30 * HOUR_MS).toISOString() };
    const none = { held: 0, exhausted: 0, since: null, complete: true };

    expect(presetFor(disabled, none, NOW)).toBe('7d');
    expect(presetFor(enabled, none, NOW)).toBe('24h');
  });

  it('is the time in the address, where the address has one', () => {
    const preset = presetFor(enabled, waiting, NOW);

    expect(choiceOf({ last: '1h' }, preset, NOW)).toMatchObject({ since: '2026-11-26T11:00:00.000Z' });
  });
});

describe('the progress of a recovery', () => {
  const counts = { found: 300, enqueued: 290, expired: 10, delivered: 200, failed: 50 };

  it('expects what was counted while more is found', () => {
    expect(progressOf({ status: 'running', ...counts }, 1_204)).toEqual({
      queued: 300,
      ended: 260,
      total: 1_204,
      waiting: 40,
    });
  });

  it('expects what was found where the count is not known, and when it has ended', () => {
    expect(progressOf({ status: 'running', ...counts }, undefined).total).toBe(300);
    expect(progressOf({ status: 'stopped', ...counts }, 1_204).total).toBe(300);
  });

  it('takes no other count from the address than a whole number', () => {
    expect(['1204', '0', '-1', '1e9', undefined].map(countIn)).toEqual([
      1_204,
      ...[undefined, undefined, undefined, undefined],
    ]);
  });
});
