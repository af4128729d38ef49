import { createSecureContext } from 'node:tls';

import type { AttemptTiming } from '../domain/delivery.ts';
import type { DeliveryControl } from '../domain/delivery-control.ts';
import { ATTEMPT_DEADLINE_MS } from '../domain/retry-schedule.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { type Connection, type Network, type OpeningTimes, openConnection } from './connection.ts';
import { type Answer, Exchange, type NoAnswer, type ReadBody } from './exchange.ts';
import type { TransportError } from './failure.ts';
import { findAddresses, hasIpv6Address } from './find-addresses.ts';
import { createIdleConnections } from './idle-connections.ts';
import { createLookup, createResolver, type NameResolver } from './resolve.ts';
import { createTargetCheck } from './target.ts';
import { createTlsSessions } from './tls-sessions.ts';

const MIN_TLS_VERSION = 'TLSv1.2';

export interface PostRequest {
  readonly url: string;
  /** All headers that are sent, apart from `host`, `content-length` and `connection`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether it is a delivery of the canary's account: only these may call `PosterOptions.canaryUrl`. Default: false. */
  readonly ofCanary?: boolean;
  /**
   * How much of the body of the final response is needed, called once with its status:
   * - `nothing`: the result is known when the head is complete. `body` is empty and `bodyCut` is false.
   * - `beginning`: what is received within 1 s after the head, at most 16 KiB.
   * - `all`: the whole body, at most 16 KiB. A body that does not end before the deadline is a `timeout`.
   */
  readonly readBody: (status: number) => ReadBody;
  /** Ends the request early. The result is then a `timeout`, as at the deadline. */
  readonly signal?: AbortSignal;
}

export type PostResult =
  | {
      readonly kind: 'answered';
      /** Status of the final response. At most ten interim responses (100, 102, 103 …) before it are skipped. */
      readonly status: number;
      /** Target of a redirect, which is never followed. At most 2,048 characters, no control characters. */
      readonly location?: string;
      /** By lower-case name: an allow-list, at most 256 bytes. Absent when there are none, or no body was to be read. */
      readonly headers?: Readonly<Record<string, string>>;
      /** The receiver's request in the header `webhook-delivery`. */
      readonly control?: DeliveryControl;
      /** Decoded as UTF-8, without a byte order mark at its start, so that JSON.parse accepts it. */
      readonly body: string;
      /** Whether the body is incomplete: it was too long, or it did not end. */
      readonly bodyCut: boolean;
      /** Time until the head was complete; with `all`, until the body had ended. */
      readonly durationMs: number;
      readonly timing: AttemptTiming;
      /** Whether an idle connection failed and the request was sent again on a new one. */
      readonly reconnected: boolean;
    }
  | {
      readonly kind: 'failed';
      readonly error: TransportError;
      /** One sentence for the customer. */
      readonly reason: string;
      readonly durationMs: number;
      readonly timing: AttemptTiming;
      readonly reconnected: boolean;
    };

export interface PosterOptions {
  readonly allowPrivateEndpoints: boolean;
  /** Hosts of this deployment's own API, to which no webhook may point. */
  readonly apiHosts?: readonly string[];
  /** URL of the canary, which is on that host. @default none */
  readonly canaryUrl?: string;
  /** @default c-ares with the system's servers */
  readonly resolver?: NameResolver;
  /** Whether there may be a route to IPv6 addresses. @default whether a network interface has such an address */
  readonly hasIpv6?: () => boolean;
  /** Certificate authorities for tests. @default Node's own */
  readonly tls?: { readonly ca: string };
  /**
   * Called with an error of this code that was thrown while a response was read. The result is a failure of the endpoint.
   * @default none is reported
   */
  readonly onDefect?: (error: Error) => void;
  /** @default 30,000 */
  readonly deadlineMs?: number;
  /** Measures the age of idle connections and DNS answers. @default the system clock */
  readonly clock?: Clock;
}

export interface Poster {
  /**
   * Sends one POST. Never connects to an address that is not allowed, and never follows a redirect. Resolves to a result
   * for everything that an endpoint does, at the latest at the deadline. Rejects only for a header that is not valid HTTP,
   * and when this code or its environment fails before a connection is open: then nothing was sent on it.
   */
  post(request: PostRequest): Promise<PostResult>;
  /**
   * To be called when a batch of requests has ended, since the environment may then be frozen. Destroys the connections
   * whose result is known and whose body has not ended. Cancels all DNS queries when no request is pending.
   */
  endBatch(): void;
  /** Closes every connection. Open requests fail. */
  close(): Promise<void>;
}

