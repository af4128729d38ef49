import type { Attempt } from '../shared/domain/delivery.ts';
import type { WebhookId } from '../shared/domain/ids.ts';
import type { Clock } from '../shared/runtime/clock.ts';

/** An attempt that is open for this long marks its webhook slow. */
export const HUNG_AFTER_MS = 5_000;
/** How long an environment remembers whom it saw hang, or answer. The mark in the table outlives it. */
const MEMORY_MS = 60_000;
/** Between two tries of one environment to take a mark away. */
const CLEAR_EVERY_MS = 10_000;
/** Fewer hung webhooks than this are never taken for a fault of ours. */
const SUSPICIOUS_HUNG = 3;
/** A memory that is full forgets its oldest entry. */
const MAX_REMEMBERED = 10_000;

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
  const slowAt = createMemory(clock, MEMORY_MS);
  const hungAt = createMemory(clock, MEMORY_MS);
  const answeredAt = createMemory(clock, MEMORY_MS);
  const markedAt = createMemory(clock, MEMORY_MS);
  const triedToClearAt = createMemory(clock, CLEAR_EVERY_MS);
  /** When the attempts began that are open now. */
  const openSince = new Map<WebhookId, number[]>();

  const suspectOurselves = (): boolean => {
    const hung = new Set<WebhookId>();
    for (const [webhookId, starts] of openSince) {
      if (starts.some((start) => clock.now() - start >= HUNG_AFTER_MS)) hung.add(webhookId);
    }
    if (hung.size < SUSPICIOUS_HUNG) return false;
    return hung.size > answeredAt.all().filter((webhookId) => !hung.has(webhookId)).length;
  };

  const end = (webhookId: WebhookId, start: number): void => {
    const starts = openSince.get(webhookId) ?? [];
    const rest = starts.toSpliced(starts.indexOf(start), 1);
    if (rest.length === 0) openSince.delete(webhookId);
    else openSince.set(webhookId, rest);
  };

  return {
    knows: (webhookId) => slowAt.has(webhookId),
    async watch(webhookId, attempt, onHung) {
      const start = clock.now();
      openSince.set(webhookId, [...(openSince.get(webhookId) ?? []), start]);
      const timer = setTimeout(() => {
        hungAt.add(webhookId);
        if (suspectOurselves()) return;
        slowAt.add(webhookId);
        if (markedAt.has(webhookId)) return;
        markedAt.add(webhookId);
        onHung();
      }, HUNG_AFTER_MS);
      try {
        const made = await attempt();
        if (made.status !== undefined && clock.now() - start < HUNG_AFTER_MS) answeredAt.add(webhookId);
        return made;
      } finally {
        clearTimeout(timer);
        end(webhookId, start);
      }
    },
    mayClear(webhookId) {
      if (hungAt.has(webhookId) || triedToClearAt.has(webhookId)) return false;
      triedToClearAt.add(webhookId);
      // Should it hang again, the mark is to be made again at once.
      markedAt.delete(webhookId);
      return true;
    },
  };
}

interface Memory {
  add(webhookId: WebhookId): void;
  has(webhookId: WebhookId): boolean;
  delete(webhookId: WebhookId): void;
  all(): WebhookId[];
}

/** Whom something happened to within the last `memoryMs`. */
function createMemory(clock: Clock, memoryMs: number): Memory {
  // A Map iterates in the order of insertion: the first are the oldest.
  const at = new Map<WebhookId, number>();
  const isRecent = (time: number): boolean => clock.now() - time < memoryMs;
  return {
    add(webhookId) {
      at.delete(webhookId);
      at.set(webhookId, clock.now());
      const [oldest] = at.keys();
      if (at.size > MAX_REMEMBERED && oldest !== undefined) at.delete(oldest);
    },
    has(webhookId) {
      const time = at.get(webhookId);
      if (time === undefined) return false;
      if (!isRecent(time)) at.delete(webhookId);
      return isRecent(time);
    },
    delete: (webhookId) => at.delete(webhookId),
    all: () => [...at].filter(([, time]) => isRecent(time)).map(([webhookId]) => webhookId),
  };
}
