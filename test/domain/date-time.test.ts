import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDateTime } from '../../lambdas/shared/domain/date-time.ts';

/** RFC 3339, section 5.6, in the form that every parser reads. */
const CANONICAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

describe('a date and time', () => {
  it.each([
    '2024-01-15T10:30:00Z',
    '2024-01-15T10:30:00.123456789Z',
    '2024-01-15T10:30:00+05:30',
    '2024-01-15T10:30:00-23:59',
    '2024-02-29T23:59:59Z',
    '2000-02-29T00:00:00Z',
    '0000-02-29T00:00:00Z',
    '0099-12-31T00:00:00Z',
    '9999-12-31T23:59:59Z',
  ])('of RFC 3339 is returned unchanged: %s', (text) => {
    expect(parseDateTime(text)).toBe(text);
  });

  it.each([
    ['2024-01-15T10:30Z', '2024-01-15T10:30:00Z'],
    ['2024-01-15T10:30:00+0530', '2024-01-15T10:30:00+05:30'],
    ['2024-01-15T10:30:00-08', '2024-01-15T10:30:00-08:00'],
    ['2024-01-15t10:30:00z', '2024-01-15T10:30:00Z'],
    ['2024-01-15 10:30:00.5+00:00', '2024-01-15T10:30:00.5+00:00'],
    ['2024-01-15t10:30+0530', '2024-01-15T10:30:00+05:30'],
  ])('in another notation is converted to RFC 3339: %s [API-14]', (text, normal) => {
    expect(parseDateTime(text)).toBe(normal);
  });

  it.each([
    ['a day that the month does not have', '2024-02-30T10:30:00Z'],
    ['29 February of a common year', '2023-02-29T10:30:00Z'],
    ['29 February of a common century', '1900-02-29T10:30:00Z'],
    ['day 0', '2024-01-00T10:30:00Z'],
    ['month 13', '2024-13-01T10:30:00Z'],
    ['month 0', '2024-00-01T10:30:00Z'],
    ['hour 24', '2024-01-15T24:00:00Z'],
    ['minute 60', '2024-01-15T10:60:00Z'],
    ['a leap second', '2016-12-31T23:59:60Z'],
    ['an offset of 24 hours', '2024-01-15T10:30:00+24:00'],
    ['an offset of 60 minutes', '2024-01-15T10:30:00+05:60'],
    ['no zone', '2024-01-15T10:30:00'],
    ['a date alone', '2024-01-15'],
    ['a fraction without digits', '2024-01-15T10:30:00.Z'],
    ['ten digits of a fraction', '2024-01-15T10:30:00.1234567890Z'],
    ['a year of five digits', '12024-01-15T10:30:00Z'],
    ['a text around it', ' 2024-01-15T10:30:00Z'],
    ['a line end after it', '2024-01-15T10:30:00Z\n'],
    ['a name of a month', '15 Jan 2024 10:30:00 GMT'],
    ['a number', 1_705_314_600],
    ['nothing', undefined],
  ])('with %s is refused [API-14]', (_, text) => {
    expect(parseDateTime(text)).toBeUndefined();
  });

  it('is converted to RFC 3339 without a change of the instant', () => {
    const instant = fc.date({
      min: new Date('0001-01-01'),
      max: new Date('9999-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instant, fc.integer({ min: -1_439, max: 1_439 }), (date, offsetMinutes) => {
        const local = new Date(date.getTime() + offsetMinutes * 60_000).toISOString().slice(0, -1);
        const sign = offsetMinutes < 0 ? '-' : '+';
        const [hours, minutes] = [Math.trunc(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60];
        const text = `${local}${sign}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
        fc.pre(/^\d{4}-/.test(text));

        const parsed = parseDateTime(text) ?? '';

        expect(parsed).toMatch(CANONICAL);
        expect(Date.parse(parsed)).toBe(date.getTime());
      }),
    );
  });
});
