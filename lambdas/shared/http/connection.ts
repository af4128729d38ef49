import { isIPv6, type Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import Client from 'undici/lib/dispatcher/client.js';

import {
  describeError,
  type Failure,
  FailureError,
  isInvalidRequest,
  isMalformed,
  isOwnFault,
} from './failure.ts';
import type { FoundAddresses } from './find-addresses.ts';
import { MAX_HEADER_BYTES, ResponseFilter } from './response-filter.ts';
import type { ReceivedHeaders } from './response-headers.ts';
import { startSocket, type Tls, waitUntilOpen } from './socket.ts';
import type { Origin } from './target.ts';

/** A connection that was idle for this long is not reused: some load balancers close idle connections after 5 s. */
export const KEEP_ALIVE_MS = 4_000;

/** The state of a connection. The reason of a timeout contains it. */
export type Stage =
  | 'resolving the host name'
  | 'connecting'
  | 'connecting over IPv6'
  | 'in the TLS handshake'
  | 'open';

/** The parts that all connections share. */
export interface Network {
  readonly findAddresses: (host: string) => Promise<FoundAddresses>;
  readonly tls: Tls;
  /** Receives the errors of this code that are counted as failures of an endpoint. */
  readonly onDefect: (error: Error) => void;
}

export interface ConnectionFailure extends Failure {
  /** No byte of a response was received. */
  readonly unanswered: boolean;
  /** Bytes were received that are not HTTP/1.1. */
  readonly malformed: boolean;
}

/** How long the steps of opening a connection took, in milliseconds. A step that was not completed is absent. */
export interface OpeningTimes {
  dnsMs?: number;
  connectMs?: number;
  tlsMs?: number;
}

/** Receives the final response to one request. No method is called after `onEnd`, `onFailure` or `onOwnFault`. */
export interface ResponseListener {
  /** The connection is open, and the request is about to be written. */
  onRequestStart(): void;
  onHead(status: number, headers: ReceivedHeaders): void;
  onData(chunk: Buffer): void;
  onEnd(): void;
  onFailure(failure: ConnectionFailure): void;
  /** This code or its environment failed before the connection was open. Nothing of the request was sent. */
  onOwnFault(error: Error): void;
}

export interface Connection {
  readonly target: Origin;
  stage(): Stage;
  openingTimes(): OpeningTimes;
  isOpen(): boolean;
  /** Whether the last request is completely written to the socket. A response may arrive before that. */
  isFlushed(): boolean;
  /** Sends one POST. Throws only for a request that is not valid HTTP, and then destroys the connection. */
  send(
    path: string,
    request: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
    listener: ResponseListener,
  ): void;
  /** Whether it was destroyed because bytes were received while no request was open. */
  gotUnrequestedBytes(): boolean;
  /** Calls `listener` when the socket is closed. */
  onClose(listener: () => void): void;
  /** Closes the socket at once. An open request fails. */
  destroy(): void;
}

/**
 * One connection to one origin. It is opened when the first request is sent, and never a second time: undici's client
 * would reconnect silently, and the caller would not know whether a socket was reused.
 *
 * The `readable` listener runs before that of undici. It removes interim responses, since undici fails on a 100 Continue
 * that was not requested. It destroys the connection when bytes are received while no request is open.
 */
export function openConnection(target: Origin, network: Network): Connection {
  let stage: Stage = 'resolving the host name';
  const openingTimes: OpeningTimes = {};
  let socket: Socket | undefined;
  let opened = false;
  let destroyed = false;
  let gotUnrequestedBytes = false;
  let filter: ResponseFilter | undefined;
  /** Receives the response to the open request. */
  let listener: ResponseListener | undefined;
  let isRequestWritten = false;
  let invalidRequest: Error | undefined;

  const destroy = (): void => {
    if (destroyed) return;
    destroyed = true;
    socket?.destroy();
    void client.destroy();
  };

  const openOnce = async (): Promise<Socket> => {
    if (opened) throw closedByPeer(target.host);
    opened = true;
    let stepStartedAt = performance.now();
    const endStep = (): number => {
      const since = stepStartedAt;
      stepStartedAt = performance.now();
      return Math.round(stepStartedAt - since);
    };
    const found = await network.findAddresses(target.host);
    openingTimes.dnsMs = endStep();
    if (!found.ok) throw new FailureError(found.failure);
    if (destroyed) throw closedByPeer(target.host);
    const { addresses } = found;
    stage = addresses.every(isIPv6) ? 'connecting over IPv6' : 'connecting';
    const opening = startSocket(target, addresses, network.tls);
    socket = opening;
    opening.once('connect', () => {
      openingTimes.connectMs = endStep();
      if (target.secure) stage = 'in the TLS handshake';
    });
    await waitUntilOpen(opening, target, addresses);
    if (target.secure) openingTimes.tlsMs = endStep();
    stage = 'open';
    const responseFilter = new ResponseFilter(opening, failProtocol);
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
    // Off: the caller has one deadline for the whole request. These timeouts restart with every byte.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  const fail = (failure: Failure, malformed = false): void => {
    const failed = listener;
    listener = undefined;
    const unanswered = !isRequestWritten || !filter?.hasReceived();
    failed?.onFailure({ ...failure, malformed, unanswered });
  };
  const failProtocol = (violation: string): void => {
    fail({ error: 'protocol_error', reason: `${target.host}: ${violation}` });
    destroy();
  };

  /**
   * An endpoint could cause an error after the connection is open: a repeated response header once caused a TypeError in
   * undici (https://github.com/nodejs/undici/issues/5). It must not be able to return its messages to our queue, to which
   * no retry budget applies. Before that, addresses and TLS records are checked by c-ares and OpenSSL, whose errors have
   * other classes.
   */
  const handleOwnFault = (error: Error): void => {
    if (stage === 'open') {
      network.onDefect(error);
      fail(describeError(error, target.host));
      return;
    }
    const failed = listener;
    listener = undefined;
    failed?.onOwnFault(error);
  };

  /** Shared by all requests, since only one is open at a time. */
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart() {
      isRequestWritten = true;
      filter?.start();
      listener?.onRequestStart();
    },
    onResponseStart(_controller, status, headers) {
      if (status >= 200) listener?.onHead(status, headers);
      else failProtocol(`${status} is not a status of a final answer`);
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
      if (isInvalidRequest(error)) invalidRequest = error;
      else if (isOwnFault(error)) handleOwnFault(error);
      else fail(describeError(error, target.host), isMalformed(error));
    },
  };

  return {
    target,
    stage: () => stage,
    openingTimes: () => openingTimes,
    isOpen: () => !destroyed && socket !== undefined && !socket.destroyed,
    isFlushed: () => socket?.writableLength === 0,
    send: (path, { headers, body }, responseListener) => {
      listener = responseListener;
      client.dispatch({ method: 'POST', path, headers, body }, handler);
      if (invalidRequest === undefined) return;
      destroy();
      throw invalidRequest;
    },
    gotUnrequestedBytes: () => gotUnrequestedBytes,
    onClose: (listener) => {
      socket?.once('close', listener);
    },
    destroy,
  };
}

function closedByPeer(host: string): FailureError {
  return new FailureError({ error: 'connection_error', reason: `${host} closed the connection` });
}
