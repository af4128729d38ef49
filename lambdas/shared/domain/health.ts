import type { Webhook } from './webhook.ts';

/** When a webhook whose deliveries fail is disabled. Both must be reached. */
export interface DisableAfter {
  /** Deliveries in a row that were exhausted, 1 to 1,000. */
  readonly exhausted: number;
  /** Hours since the first of them, 0 to 720, without a delivery that succeeded. Fractions are allowed. */
  readonly hours: number;
}

export const DEFAULT_DISABLE_AFTER: DisableAfter = { exhausted: 20, hours: 1 };

/** The counters of a webhook whose deliveries fail. */
export type FailureCount = Required<Pick<Webhook, 'exhaustedInRow' | 'failingSince'>>;

const HOUR_MS = 3_600_000;

/** An account is warned when half of both thresholds is reached. */
export function warnAfter({ exhausted, hours }: DisableAfter): DisableAfter {
  return { exhausted: Math.ceil(exhausted / 2), hours: hours / 2 };
}

/** Whether both thresholds are reached. `now` is in milliseconds since 1970. */
export function hasReached(count: FailureCount, thresholds: DisableAfter, now: number): boolean {
  return (
    count.exhaustedInRow >= thresholds.exhausted && count.failingSince <= latestFailingSince(thresholds, now)
  );
}

/** ISO 8601: a webhook that has been failing since then has been failing for long enough. */
export function latestFailingSince({ hours }: DisableAfter, now: number): string {
  return new Date(now - hours * HOUR_MS).toISOString();
}

/** Reads the value that the stack puts into the functions' environment: JSON, or `false`. Throws on any other text. */
export function parseDisableAfter(text: string): DisableAfter | undefined {
  const value: unknown = JSON.parse(text);
  if (value === false) return undefined;
  if (typeof value === 'object' && value !== null && 'exhausted' in value && 'hours' in value) {
    const { exhausted, hours } = value;
    if (typeof exhausted === 'number' && typeof hours === 'number') return { exhausted, hours };
  }
  throw new Error('DISABLE_AFTER must be {"exhausted": number, "hours": number} or false');
}
