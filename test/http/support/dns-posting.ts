import { Resolver } from 'node:dns/promises';
import { httpAnswer, type RawServer, startRawServer } from '../../../fixtures/raw-server.ts';
import {
  createPoster,
  type Poster,
  type PosterOptions,
  type PostResult,
} from '../../../lambdas/shared/http/post.ts';
import { type DnsServer, startDnsServer } from '../../support/dns-server.ts';
import type { OpenResources } from '../../support/open-resources.ts';
import { LONG_DEADLINE_MS, READ_ALL } from './posting.ts';

/** Timeout of a DNS query that a test must not reach. */
const LONG_QUERY_TIMEOUT_MS = 300_000;
/** Timeout of a DNS query that a test reaches. */
export const SHORT_QUERY_TIMEOUT_MS = 100;

export interface DnsPosting {
  readonly dns: DnsServer;
  /** Answers every request with 200. */
  readonly server: RawServer;
  /** Sends its queries to `dns`. */
  createResolver(options?: { timeout?: number; tries?: number }): Resolver;
  /** Uses such a resolver, and allows private endpoints. */
  startPoster(options?: Partial<PosterOptions>): Poster;
  /** Sends one POST to the port of `server`. */
  post(poster: Poster, host: string): Promise<PostResult>;
}

export async function startDnsPosting(open: OpenResources): Promise<DnsPosting> {
  const dns = open.add(await startDnsServer());
  const server = open.add(await startRawServer((socket) => socket.write(httpAnswer(200))));
  const createResolver: DnsPosting['createResolver'] = ({
    timeout = LONG_QUERY_TIMEOUT_MS,
    tries = 1,
  } = {}) => {
    const resolver = new Resolver({ timeout, tries });
    resolver.setServers([dns.address]);
    return resolver;
  };
  return {
    dns,
    server,
    createResolver,
    startPoster: (options = {}) => {
      const resolver = options.resolver ?? createResolver();
      const defaults = { allowPrivateEndpoints: true, deadlineMs: LONG_DEADLINE_MS };
      return open.add(createPoster({ ...defaults, ...options, resolver }));
    },
    post: (poster, host) =>
      poster.post({ url: `http://${host}:${server.port}/`, headers: {}, body: '{}', ...READ_ALL }),
  };
}
