import type { Attempt } from '../shared/domain/delivery.ts';
import type { WebhookId } from '../shared/domain/ids.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import { createRecent } from '../shared/runtime/recent.ts';

/** An attempt that is still open after this time marks its webhook as slow. */
export const HUNG_AFTER_MS = 2_000;
/** The decision is made a little later, when all attempts that started with it had the same time. */
const JUDGED_AFTER_MS = 100;
/** Only a response head that arrives sooner removes a mark, and only a mark that is at least this old. */
export const QUICK_RESPONSE_MS = 1_500;
export const MARK_MIN_AGE_MS = 60_000;
/** How long an environment remembers which webhooks hung or responded. The mark in the table lasts longer. */
export const MEMORY_MS = 60_000;
/** An environment tries to remove the mark of a webhook at most once in this time. */
const CLEAR_EVERY_MS = 10_000;
/** Fewer hung webhooks than this are never assumed to be a fault on our side. */
const SUSPICIOUS_HUNG = 3;

/** Whether most webhooks of an environment hang, so that the fault is assumed to be on our side. */
export function suspectsOurSide(hanging: number, responding: number): boolean {
  return hanging >= SUSPICIOUS_HUNG && hanging > responding;
}

/** What one execution environment knows about endpoints that respond slowly. */
export interface SlowEndpoints {
  /** Whether this environment saw the webhook hang within the last minute, with no fault on our side assumed. */
  knows(webhookId: WebhookId): boolean;
  /**
   * Makes an attempt. `onHung` is called when it hangs and the webhook should be marked: at most once a minute for
   * each webhook in one environment.
   */
  watch(webhookId: WebhookId, attempt: () => Promise<Attempt>, onHung: () => void): Promise<Attempt>;
  /**
   * Whether to try to remove the mark after a quick response. Not while this environment remembers that the webhook
   * hung: an endpoint that is slow from time to time would be marked and cleared in turn.
   */
  mayClear(webhookId: WebhookId): boolean;
}

/** When most webhooks of an environment hang at once, the fault is assumed to be on our side and none is marked. */
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

  const judge = (webhookId: WebhookId, onHung: () => void): void => {
    if (isOurFault()) return;
    slow.add(webhookId);
    if (marked.has(webhookId)) return;
    marked.add(webhookId);
    onHung();
  };

  return {
    knows: (webhookId) => slow.has(webhookId),
    async watch(webhookId, attempt, onHung) {
      let hangs = false;
      const onTime = (): void => {
        hangs = true;
        changeHanging(webhookId, 1);
        hung.add(webhookId);
        timer = setTimeout(() => judge(webhookId, onHung), JUDGED_AFTER_MS);
      };
      let timer = setTimeout(onTime, HUNG_AFTER_MS);
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
