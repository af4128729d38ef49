import type { Attempt } from '../shared/domain/delivery.ts';
import type { WebhookId } from '../shared/domain/ids.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import { createRecent } from '../shared/runtime/recent.ts';

/** An attempt that is still open after this time marks its webhook as slow. */
export const HUNG_AFTER_MS = 2_000;
/** Delay of the decision, so that attempts that started at about the same time are all known to hang by then. */
const DECISION_DELAY_MS = 100;
/** A response removes a mark only if its head arrives within this time. */
export const QUICK_RESPONSE_MS = 1_500;
/** A younger mark is not removed. */
export const MARK_MIN_AGE_MS = 60_000;
/** How long an environment remembers which webhooks hung or responded. The mark in the table remains longer. */
export const MEMORY_MS = 60_000;
/** An environment tries to remove the mark of a webhook at most once in this time. */
const CLEAR_EVERY_MS = 10_000;
/** With fewer hung webhooks than this, a fault on our side is never assumed. */
const MIN_HUNG_TO_SUSPECT_OUR_SIDE = 3;

/** Whether most webhooks of an environment hang, so that the fault is assumed to be on our side. */
export function suspectsOurSide(hanging: number, responding: number): boolean {
  return hanging >= MIN_HUNG_TO_SUSPECT_OUR_SIDE && hanging > responding;
}

/** The endpoints that responded slowly to one execution environment. */
export interface SlowEndpoints {
  /** Whether the webhook hung in this environment within the last minute and no fault on our side was assumed. */
  isSlow(webhookId: WebhookId): boolean;
  /**
   * Runs `attempt`. Calls `onHung` when it hangs and the webhook should be marked: at most once a minute for each
   * webhook in one environment.
   */
  watch(webhookId: WebhookId, attempt: () => Promise<Attempt>, onHung: () => void): Promise<Attempt>;
  /**
   * Whether to try to remove the mark after a quick response. Not while this environment remembers that the webhook
   * hung: the mark of an endpoint that is slow only sometimes would be set and removed again and again.
   */
  mayClear(webhookId: WebhookId): boolean;
}

/** No webhook is marked while most webhooks of the environment hang: the fault is assumed to be on our side. */
export function createSlowEndpoints(clock: Clock): SlowEndpoints {
  const slow = createRecent<WebhookId>(clock, MEMORY_MS);
  const hung = createRecent<WebhookId>(clock, MEMORY_MS);
  const responded = createRecent<WebhookId>(clock, MEMORY_MS);
  const marked = createRecent<WebhookId>(clock, MEMORY_MS);
  const triedToClear = createRecent<WebhookId>(clock, CLEAR_EVERY_MS);
  /** The number of attempts that hang now, by webhook. */
  const hanging = new Map<WebhookId, number>();

  const isOurFault = (): boolean =>
    suspectsOurSide(hanging.size, responded.all().filter((webhookId) => !hanging.has(webhookId)).length);

  const changeHanging = (webhookId: WebhookId, change: 1 | -1): void => {
    const attempts = (hanging.get(webhookId) ?? 0) + change;
    if (attempts === 0) hanging.delete(webhookId);
    else hanging.set(webhookId, attempts);
  };

  const markIfSlow = (webhookId: WebhookId, onHung: () => void): void => {
    if (isOurFault()) return;
    slow.add(webhookId);
    if (marked.has(webhookId)) return;
    marked.add(webhookId);
    onHung();
  };

  return {
    isSlow: (webhookId) => slow.has(webhookId),
    async watch(webhookId, attempt, onHung) {
      let hangs = false;
      const onHangs = (): void => {
        hangs = true;
        changeHanging(webhookId, 1);
        hung.add(webhookId);
        timer = setTimeout(() => markIfSlow(webhookId, onHung), DECISION_DELAY_MS);
      };
      let timer = setTimeout(onHangs, HUNG_AFTER_MS);
      try {
        const made = await attempt();
        if (made.status !== undefined && !hangs) responded.add(webhookId);
        return made;
      } finally {
        clearTimeout(timer);
        if (hangs) changeHanging(webhookId, -1);
      }
    },
    mayClear(webhookId) {
      if (hung.has(webhookId) || triedToClear.has(webhookId)) return false;
      triedToClear.add(webhookId);
      return true;
    },
  };
}
