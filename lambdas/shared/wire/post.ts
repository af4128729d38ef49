import { createSecureContext } from 'node:tls';

import { type Clock, systemClock } from '../runtime/clock.ts';
import { type Connection, type Network, openConnection } from './connection.ts';
import { type Answer, type Exchange, type NoAnswer, startExchange } from './exchange.ts';
import type { WireError } from './failure.ts';
import { findAddresses } from './find-addresses.ts';
import { createIdleConnections } from './idle-connections.ts';
import { createLookup, createResolver, type NameResolver } from './resolve.ts';
import { createTargetCheck } from './target.ts';

/** The published contract: an endpoint has 30 s, from the first DNS packet to the last byte of its answer. */
export const DEADLINE_MS = 30_000;

const MIN_TLS_VERSION = 'TLSv1.2';

/** How much of a response body is read after the head. */
export type ReadBody = 'nothing' | 'beginning' | 'all';

export interface PostRequest {
  readonly url: string;
  /** All that are sent, apart from `host`, `content-length` and `connection`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly readBody?: (status: number) => ReadBody;
  /** Ends the request early. The result then says `timeout`; whoever aborted knows better. */
  readonly signal?: AbortSignal;
}

export type PostResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Where a redirect points: recorded, never followed. */
      readonly location?: string;
      /** At most the first 16 KiB, decoded as UTF-8. */
      readonly body: string;
      readonly bodyCut: boolean;
      readonly durationMs: number;
      /** Whether an idle connection had died and the request was sent again on a fresh one. */
      readonly reconnected: boolean;
    }
  | {
      readonly kind: 'failed';
      readonly error: WireError;
      /** One sentence for the customer. */
      readonly reason: string;
      readonly durationMs: number;
      readonly reconnected: boolean;
    };

export interface PosterOptions {
  readonly allowPrivateEndpoints: boolean;
  /** Host of this deployment's own API, which no webhook may point at. */
  readonly apiHost?: string;
  /** @default c-ares with the system's servers */
  readonly resolver?: NameResolver;
  /** Certificate authorities for tests. @default Node's own */
  readonly tls?: { readonly ca: string };
  /** @default 30,000 */
  readonly deadlineMs?: number;
  /** Ages idle connections and DNS answers. @default the system's */
  readonly clock?: Clock;
}

export interface Poster {
  /**
   * Sends one POST, never to an address that is not allowed, and follows nothing. Whatever the endpoint does
   * is a result, at the latest at the deadline; it rejects only for a header that HTTP cannot carry.
   */
  post(request: PostRequest): Promise<PostResult>;
  /** For an environment that was frozen: the other sides have hung up meanwhile. */
  dropIdleSockets(): void;
  endBatch(): void;
  /** Closes every connection; requests under way fail. */
  close(): Promise<void>;
}

/** Holds all that customers' endpoints see of one execution environment: connections, DNS answers, rules. */
export function createPoster(options: PosterOptions): Poster {
  const { deadlineMs = DEADLINE_MS, clock = systemClock } = options;
  const checkTarget = createTargetCheck(options);
  const lookup = createLookup(options.resolver ?? createResolver(), clock);
  const network: Network = {
    findAddresses: (host) => findAddresses(host, options, lookup),
    secureContext: createSecureContext({ minVersion: MIN_TLS_VERSION, ...options.tls }),
  };
  const idle = createIdleConnections(clock);
  const busy = new Set<Connection>();
  let closed = false;
  const overdue = `no complete answer within ${deadlineMs / 1_000} s`;

  const run = async (exchange: Exchange, connection: Connection): Promise<Answer | NoAnswer> => {
    busy.add(connection);
    try {
      return await exchange.done;
    } finally {
      busy.delete(connection);
      idle.keep(connection);
    }
  };

  const post = async (request: PostRequest): Promise<PostResult> => {
    const startedAt = performance.now();
    const durationMs = (): number => Math.round(performance.now() - startedAt);
    const checked = checkTarget(request.url);
    if (!checked.ok) {
      const { reason } = checked;
      return {
        kind: 'failed',
        error: 'address_refused',
        reason,
        durationMs: durationMs(),
        reconnected: false,
      };
    }
    const { target } = checked;
    const reused = idle.take(target.origin);
    let connection = reused ?? openConnection(target, network);
    let exchange = startExchange(connection, target, request);
    const onAbort = (): void => exchange.stop('the request was stopped');
    // In an environment that thaws late an answer may lie in the socket: it is read first, and counts.
    const timer = setTimeout(() => setImmediate(() => exchange.stop(overdue)), deadlineMs);
    request.signal?.addEventListener('abort', onAbort, { once: true });
    if (request.signal?.aborted) onAbort();
    try {
      let outcome = await run(exchange, connection);
      const reconnected = reused !== undefined && outcome.kind === 'failed' && outcome.unanswered && !closed;
      if (reconnected) {
        connection = openConnection(target, network);
        exchange = startExchange(connection, target, request);
        outcome = await run(exchange, connection);
      }
      return toResult(outcome, durationMs(), reconnected);
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', onAbort);
    }
  };

  return {
    post,
    dropIdleSockets: () => idle.dropAll(),
    endBatch: () => undefined,
    close: async () => {
      closed = true;
      idle.dropAll();
      for (const connection of busy) connection.destroy();
    },
  };
}

function toResult(outcome: Answer | NoAnswer, durationMs: number, reconnected: boolean): PostResult {
  if (outcome.kind === 'answered') return { ...outcome, durationMs, reconnected };
  const { kind, error, reason } = outcome;
  return { kind, error, reason, durationMs, reconnected };
}
