import { retryAfterMs } from '../endpoints.ts';
import type { Answer } from '../scenario.ts';
import type { Evidence } from './evidence.ts';
import { MAX_QUEUE_DELAY_MS, MAX_RETRY_AFTER_MS } from './published-limits.ts';

type Schedule = Pick<Evidence, 'retryDelaysMs'>;

/** How long after an attempt with this answer the next one is due. */
export function delayAfter({ retryDelaysMs }: Schedule, attempt: number, answer: Answer | undefined): number {
  const askedMs = answer === undefined ? 0 : Math.min(retryAfterMs(answer), MAX_RETRY_AFTER_MS);
  return Math.max(retryDelaysMs[attempt - 1] ?? 0, askedMs);
}

/** The delay of the queue of a retry; 0 when it has no queue of its own. */
export function queueDelayAfter({ retryDelaysMs }: Schedule, attempt: number): number {
  const isLong = retryDelaysMs.slice(0, attempt).some((delayMs) => delayMs > MAX_QUEUE_DELAY_MS);
  return isLong ? 0 : (retryDelaysMs[attempt - 1] ?? 0);
}
