import { isIPv6, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { Dispatcher } from 'undici';
import Client from 'undici/lib/dispatcher/client.js';

import { describeError, type Failure, FailureCarrier, isMalformed, isOurMistake } from './failure.ts';
import type { FoundAddresses } from './find-addresses.ts';
import { MAX_HEADER_BYTES, ResponseFilter } from './response-filter.ts';
import { startSocket, waitUntilOpen } from './socket.ts';
import type { Origin } from './target.ts';

/** A connection that was idle for this long is not used again: load balancers close idle ones from 5 s on. */
export const KEEP_ALIVE_MS = 4_000;

/** What a connection is doing, in words that are used in a reason. */
export type Stage =
  | 'resolving the host name'
  | 'connecting'
  | 'connecting over IPv6'
  | 'in the TLS handshake'
  | 'open';

/** What a connection needs from its environment. */
export interface Network {
  readonly findAddresses: (host: string) => Promise<FoundAddresses>;
  readonly secureContext: SecureContext;
}

export interface ConnectionFailure extends Failure {
  /** No byte of a response was received. */
  readonly unanswered: boolean;
  /** Bytes were received that are not HTTP/1.1. */
  readonly malformed: boolean;
}

/** Receives the final response to one request. Nothing is called after `onEnd` or `onFailure`. */
export interface ResponseListener {
  onHead(status: number, location: string | undefined): void;
  onData(chunk: Buffer): void;
  onEnd(): void;
  onFailure(failure: ConnectionFailure): void;
}

export interface Connection {
  readonly target: Origin;
  stage(): Stage;
  isOpen(): boolean;
  /** Whether all of the last request was written to the socket. It may not be when the answer came early. */
  isFlushed(): boolean;
  /** Sends one POST. Throws only when HTTP cannot carry the request; the connection is then destroyed. */
  send(
    path: string,
    request: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
    listener: ResponseListener,
  ): void;
  /** Whether it was destroyed for bytes that came while no request was open. */
  gotUnrequestedBytes(): boolean;
  /** Calls back when the socket is closed. */
  onClose(listener: () => void): void;
  /** Closes the socket at once. A request on it fails. */
  destroy(): void;
}

/**
 * One connection to one origin, opened when the first request is sent and never opened a second time: undici's
 * client would reconnect silently, and it would be unknown whether a socket was reused.
 *
 * The `readable` listener runs before undici's. It removes interim responses, since undici fails on a 100 Continue
 * that was not asked for, and it destroys the connection for bytes that are received while no request is open.
 */
export function openConnection(target: Origin, network: Network): Connection {
  let stage: Stage = 'resolving the host name';
  let socket: Socket | undefined;
  let opened = false;
  let destroyed = false;
  let gotUnrequestedBytes = false;
  let filter: ResponseFilter | undefined;
  /** Of the request that is open. */
  let listener: ResponseListener | undefined;
  let isRequestWritten = false;
  let mistake: Error | undefined;

  const destroy = (): void => {
    if (destroyed) return;
    destroyed = true;
    socket?.destroy();
    void client.destroy();
  };

  const openOnce = async (): Promise<Socket> => {
    if (opened) throw closedByPeer(target.host);
    opened = true;
    const found = await network.findAddresses(target.host);
    if (!found.ok) throw new FailureCarrier(found.failure);
    if (destroyed) throw closedByPeer(target.host);
    const { addresses } = found;
    stage = addresses.every(isIPv6) ? 'connecting over IPv6' : 'connecting';
    const opening = startSocket(target, addresses, network.secureContext);
    socket = opening;
    opening.once('connect', () => {
      if (target.secure) stage = 'in the TLS handshake';
    });
    await waitUntilOpen(opening, target, addresses);
    stage = 'open';
    const responseFilter = new ResponseFilter(opening, breakProtocol);
    filter = responseFilter;
    opening.on('readable', () => {
      if (isRequestWritten) return responseFilter.onReadable();
      if (opening.read() === null) return;
      gotUnrequestedBytes = true;
      destroy();
    });
    return opening;
  };

  const client = new Client(target.origin, {
    connect: (_options, callback) => {
      openOnce().then(
        (open) => callback(null, open),
        (error) => callback(error, null),
      );
    },
    allowH2: false,
    pipelining: 1,
    maxHeaderSize: MAX_HEADER_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    // Off: the caller has a deadline for everything; these would start again with every byte.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  const fail = (failure: Failure, malformed = false): void => {
    const failing = listener;
    listener = undefined;
    const unanswered = !isRequestWritten || !filter?.hasReceived();
    failing?.onFailure({ ...failure, malformed, unanswered });
  };
  const breakProtocol = (what: string): void => {
    fail({ error: 'protocol_error', reason: `${target.host}: ${what}` });
    destroy();
  };

  /** For all requests, since only one is open at a time. */
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart() {
      isRequestWritten = true;
      filter?.start();
    },
    onResponseStart(_controller, status, headers) {
      if (status >= 200) listener?.onHead(status, first(headers.location));
      else breakProtocol(`${status} is not a status of a final answer`);
    },
    onResponseData(_controller, chunk) {
      listener?.onData(chunk);
    },
    onResponseEnd() {
      const ended = listener;
      listener = undefined;
      isRequestWritten = false;
      ended?.onEnd();
    },
    onResponseError(_controller, error) {
      if (isOurMistake(error)) mistake = error;
      else fail(describeError(error, target.host), isMalformed(error));
    },
  };

  return {
    target,
    stage: () => stage,
    isOpen: () => !destroyed && socket !== undefined && !socket.destroyed,
    isFlushed: () => socket?.writableLength === 0,
    send: (path, { headers, body }, responseListener) => {
      listener = responseListener;
      client.dispatch({ method: 'POST', path, headers, body }, handler);
      if (mistake === undefined) return;
      destroy();
      throw mistake;
    },
    gotUnrequestedBytes: () => gotUnrequestedBytes,
    onClose: (listener) => {
      socket?.once('close', listener);
    },
    destroy,
  };
}

function first(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function closedByPeer(host: string): FailureCarrier {
  return new FailureCarrier({ error: 'connection_error', reason: `${host} closed the connection` });
}
