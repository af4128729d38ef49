import type { Table } from './client.ts';

/** Days that events and records are kept. The operator may choose others within these limits. */
export const DEFAULT_RECORD_RETENTION_DAYS = 30;
export const MIN_RECORD_RETENTION_DAYS = 1;
export const MAX_RECORD_RETENTION_DAYS = 365;

/** Days that audit entries are kept, whatever the retention of events and records is. */
export const AUDIT_RETENTION_DAYS = 365;

const SECONDS_PER_DAY = 24 * 60 * 60;

/** The deliveries table. Each of its items expires. */
export interface ExpiringTable extends Table {
  /** Whole days from the acceptance of an event until its items expire. Default: 30. */
  readonly retentionDays?: number;
}

/** The time to live, in seconds since 1970, of items that are kept for whole days from this time on (ms since 1970). */
export function expiryOf(from: number, retentionDays: number): number {
  return Math.ceil(from / 1000) + retentionDays * SECONDS_PER_DAY;
}

/** Converts milliseconds to whole seconds, the unit of the time to live. */
export function secondsOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
