import type { WebhookId } from '../shared/domain/ids.ts';
import type { Clock } from '../shared/runtime/clock.ts';

/** An attempt that is open for this long marks its webhook slow. */
export const HUNG_AFTER_MS = 5_000;
/** How long an environment remembers whom it saw slow. The mark in the table outlives it. */
const MEMORY_MS = 60_000;
/** Fewer hung webhooks than this are never taken for a fault of ours. */
const SUSPICIOUS_HUNG = 3;
/** A memory this large is swept before it grows. */
const MAX_REMEMBERED = 10_000;

/** What one execution environment knows of endpoints that answer slowly. */
export interface SlowEndpoints {
  /** Whether this environment saw the webhook hang within the last minute. */
  knows(webhookId: WebhookId): boolean;
  /** Call when an attempt begins; call the result when it ends. `onHung` runs once, if it hangs. */
  watch(webhookId: WebhookId, onHung: () => void): () => void;
}

/**
 * Where most webhooks of an environment hang at once, the fault is likelier on our side of the network than
 * with all of them, and nobody is marked.
 */
export function createSlowEndpoints(clock: Clock): SlowEndpoints {
  const slowUntil = new Map<WebhookId, number>();
  const answeredAt = new Map<WebhookId, number>();
  const openSince = new Map<WebhookId, number[]>();

  const recent = (times: ReadonlyMap<WebhookId, number>, webhookId: WebhookId): boolean =>
    clock.now() - (times.get(webhookId) ?? Number.NEGATIVE_INFINITY) < MEMORY_MS;

  const suspectOurselves = (): boolean => {
    const hung = new Set<WebhookId>();
    for (const [webhookId, starts] of openSince) {
      if (starts.some((start) => clock.now() - start >= HUNG_AFTER_MS)) hung.add(webhookId);
    }
    const answering = [...answeredAt.keys()].filter((id) => !hung.has(id) && recent(answeredAt, id));
    return hung.size >= SUSPICIOUS_HUNG && hung.size > answering.length;
  };

  return {
    knows(webhookId) {
      const until = slowUntil.get(webhookId);
      if (until === undefined) return false;
      if (until > clock.now()) return true;
      slowUntil.delete(webhookId);
      return false;
    },
    watch(webhookId, onHung) {
      const start = clock.now();
      const starts = openSince.get(webhookId) ?? [];
      openSince.set(webhookId, [...starts, start]);
      const timer = setTimeout(() => {
        if (suspectOurselves()) return;
        sweep(slowUntil);
        slowUntil.set(webhookId, clock.now() + MEMORY_MS);
        onHung();
      }, HUNG_AFTER_MS);
      return () => {
        clearTimeout(timer);
        const rest = (openSince.get(webhookId) ?? []).toSpliced(
          openSince.get(webhookId)?.indexOf(start) ?? 0,
          1,
        );
        if (rest.length === 0) openSince.delete(webhookId);
        else openSince.set(webhookId, rest);
        if (clock.now() - start < HUNG_AFTER_MS) {
          sweep(answeredAt);
          answeredAt.set(webhookId, clock.now());
        }
      };
    },
  };
}

function sweep(times: Map<WebhookId, number>): void {
  if (times.size < MAX_REMEMBERED) return;
  // A Map iterates in the order of insertion: the first are the oldest.
  for (const webhookId of [...times.keys()].slice(0, MAX_REMEMBERED / 2)) times.delete(webhookId);
}
