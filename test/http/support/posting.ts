import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import { type Behaviour, type RawServer, startRawServer } from '../../../fixtures/raw-server.ts';
import { createPoster, type Poster, type PosterOptions } from '../../../lambdas/shared/http/post.ts';
import type { OpenResources } from '../../support/open-resources.ts';

/** Parts of a request: how much of the body is read. */
export const READ_NOTHING = { readBody: () => 'nothing' as const };
export const READ_BEGINNING = { readBody: () => 'beginning' as const };
export const READ_ALL = { readBody: () => 'all' as const };

/** The deadline of tests that must not reach it, also on an overloaded machine. */
export const LONG_DEADLINE_MS = 300_000;
/** The deadline of tests that reach it. */
export const SHORT_DEADLINE_MS = 300;

export interface Posting {
  startPoster(options?: Partial<PosterOptions>): Poster;
  startServer(behave: Behaviour): Promise<RawServer>;
}

export function postingFor(open: OpenResources): Posting {
  return {
    startPoster: (options = {}) =>
      open.add(createPoster({ allowPrivateEndpoints: true, deadlineMs: LONG_DEADLINE_MS, ...options })),
    startServer: async (behave) => open.add(await startRawServer(behave)),
  };
}

export function urlOf(server: RawServer, path = '/hook'): string {
  return `http://127.0.0.1:${server.port}${path}`;
}

/** Writes the same text repeatedly until the other side closes the connection. */
export function flood(socket: Socket, text: string): void {
  const more = (): void => {
    if (!socket.destroyed) socket.write(text, () => setImmediate(more));
  };
  more();
}

/** Repeats the assertion until it passes. The time limit is `expect.poll.timeout` of the configuration. */
export function eventually<T>(read: () => T) {
  return expect.poll(read, { interval: 10 });
}

/** From now on setTimeout waits for vi.advanceTimersByTime. Sockets and immediates are not faked. */
export function fakeTimeouts(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
}

/** Seconds of CPU time. Servers of tests are in this process, so that a busy machine needs no more turns. */
const MAX_TURNS = 2_000_000;

/** Waits without timers, which may be faked. @throws when the condition stays false. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    if (turn === MAX_TURNS) throw new Error('the condition stays false');
    await nextTurn();
  }
}

/** Waits until this process has received the bytes that the other side has already sent. */
export async function receiveSentBytes(): Promise<void> {
  for (let i = 0; i < 20; i++) await nextTurn();
}
