import type { components } from '../../api/schema.d.ts';
import type { Health } from '../../parts/health.ts';
import { type Preset, parsePeriod, rangeOf } from '../../parts/period.ts';
import type { Webhook } from '../../parts/webhook.tsx';

export type Recovery = components['schemas']['Recovery'];
export type RecoverableStatus = Recovery['statuses'][number];
export const RECOVERABLE: readonly RecoverableStatus[] = ['held', 'exhausted'];

type Query = Readonly<Record<string, string | undefined>>;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The API needs a time. This one is before every record. */
const BEGINNING = '1970-01-01T00:00:00.000Z';

type Outage = Pick<Webhook, 'failing_since' | 'disabled_at'>;
type Recoverable = Health['recoverable'];

/**
 * The first selection: from the minute in which the event of the oldest waiting delivery was accepted. When that is not known,
 * the last day, or longer when the outage is older. The event of the first failed delivery was accepted before the outage
 * began, by up to the time of all retries.
 */
export function presetFor(
  { failing_since: failing, disabled_at: disabled }: Outage,
  recoverable: Recoverable | undefined,
  now: number,
): Preset {
  if (recoverable?.complete === false) return 'all';
  if (recoverable?.since) {
    const minute = Math.floor(Date.parse(recoverable.since) / MINUTE_MS) * MINUTE_MS;
    return { since: new Date(minute).toISOString() };
  }
  const starts = [failing, disabled].flatMap((time) => (time ? [Date.parse(time)] : []));
  const ageMs = now - Math.min(now, ...starts);
  if (ageMs <= 12 * HOUR_MS) return '24h';
  return ageMs <= 6 * DAY_MS ? '7d' : 'all';
}

/** The statuses in the address; both when it has none of these. `status=none`: none is chosen. */
export function statusesOf({ status }: Query): RecoverableStatus[] {
  const named = status?.split(',') ?? RECOVERABLE;
  const chosen = RECOVERABLE.filter((known) => (named as readonly string[]).includes(known));
  return chosen.length === 0 && status !== 'none' ? [...RECOVERABLE] : chosen;
}

export interface Choice {
  readonly since: string;
  readonly until: string;
  readonly status: RecoverableStatus[];
}

/**
 * What is counted, and then sent: its end is the time of the count. A string says why it cannot be counted.
 */
export function choiceOf(query: Query, preset: Preset, now: number): Choice | 'no-status' | 'order' {
  const status = statusesOf(query);
  if (status.length === 0) return 'no-status';
  const { since = BEGINNING, until } = rangeOf(parsePeriod(query, preset), now);
  const end = Math.min(now, until === undefined ? now : Date.parse(until));
  if (Date.parse(since) >= end) return 'order';
  return { since, until: new Date(end).toISOString(), status };
}
