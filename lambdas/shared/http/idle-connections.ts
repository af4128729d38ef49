import type { Clock } from '../runtime/clock.ts';
import { type Connection, KEEP_ALIVE_MS } from './connection.ts';

/** An execution environment has 1,024 file descriptors; busy connections need them too. */
const MAX_IDLE_CONNECTIONS = 256;

/** Older connections are closed. Otherwise a busy connection would be used long after a customer has moved the endpoint. */
const MAX_CONNECTION_AGE_MS = 60_000;

/** Origins that are remembered because they sent unrequested bytes. */
const MAX_DISTRUSTED_ORIGINS = 1_000;

interface Idle {
  readonly connection: Connection;
  readonly since: number;
}

export interface IdleConnections {
  /** Removes and returns the most recently used connection to an origin; undefined when none can be reused. */
  take(origin: string): Promise<Connection | undefined>;
  /** Keeps a connection for the next request to its origin, or closes it when it cannot be reused. */
  keep(connection: Connection): void;
  /** Closes every connection. A connection that is passed to `keep` later is closed, too. */
  close(): void;
}

/**
 * The connections without a request, by origin. Their age is measured by the wall clock: in a frozen execution environment
 * timers do not run, but the endpoint may close the connection.
 */
export function createIdleConnections(clock: Clock): IdleConnections {
  const idle = new Map<string, Idle[]>();
  const openedAt = new WeakMap<Connection, number>();
  /**
   * Origins that sent bytes without a request. Such bytes can arrive when the next request is being sent, and would then be
   * mistaken for its response. No connection to these origins is reused.
   */
  const distrustedOrigins = new Set<string>();
  /** Removed by `take`, which has not returned them yet. */
  const checking = new Set<Connection>();
  let count = 0;
  let closed = false;

  const isYoung = ({ connection, since }: Idle): boolean => {
    const now = clock.now();
    const age = now - (openedAt.get(connection) ?? now);
    return now - since < KEEP_ALIVE_MS && age < MAX_CONNECTION_AGE_MS;
  };
  const remove = (connection: Connection): void => {
    const kept = idle.get(connection.target.origin) ?? [];
    const at = kept.findIndex((other) => other.connection === connection);
    if (at !== -1) removeAt(connection.target.origin, kept, at);
  };
  const onClose = (connection: Connection): void => {
    remove(connection);
    if (!connection.gotUnrequestedBytes()) return;
    if (distrustedOrigins.size >= MAX_DISTRUSTED_ORIGINS) distrustedOrigins.clear();
    distrustedOrigins.add(connection.target.origin);
  };
  const removeAt = (origin: string, kept: Idle[], at: number): void => {
    kept.splice(at, 1);
    count--;
    if (kept.length === 0) idle.delete(origin);
  };
  const removeLast = (origin: string): Idle | undefined => {
    const kept = idle.get(origin) ?? [];
    const last = kept.at(-1);
    if (last !== undefined) removeAt(origin, kept, kept.length - 1);
    return last;
  };
  return {
    async take(origin) {
      for (let last = removeLast(origin); last !== undefined; last = removeLast(origin)) {
        const { connection } = last;
        if (isYoung(last)) {
          checking.add(connection);
          await waitForImmediate();
          checking.delete(connection);
          if (connection.isOpen() && connection.isFlushed()) return connection;
        }
        connection.destroy();
      }
      return undefined;
    },
    keep(connection) {
      const { origin } = connection.target;
      const isKept = connection.isOpen() && count < MAX_IDLE_CONNECTIONS && !distrustedOrigins.has(origin);
      if (closed || !isKept) return connection.destroy();
      const since = clock.now();
      if (!openedAt.has(connection)) {
        openedAt.set(connection, since);
        connection.onClose(() => onClose(connection));
      }
      const kept = idle.get(origin) ?? [];
      kept.push({ connection, since });
      idle.set(origin, kept);
      count++;
    },
    close() {
      closed = true;
      for (const { connection } of [...idle.values()].flat()) connection.destroy();
      for (const connection of checking) connection.destroy();
      idle.clear();
      count = 0;
    },
  };
}

/**
 * Waits for one immediate. undici waits for another one before it writes to a reused connection. Between two immediates
 * the event loop polls the sockets, so that unrequested bytes are read first. A single immediate may run before the poll.
 */
function waitForImmediate(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
