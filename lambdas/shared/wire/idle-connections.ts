import type { Clock } from '../runtime/clock.ts';
import { type Connection, KEEP_ALIVE_MS } from './connection.ts';

/** An execution environment has 1,024 file descriptors; busy connections need them too. */
const MAX_IDLE_CONNECTIONS = 256;

/** Older ones are closed, so that a customer who moves an endpoint does not wait for traffic to pause. */
const MAX_CONNECTION_AGE_MS = 60_000;

interface Idle {
  readonly connection: Connection;
  readonly since: number;
}

export interface IdleConnections {
  /** The connection to an origin that was used last, or undefined when none is good any more. */
  take(origin: string): Connection | undefined;
  /** Keeps a connection for the next request to its origin, or closes it when it is not worth keeping. */
  keep(connection: Connection): void;
  dropAll(): void;
}

/**
 * Connections between requests, by origin. Age is measured by the wall clock: a frozen execution
 * environment's timers stand still while the other side hangs up.
 */
export function createIdleConnections(clock: Clock): IdleConnections {
  const idle = new Map<string, Idle[]>();
  const openedAt = new WeakMap<Connection, number>();
  let count = 0;

  const isGood = ({ connection, since }: Idle): boolean => {
    const now = clock.now();
    const age = now - (openedAt.get(connection) ?? now);
    return connection.isUsable() && now - since < KEEP_ALIVE_MS && age < MAX_CONNECTION_AGE_MS;
  };
  const remove = (connection: Connection): void => {
    const { origin } = connection.target;
    const kept = idle.get(origin) ?? [];
    const others = kept.filter((other) => other.connection !== connection);
    count -= kept.length - others.length;
    if (others.length > 0) idle.set(origin, others);
    else idle.delete(origin);
  };

  return {
    take(origin) {
      for (const last of idle.get(origin)?.toReversed() ?? []) {
        remove(last.connection);
        if (isGood(last)) return last.connection;
        last.connection.destroy();
      }
      return undefined;
    },
    keep(connection) {
      const since = clock.now();
      if (!connection.isUsable() || count >= MAX_IDLE_CONNECTIONS) return connection.destroy();
      if (!openedAt.has(connection)) {
        openedAt.set(connection, since);
        connection.onClose(() => remove(connection));
      }
      const { origin } = connection.target;
      idle.set(origin, [...(idle.get(origin) ?? []), { connection, since }]);
      count++;
    },
    dropAll() {
      for (const { connection } of [...idle.values()].flat()) connection.destroy();
      idle.clear();
      count = 0;
    },
  };
}
