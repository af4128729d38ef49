import type { Attempt } from '../shared/domain/delivery.ts';
import type { WebhookId } from '../shared/domain/ids.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import { createRecent } from './recent.ts';

/** An attempt that is open for this long marks its webhook slow. */
export const HUNG_AFTER_MS = 5_000;
/** It is judged a little later, when all that went out with it had the same time. */
const JUDGED_AFTER_MS = 100;
/** How long an environment remembers whom it saw hang, or answer. The mark in the table outlives it. */
export const MEMORY_MS = 60_000;
/** Between two tries of one environment to take a mark away. */
const CLEAR_EVERY_MS = 10_000;
/** Fewer hung webhooks than this are never taken for a fault of ours. */
export const SUSPICIOUS_HUNG = 3;

/** What one execution environment knows of endpoints that answer slowly. */
export interface SlowEndpoints {
  /** Whether this environment saw the webhook hang within the last minute, and did not blame itself. */
  knows(webhookId: WebhookId): boolean;
  /**
   * Makes an attempt. `onHung` runs when it hangs and the table should know: from one environment at most
   * once a minute for each webhook.
   */
  watch(webhookId: WebhookId, attempt: () => Promise<Attempt>, onHung: () => void): Promise<Attempt>;
  /**
   * After a quick answer: whether to try to take the webhook's mark away. Not while this environment
   * remembers that it hung, or an endpoint that is slow by turns would be marked and cleared by turns.
   */
  mayClear(webhookId: WebhookId): boolean;
}

/**
 * Where most webhooks of an environment hang at once, the fault is likelier on our side of the network than
 * with all of them, and nobody is marked.
 */
export function createSlowEndpoints(clock: Clock): SlowEndpoints {
  const slowAt = createRecent<WebhookId>(clock, MEMORY_MS);
  const hungAt = createRecent<WebhookId>(clock, MEMORY_MS);
  const answeredAt = createRecent<WebhookId>(clock, MEMORY_MS);
  const markedAt = createRecent<WebhookId>(clock, MEMORY_MS);
  const triedToClearAt = createRecent<WebhookId>(clock, CLEAR_EVERY_MS);
  /** How many attempts hang now, by webhook. */
  const hanging = new Map<WebhookId, number>();

  const suspectOurselves = (): boolean => {
    if (hanging.size < SUSPICIOUS_HUNG) return false;
    return hanging.size > answeredAt.all().filter((webhookId) => !hanging.has(webhookId)).length;
  };

  const count = (webhookId: WebhookId, change: 1 | -1): void => {
    const attempts = (hanging.get(webhookId) ?? 0) + change;
    if (attempts === 0) hanging.delete(webhookId);
    else hanging.set(webhookId, attempts);
  };

  const judge = (webhookId: WebhookId, onHung: () => void): void => {
    if (suspectOurselves()) return;
    slowAt.add(webhookId);
    if (markedAt.has(webhookId)) return;
    markedAt.add(webhookId);
    onHung();
  };

  return {
    knows: (webhookId) => slowAt.has(webhookId),
    async watch(webhookId, attempt, onHung) {
      let hangs = false;
      const onTime = (): void => {
        hangs = true;
        count(webhookId, 1);
        hungAt.add(webhookId);
        timer = setTimeout(() => judge(webhookId, onHung), JUDGED_AFTER_MS);
      };
      let timer = setTimeout(onTime, HUNG_AFTER_MS);
      try {
        const made = await attempt();
        if (made.status !== undefined && !hangs) answeredAt.add(webhookId);
        return made;
      } finally {
        clearTimeout(timer);
        if (hangs) count(webhookId, -1);
      }
    },
    mayClear(webhookId) {
      if (hungAt.has(webhookId) || triedToClearAt.has(webhookId)) return false;
      triedToClearAt.add(webhookId);
      return true;
    },
  };
}