/** Creates the HTTP client of one execution environment, with its connections, its DNS cache and its address rules. */
export function createPoster(options: PosterOptions): Poster {
  const { deadlineMs = ATTEMPT_DEADLINE_MS, clock = systemClock, hasIpv6 = () => hasIpv6Address() } = options;
  const { canaryUrl: _, ...customerRules } = options;
  const checkTarget = createTargetCheck(customerRules);
  const checkTargetOfCanary = createTargetCheck(options);
  const lookup = createLookup(options.resolver ?? createResolver(), clock);
  const sources = { resolve: lookup.resolve, hasIpv6 };
  const network: Network = {
    findAddresses: (host) => findAddresses(host, options, sources),
    tls: {
      secureContext: createSecureContext({ minVersion: MIN_TLS_VERSION, ...options.tls }),
      sessions: createTlsSessions(clock),
    },
    onDefect: options.onDefect ?? (() => undefined),
  };
  const idle = createIdleConnections(clock);
  /** Exchanges that still use their connection. */
  const open = new Set<Exchange>();
  /** Calls of `post` without a result. */
  let pending = 0;
  const deadlineExceeded = `no complete answer within ${deadlineMs / 1_000} s`;
  let closed = false;

  const finish = (exchange: Exchange): void => {
    open.delete(exchange);
    idle.keep(exchange.connection);
  };
  const start = (connection: Connection, path: string, request: PostRequest): Exchange => {
    const exchange = new Exchange(connection, request.readBody, finish);
    connection.send(path, request, exchange);
    open.add(exchange);
    if (closed) connection.destroy();
    return exchange;
  };

  const post = async (request: PostRequest): Promise<PostResult> => {
    const startedAt = performance.now();
    const checked = request.ofCanary ? checkTargetOfCanary(request.url) : checkTarget(request.url);
    if (!checked.ok) {
      const { reason } = checked;
      const result = {
        error: 'address_refused',
        reason,
        durationMs: 0,
        timing: {},
        reconnected: false,
      } as const;
      return { kind: 'failed', ...result };
    }
    const { target } = checked;
    const { signal } = request;
    pending++;
    let timer: NodeJS.Timeout | undefined;
    let onAbort: (() => void) | undefined;
    try {
      const reused = await idle.take(target.origin);
      let connection = reused ?? openConnection(target, network);
      let exchange = start(connection, target.path, request);
      timer = setTimeout(() => exchange.stop(deadlineExceeded), deadlineMs);
      onAbort = () => exchange.stop('the request was stopped');
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted) onAbort();
      let outcome = await exchange.done;
      const reconnected = reused !== undefined && outcome.kind === 'failed' && outcome.unanswered && !closed;
      if (reconnected) {
        connection = openConnection(target, network);
        exchange = start(connection, target.path, request);
        outcome = await exchange.done;
      }
      const opening = connection === reused ? {} : connection.openingTimes();
      return toResult(outcome, startedAt, opening, reconnected);
    } finally {
      pending--;
      clearTimeout(timer);
      if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
    }
  };

  return {
    post,
    endBatch: () => {
      for (const exchange of open) exchange.stopDraining();
      if (pending === 0) lookup.cancel();
    },
    close: async () => {
      closed = true;
      idle.close();
      for (const { connection } of open) connection.destroy();
      lookup.cancel();
    },
  };
}

function toResult(
  outcome: Answer | NoAnswer,
  startedAt: number,
  opening: OpeningTimes,
  reconnected: boolean,
): PostResult {
  const durationMs = Math.round(outcome.at - startedAt);
  if (outcome.kind === 'failed') {
    const { kind, error, reason } = outcome;
    return { kind, error, reason, durationMs, timing: { ...opening }, reconnected };
  }
  const { kind, status, location, headers, control, firstByteMs, body, bodyCut } = outcome;
  return {
    kind,
    status,
    ...(location === undefined ? {} : { location }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(control === undefined ? {} : { control }),
    body,
    bodyCut,
    durationMs,
    timing: { ...opening, firstByteMs },
    reconnected,
  };
}
