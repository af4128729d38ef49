import type { components } from '../api/schema.d.ts';

/** A session with its token. It is in memory and, where the browser allows it, in `sessionStorage`. */
export type Session = components['schemas']['CreatedSession'];

/** Undefined for a text that was not written by this console. */
export function parseSession(text: string): Session | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isSession(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isSession(value: unknown): value is Session {
  if (typeof value !== 'object' || value === null) return false;
  const { token, account_id: account, right, expires_at: end } = value as Partial<Session>;
  return (
    typeof token === 'string' &&
    typeof account === 'string' &&
    (right === 'read' || right === 'write') &&
    (end === null || typeof end === 'string')
  );
}

/** Whether the session is over at this time, in milliseconds since 1970. */
export function isOver({ expires_at: end }: Session, now: number): boolean {
  return end !== null && Date.parse(end) <= now;
}
