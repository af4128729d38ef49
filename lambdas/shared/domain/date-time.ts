/**
 * A date and time of RFC 3339, section 5.6, and four other spellings of the same instant: without seconds, with an
 * offset as `+0530` or `+05`, in lower case, with a space for the "T".
 */
const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?(?:[Zz]|([+-]\d{2})(?::?(\d{2}))?)$/;

/**
 * The text in the form that every RFC 3339 parser reads. Undefined when no calendar or clock has this time. A second
 * of 60 is refused too: most parsers refuse leap seconds.
 */
export function parseDateTime(text: unknown): string | undefined {
  const match = typeof text === 'string' ? DATE_TIME.exec(text) : null;
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = '00', fraction = '', offsetHour, offsetMinute = '00'] =
    match;
  const isDate = isWithin(month, 1, 12) && isWithin(day, 1, daysInMonth(Number(year), Number(month)));
  const isTime = isWithin(hour, 0, 23) && isWithin(minute, 0, 59) && isWithin(second, 0, 59);
  const isOffset =
    offsetHour === undefined || (isWithin(offsetHour.slice(1), 0, 23) && isWithin(offsetMinute, 0, 59));
  if (!isDate || !isTime || !isOffset) return undefined;
  const offset = offsetHour === undefined ? 'Z' : `${offsetHour}:${offsetMinute}`;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${offset}`;
}

function isWithin(digits: string | undefined, min: number, max: number): boolean {
  const value = Number(digits);
  return value >= min && value <= max;
}

function daysInMonth(year: number, month: number): number {
  const lastDay = new Date(0);
  // Date.UTC would read the years 0 to 99 as 1900 to 1999.
  lastDay.setUTCFullYear(year, month, 0);
  return lastDay.getUTCDate();
}
