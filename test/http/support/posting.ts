import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import { type Behaviour, type RawServer, startRawServer } from '../../../fixtures/raw-server.ts';
import { createPoster, type Poster, type PosterOptions } from '../../../lambdas/shared/http/post.ts';
import type { OpenResources } from '../../support/open-resources.ts';

/** How much of the body is read, for spreading into a request. */
export const READ_NOTHING = { readBody: () => 'nothing' as const };
export const READ_BEGINNING = { readBody: () => 'beginning' as const };
export const READ_ALL = { readBody: () => 'all' as const };

/** Long enough for an overloaded machine: tests of the deadline itself set a shorter one. */
const DEADLINE_MS = 300_000;

export interface Posting {
  startPoster(options?: Partial<PosterOptions>): Poster;
  startServer(behave: Behaviour): Promise<RawServer>;
}

export function postingFor(open: OpenResources): Posting {
  return {
    startPoster: (options = {}) =>
      open.add(createPoster({ allowPrivateEndpoints: true, deadlineMs: DEADLINE_MS, ...options })),
    startServer: async (behave) => open.add(await startRawServer(behave)),
  };
}

export function urlOf(server: RawServer, path = '/hook'): string {
  return `http://127.0.0.1:${server.port}${path}`;
}

/** Writes the same text again and again until the other side closes the connection. */
export function flood(socket: Socket, text: string): void {
  const more = (): void => {
    if (!socket.destroyed) socket.write(text, () => setImmediate(more));
  };
  more();
}

/** Waits for the assertion to hold, with the limit of the configuration. */
export function eventually<T>(read: () => T) {
  return expect.poll(read, { interval: 10 });
}

/** From now on setTimeout waits for vi.advanceTimersByTime. Sockets and immediates stay real. */
export function fakeTimeouts(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
}

/** Waits without timers, which may be fake. The limit is that of the test. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTurn();
}

/** Lets arrive what the other side has already sent. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await nextTurn();
}
