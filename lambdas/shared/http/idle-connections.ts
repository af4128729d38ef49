import type { Clock } from '../runtime/clock.ts';
import { type Connection, KEEP_ALIVE_MS } from './connection.ts';

/** An execution environment has 1,024 file descriptors; busy connections need them too. */
const MAX_IDLE_CONNECTIONS = 256;

/** Older connections are closed, so that a customer who moves an endpoint need not wait for a pause in traffic. */
const MAX_CONNECTION_AGE_MS = 60_000;

/** Origins that are remembered for bytes that no request asked for. */
const MAX_REFUSED_ORIGINS = 1_000;

interface Idle {
  readonly connection: Connection;
  readonly since: number;
}

export interface IdleConnections {
  /** The most recently used connection to an origin, or undefined when none can be used. */
  take(origin: string): Promise<Connection | undefined>;
  /** Keeps a connection for the next request to its origin, or closes it when it cannot be used again. */
  keep(connection: Connection): void;
  /** Closes every connection, also those that are kept later. */
  close(): void;
}

/**
 * Connections between requests, by origin. Age is measured by the wall clock: the timers of a frozen execution
 * environment stand still, while the other side closes the connection.
 */
export function createIdleConnections(clock: Clock): IdleConnections {
  const idle = new Map<string, Idle[]>();
  const openedAt = new WeakMap<Connection, number>();
  /**
   * Origins that sent bytes without a request. Such bytes can arrive in the moment in which the next request is sent, and
   * then be taken for its answer: no connection to these origins is used again.
   */
  const refusedOrigins = new Set<string>();
  /** Taken, and not handed out yet. */
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
    if (refusedOrigins.size >= MAX_REFUSED_ORIGINS) refusedOrigins.clear();
    refusedOrigins.add(connection.target.origin);
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
          await startTurn();
          checking.delete(connection);
          if (connection.isOpen() && connection.isFlushed()) return connection;
        }
        connection.destroy();
      }
      return undefined;
    },
    keep(connection) {
      const { origin } = connection.target;
      const isKept = connection.isOpen() && count < MAX_IDLE_CONNECTIONS && !refusedOrigins.has(origin);
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
 * The first half of one turn of the event loop. undici waits for the second half, another immediate, before it writes on
 * a connection that was used. Between two immediates the loop polls the sockets; one alone may run before the poll.
 */
function startTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
