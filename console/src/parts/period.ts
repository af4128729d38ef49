/** Periods until now, in milliseconds. */
const LENGTHS = { '1h': 3_600_000, '24h': 86_400_000, '7d': 7 * 86_400_000 } as const;

type Length = keyof typeof LENGTHS;

/** A time in the address: `last=24h`, `last=all`, or `since` and `until` in ISO 8601. */
export type Period =
  | { readonly kind: 'all' }
  | { readonly kind: 'last'; readonly last: Length }
  | { readonly kind: 'other'; readonly since?: string | undefined; readonly until?: string | undefined };

/** What is chosen while the address has no time: a period, or the time of a beginning in ISO 8601. */
export type Preset = Length | 'all' | { readonly since: string };

export type PeriodChoice = Length | 'all' | 'other';

/** The parameters of a time in the address. */
export type PeriodQuery = { readonly last?: string | undefined } & Range;
type Range = { readonly since?: string | undefined; readonly until?: string | undefined };

/** `preset`: without a time in the address. Values that are not a time are ignored: an address can be typed. */
export function parsePeriod(query: PeriodQuery, preset: Preset = 'all'): Period {
  const [since, until] = [isoTime(query.since), isoTime(query.until)];
  if (since !== undefined || until !== undefined) return { kind: 'other', since, until };
  if (query.last === undefined && typeof preset === 'object') return { kind: 'other', ...preset };
  const last = query.last ?? String(preset);
  return Object.hasOwn(LENGTHS, last) ? { kind: 'last', last: last as Length } : { kind: 'all' };
}

export function choiceOf(period: Period): PeriodChoice {
  return period.kind === 'last' ? period.last : period.kind;
}

/** The address' parameters for a choice. Another time begins with the last day, which is then changed. */
export function queryOfChoice(
  choice: PeriodChoice,
  now: number,
): Record<'last' | 'since' | 'until', string | undefined> {
  if (choice !== 'other') return { last: choice, since: undefined, until: undefined };
  const minute = Math.floor((now - LENGTHS['24h']) / 60_000) * 60_000;
  return { last: undefined, since: new Date(minute).toISOString(), until: undefined };
}

/** `since` and `until` for the API. `now` is in milliseconds since 1970. */
export function rangeOf(period: Period, now: number): Range {
  if (period.kind === 'last') return { since: new Date(now - LENGTHS[period.last]).toISOString() };
  if (period.kind === 'all') return {};
  return { since: period.since, until: period.until };
}

/** The value of an input of the type datetime-local, in the viewer's zone, with seconds when they are not 0. */
export function toLocalInput(iso: string | undefined): string {
  if (iso === undefined) return '';
  const at = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, '0');
  const year = String(at.getFullYear()).padStart(4, '0');
  const day = `${year}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const seconds = at.getSeconds() === 0 ? '' : `:${two(at.getSeconds())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}${seconds}`;
}

/** Undefined for an input that is empty or incomplete. */
export function fromLocalInput(text: string): string | undefined {
  return isoTime(text === '' ? undefined : text);
}

function isoTime(text: string | undefined): string | undefined {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** Whether the address has a time. */
export function hasPeriod({ last, since, until }: PeriodQuery): boolean {
  return Boolean(last ?? since ?? until);
}
