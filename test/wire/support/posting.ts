import type { Socket } from 'node:net';
import { createPoster, type Poster, type PosterOptions } from '../../../lambdas/shared/wire/post.ts';
import type { OpenResources } from '../../support/open-resources.ts';
import { type Behaviour, type RawServer, startRawServer } from '../../support/raw-server.ts';

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
