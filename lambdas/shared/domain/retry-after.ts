/** Seconds: digits only. A sign, a fraction or a unit is not valid. */
const DELAY_SECONDS = /^\d+$/;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const TIME = '(?<hour>[01]\\d|2[0-3]):(?<minute>[0-5]\\d):(?<second>[0-5]\\d|60)';
const MONTH = `(?<month>${MONTHS.join('|')})`;

/** RFC 9110, section 5.6.7. A recipient must accept all three. */
const HTTP_DATES = [
  // Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\\d{2}) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`),
  // Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(
    `^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\\d{2})-${MONTH}-(?<year>\\d{2}) ${TIME} GMT$`,
  ),
  // Sun Nov  6 08:49:37 1994
  new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`),
];

/**
 * The milliseconds after `now` that a `Retry-After` header asks to wait, which may be infinite. Undefined when the
 * value is not valid, or asks for no wait: 0 and dates in the past. `now` is in milliseconds since 1970.
 */
export function retryAfterMs(value: string, now: number): number | undefined {
  const text = value.trim();
  const waitMs = DELAY_SECONDS.test(text) ? Number(text) * 1_000 : (parseHttpDate(text, now) ?? now) - now;
  return waitMs > 0 ? waitMs : undefined;
}

/** The time in milliseconds since 1970. Undefined when the text is no HTTP date. */
function parseHttpDate(text: string, now: number): number | undefined {
  const parts = HTTP_DATES.map((format) => format.exec(text)?.groups).find((groups) => groups !== undefined);
  if (parts === undefined) return undefined;
  const month = MONTHS.indexOf(parts.month ?? '');
  const [day, hour, minute, second] = [parts.day, parts.hour, parts.minute, parts.second].map(Number);
  const at = Date.UTC(fullYear(parts.year ?? '', now), month, day, hour, minute, second);
  // Date.UTC makes 1 March of 29 February in most years.
  return new Date(at).getUTCMonth() === month || second === 60 ? at : undefined;
}

/** RFC 9110: two digits that seem to be more than 50 years in the future are the most recent such year in the past. */
function fullYear(digits: string, now: number): number {
  if (digits.length > 2) return Number(digits);
  const thisYear = new Date(now).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + Number(digits);
  return year > thisYear + 50 ? year - 100 : year;
}
