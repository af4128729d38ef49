import type { Timer } from '../../lambdas/shared/runtime/clock.ts';
import { type Api, isRefusal } from '../../local/api-client.ts';
import { explain } from '../shared/explain.ts';
import type { ForwardResult } from './forward.ts';
import { type CreatedListener, createListenerApi, type ListenedDelivery } from './listener-api.ts';

/** The wait after a poll without deliveries. A poll with deliveries is followed by the next at once, which confirms them. */
export const POLL_MS = 2_000;
/** The longest wait after a failed poll. The wait begins at `POLL_MS`, and doubles after each further failure. */
const MAX_RETRY_MS = 30_000;
/** Deliveries whose ids are remembered. The API lists a delivery at least once. */
const MAX_REMEMBERED = 1_000;

/** An event that the command prints. */
export type ListenEvent =
  | { readonly kind: 'listening'; readonly listener: CreatedListener }
  | { readonly kind: 'forwarded'; readonly delivery: ListenedDelivery; readonly result: ForwardResult }
  /** A poll failed. It is repeated. */
  | { readonly kind: 'trouble'; readonly reason: string };

export interface ListenDeps {
  readonly api: Api;
  /** Sends one request. A failed request is a result, not an error. */
  readonly forward: (delivery: ListenedDelivery) => Promise<ForwardResult>;
  readonly clock: Timer;
  readonly show: (event: ListenEvent) => void;
  /** Ends the command. */
  readonly signal: AbortSignal;
}

/**
 * Creates a listener, and forwards its deliveries until the signal aborts. Then it deletes the listener. A poll that
 * fails is repeated. Throws when the listener cannot be created, or the API refuses the key.
 */
export async function listen(
  deps: ListenDeps,
  input: { readonly events: readonly string[]; readonly secret: string | undefined },
): Promise<void> {
  const { clock, show, signal } = deps;
  const api = createListenerApi(deps.api);
  const forwardOnce = createForwarder(deps);
  let listener = await api.create(input);
  show({ kind: 'listening', listener });
  let cursor: string | undefined;
  let failures = 0;
  try {
    while (!signal.aborted) {
      try {
        const page = await api.poll(listener.id, cursor);
        failures = 0;
        await Promise.all(page.data.map(forwardOnce));
        cursor = page.next_cursor ?? undefined;
        if (page.data.length === 0) await clock.sleep(POLL_MS, signal);
      } catch (error) {
        if (isRefusal(error, 401)) throw error;
        if (isRefusal(error, 404)) {
          // The listener has expired: it was not polled for two minutes, such as when this machine was suspended. The
          // secret stays the same.
          listener = await api.create({ ...input, secret: listener.secret });
          cursor = undefined;
          show({ kind: 'listening', listener });
          continue;
        }
        show({ kind: 'trouble', reason: explain(error) });
        await clock.sleep(Math.min(POLL_MS * 2 ** failures, MAX_RETRY_MS), signal);
        failures++;
      }
    }
  } finally {
    // Without this, the listener counts until it expires two minutes later.
    await api.end(listener.id).catch(() => undefined);
  }
}

/** Forwards each delivery once. */
function createForwarder({ forward, show, signal }: ListenDeps) {
  const remembered = new Set<string>();
  return async (delivery: ListenedDelivery): Promise<void> => {
    if (remembered.has(delivery.id) || signal.aborted) return;
    remembered.add(delivery.id);
    for (const oldest of remembered) {
      if (remembered.size <= MAX_REMEMBERED) break;
      remembered.delete(oldest);
    }
    show({ kind: 'forwarded', delivery, result: await forward(delivery) });
  };
}
