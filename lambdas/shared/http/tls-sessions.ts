import type { TLSSocket } from 'node:tls';
import type { Clock } from '../runtime/clock.ts';
import { dropOldest } from '../runtime/drop-oldest.ts';

/** A certificate is verified again after this time, so that one that has expired or was replaced is noticed. */
export const MAX_SESSION_AGE_MS = 10 * 60_000;

/** A session has about 2 KB: ids, keys, and the certificate of the endpoint. */
const MAX_SESSIONS = 500;

interface Session {
  readonly bytes: Buffer;
  /** When the endpoint's certificate was verified. Milliseconds since 1970. */
  readonly verifiedAt: number;
}

/** The TLS sessions of one execution environment, by origin. */
export interface TlsSessions {
  /** The session with which a new connection to the origin can begin. Undefined: none. */
  find(origin: string): Buffer | undefined;
  /** Keeps the sessions that this socket receives. To be called before its handshake. */
  watch(origin: string, socket: TLSSocket): void;
}

/**
 * Keeps sessions, so that the next connection to an origin needs no certificate and no signature. With a session, Node
 * compares neither the certificate nor the host name again: only sessions of connections that passed both checks are kept,
 * only for the same origin, and at most for ten minutes after the checks.
 */
export function createTlsSessions(clock: Clock): TlsSessions {
  const sessions = new Map<string, Session>();
  const isValid = ({ verifiedAt }: Session): boolean =>
    Math.abs(clock.now() - verifiedAt) < MAX_SESSION_AGE_MS;
  return {
    find(origin) {
      const session = sessions.get(origin);
      if (session === undefined || isValid(session)) return session?.bytes;
      sessions.delete(origin);
      return undefined;
    },
    watch(origin, socket) {
      const offered = sessions.get(origin);
      let received: Buffer | undefined;
      let verifiedAt: number | undefined;
      const keep = (): void => {
        if (received === undefined || verifiedAt === undefined) return;
        sessions.delete(origin);
        sessions.set(origin, { bytes: received, verifiedAt });
        if (sessions.size > MAX_SESSIONS) dropOldest(sessions);
      };
      // Emitted before the end of the handshake with TLS 1.2, and after it with TLS 1.3.
      socket.on('session', (bytes) => {
        received = bytes;
        keep();
      });
      socket.once('secureConnect', () => {
        verifiedAt = socket.isSessionReused() ? offered?.verifiedAt : clock.now();
        keep();
      });
      // When the handshake failed, the next one must not fail because of the session.
      const removeAfterFailure = (): void => {
        if (verifiedAt === undefined && sessions.get(origin) === offered) sessions.delete(origin);
      };
      // An error is reported to the caller before the socket is closed.
      socket.once('error', removeAfterFailure);
      socket.once('close', removeAfterFailure);
    },
  };
}
