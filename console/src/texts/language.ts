/** The language of the texts in this folder, for numbers and times, too. */
export const LANGUAGE = 'en';

/** Makes a formatter when it is first needed. `warm-up.js` has already loaded the locale data, which takes longer. */
function lazy<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const dates = (options: Intl.DateTimeFormatOptions) =>
  lazy(
    () =>
      new Intl.DateTimeFormat(LANGUAGE, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...options }),
  );
const SECOND = { second: '2-digit' } as const;
const DAY = { month: 'short', day: 'numeric' } as const;

const NUMBER = lazy(() => new Intl.NumberFormat(LANGUAGE));
const RELATIVE = lazy(() => new Intl.RelativeTimeFormat(LANGUAGE, { numeric: 'auto', style: 'short' }));
const EXACT = dates({ year: 'numeric', ...DAY, ...SECOND, timeZoneName: 'short' });
const CLOCK = dates({});
const SECONDS = dates(SECOND);
const DAY_AND_CLOCK = dates(DAY);
const DAY_AND_SECONDS = dates({ ...DAY, ...SECOND });

export const number = (value: number): string => NUMBER().format(value);

/** A share from 0 to 1. Less than all is never shown as 100 %, and more than nothing never as 0 %. */
export function percent(share: number): string {
  const shown = share > 0 && share < 1 ? Math.min(Math.max(share, 0.001), 0.999) : share;
  return `${Math.round(shown * 1_000) / 10}%`;
}

/** "1 event", "1,204 events". */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** A duration in milliseconds: "84 ms", "2.1 s", "3 min", "2 h 5 min". */
export function duration(ms: number): string {
  if (ms < 0.95) return ms === 0 ? '0 ms' : `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = ms / 1_000;
  if (seconds < 59.95) return `${Number(seconds.toFixed(1))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours < 48) return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
  return count(Math.round(hours / 24), 'day');
}

/** In the zone of the viewer, with seconds and the zone. */
export const exactTime = (at: number): string => EXACT().format(at);

/** The time of day, with the day when it is not today. */
export function clockTime(at: number, now: number): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return (isToday ? CLOCK : DAY_AND_CLOCK)().format(at);
}

/** The same with seconds, for a search in a log. */
export function secondTime(at: number, now: number): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return (isToday ? SECONDS : DAY_AND_SECONDS)().format(at);
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;
/** Clocks of the viewer and of the service differ by some seconds. */
const NOW_MS = 10_000;

/** "5 min. ago", "in 2 hr.", "yesterday", "now". */
export function relativeTime(at: number, now: number): string {
  const difference = at - now;
  if (Math.abs(difference) < NOW_MS) return RELATIVE().format(0, 'second');
  for (const [unit, ms] of UNITS) {
    if (Math.abs(difference) >= ms) return RELATIVE().format(Math.trunc(difference / ms), unit);
  }
  return RELATIVE().format(Math.trunc(difference / 1_000), 'second');
}

/** A text of the API as a sentence: it begins with a small letter and has no full stop. */
export function sentence(text: string): string {
  return text === '' ? '' : capital(text) + (/[.?!…]$/.test(text) ? '' : '.');
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
