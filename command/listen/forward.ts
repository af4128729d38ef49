import { lookup } from 'node:dns/promises';
import { createPoster, type Poster } from '../../lambdas/shared/http/post.ts';
import type { NameResolver } from '../../lambdas/shared/http/resolve.ts';
import type { ListenedDelivery } from './listener-api.ts';

/**
 * Sends requests with the sender's own HTTP client: the same headers and body, no redirects, 30 s. Unlike the deployed
 * sender it connects to addresses of this machine and its network, and finds names as this machine does.
 */
export function createForward(url: string, signal: AbortSignal) {
  const poster: Poster = createPoster({ allowPrivateEndpoints: true, resolver: createSystemResolver() });
  return {
    forward: ({ headers, body }: ListenedDelivery) =>
      poster.post({ url, headers, body, signal, readBody: () => 'beginning' }),
    close: () => poster.close(),
  };
}

/** The names of /etc/hosts, too. The answer is not cached for longer than a second. */
function createSystemResolver(): NameResolver {
  const find = async (name: string, family: 4 | 6) =>
    (await lookup(name, { family, all: true })).map(({ address }) => ({ address, ttl: 1 }));
  return {
    resolve4: (name) => find(name, 4),
    resolve6: (name) => find(name, 6),
    cancel: () => undefined,
  };
}
