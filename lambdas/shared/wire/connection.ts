import { connect as connectTcp, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import type { Dispatcher } from 'undici';
import Client from 'undici/lib/dispatcher/client.js';

import { FailureCarrier } from './failure.ts';
import type { FoundAddresses } from './find-addresses.ts';
import type { Target } from './target.ts';

/** After this long without use a connection is not used again: load balancers cut idle ones from 5 s on. */
export const KEEP_ALIVE_MS = 4_000;

/** What the headers of an answer may add up to; Node's own default. */
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * How long one address may take to accept before the next is tried. Above the 1 s after which a lost SYN
 * is sent again; Node's own 250 ms would give up on the other side of the world.
 */
const ATTEMPT_PER_ADDRESS_MS = 2_500;

/** What a connection is busy with, in words that go into a reason. */
export type Stage = 'resolving the host name' | 'connecting' | 'in the TLS handshake' | 'open';

/** Everything a connection needs from its surroundings. */
export interface Network {
  readonly findAddresses: (host: string) => Promise<FoundAddresses>;
  readonly secureContext: SecureContext;
}

export interface Connection {
  readonly target: Target;
  stage(): Stage;
  /** Whether another request may be sent on it. */
  isUsable(): boolean;
  /** The handler hears of everything, errors too; nothing throws. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void;
  /** Calls back when the socket closes, whoever closed it. */
  onClose(listener: () => void): void;
  /** Calls back once when more than `bytes` have been received from now on, headers and framing included. */
  limitAnswer(bytes: number, onExceeded: () => void): void;
  /** Closes the socket at once, whatever it is doing. A request on it fails. */
  destroy(): void;
}

/**
 * One connection to one origin, opened when the first request is dispatched. It is never opened a second
 * time: undici's client would reconnect by itself, and then nobody could say whether a socket was reused.
 */
export function openConnection(target: Target, network: Network): Connection {
  let stage: Stage = 'resolving the host name';
  let socket: Socket | undefined;
  let opened = false;
  let destroyed = false;
  let limit: { bytes: number; onExceeded: () => void } | undefined;

  const watch = (open: Socket): void => {
    open.on('readable', () => {
      if (limit === undefined || open.bytesRead <= limit.bytes) return;
      const { onExceeded } = limit;
      limit = undefined;
      onExceeded();
    });
  };

  const openOnce = async (): Promise<Socket> => {
    if (opened) throw closedByPeer(target.host);
    opened = true;
    const found = await network.findAddresses(target.host);
    if (!found.ok) throw new FailureCarrier(found.failure);
    if (destroyed) throw closedByPeer(target.host);
    stage = 'connecting';
    socket = openSocket(target, found.addresses, network.secureContext);
    socket.once('connect', () => {
      if (target.secure) stage = 'in the TLS handshake';
    });
    await waitUntilOpen(socket, target.secure ? 'secureConnect' : 'connect');
    stage = 'open';
    watch(socket);
    return socket;
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
    // The caller's deadline covers everything; these would start anew with every byte.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  return {
    target,
    stage: () => stage,
    isUsable: () => !destroyed && socket !== undefined && !socket.destroyed,
    dispatch: (options, handler) => {
      client.dispatch(options, handler);
    },
    onClose: (listener) => {
      socket?.once('close', listener);
    },
    limitAnswer: (bytes, onExceeded) => {
      limit = { bytes: (socket?.bytesRead ?? 0) + bytes, onExceeded };
    },
    destroy: () => {
      if (destroyed) return;
      destroyed = true;
      socket?.destroy();
      void client.destroy();
    },
  };
}

/** A socket on its way to the checked addresses: the lookup hook hands out those, and nothing is resolved again. */
function openSocket(target: Target, addresses: readonly string[], secureContext: SecureContext): Socket {
  const options: TcpNetConnectOpts = {
    host: target.host,
    port: target.port,
    lookup: (_name, _options, callback) => callback(null, addresses.map(toLookupAddress)),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ATTEMPT_PER_ADDRESS_MS,
    noDelay: true,
  };
  const socket = target.secure
    ? connectTls({
        ...options,
        secureContext,
        // The name is verified, and told to the server, whatever address it has. SNI knows no addresses.
        servername: target.isAddress ? '' : target.host,
        ALPNProtocols: ['http/1.1'],
        // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment changes nothing.
        rejectUnauthorized: true,
      })
    : connectTcp(options);
  // Whoever awaits the socket hears of errors; one that comes after that must not end the process.
  socket.on('error', () => {});
  return socket;
}

function waitUntilOpen(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed')));
  });
}

function toLookupAddress(address: string): { address: string; family: 4 | 6 } {
  return { address, family: address.includes(':') ? 6 : 4 };
}

function closedByPeer(host: string): FailureCarrier {
  return new FailureCarrier({ error: 'connection_error', reason: `${host} closed the connection` });
}
