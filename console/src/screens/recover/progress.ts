import type { Recovery } from './choice.ts';

export interface Progress {
  /** Deliveries that were queued, or that have expired. */
  readonly queued: number;
  /** Deliveries with a result. */
  readonly ended: number;
  /** Deliveries that are expected in all. */
  readonly total: number;
  readonly waiting: number;
}

type Counts = Pick<Recovery, 'status' | 'found' | 'enqueued' | 'expired' | 'delivered' | 'failed'>;

/** `counted`: what the dry run counted before; undefined where it is not known, such as in a shared address. */
export function progressOf(counts: Counts, counted: number | undefined): Progress {
  const { status, found, enqueued, expired, delivered, failed } = counts;
  const ended = delivered + failed + expired;
  const total = status === 'running' ? Math.max(found, counted ?? 0) : found;
  return { queued: enqueued + expired, ended, total, waiting: Math.max(0, enqueued - delivered - failed) };
}

/** A whole number in the address, from 1. */
export function countIn(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}
