import { connect as connectTcp, isIPv6, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';

import { type Failure, FailureError, ipv6Only, isReset, isUnreachable } from './failure.ts';
import type { Origin } from './target.ts';
import type { TlsSessions } from './tls-sessions.ts';

/**
 * Time for one address to accept a connection before the next address is tried. It is longer than the 1 s after which a
 * lost SYN is sent again. Node's default, 250 ms, is too short for a distant endpoint.
 */
const ATTEMPT_PER_ADDRESS_MS = 2_500;

/** The objects that all TLS connections of an environment share. */
export interface Tls {
  readonly secureContext: SecureContext;
  readonly sessions: TlsSessions;
}

/**
 * Starts a connection to the checked addresses. The lookup hook returns exactly these, so the name is not resolved again.
 * An error of the socket destroys the socket and never ends the process.
 */
export function startSocket(
  target: Origin,
  addresses: readonly string[],
  { secureContext, sessions }: Tls,
): Socket {
  const options: TcpNetConnectOpts = {
    host: target.host,
    port: target.port,
    lookup: (_name, _options, callback) => callback(null, addresses.map(toLookupAddress)),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ATTEMPT_PER_ADDRESS_MS,
    noDelay: true,
  };
  const startTls = (): Socket => {
    const session = sessions.find(target.origin);
    const secure = connectTls({
      ...options,
      secureContext,
      // SNI and the check of the certificate use the host name, not the address. SNI does not allow addresses.
      servername: target.isAddress ? '' : target.host,
      ALPNProtocols: ['http/1.1'],
      // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment has no effect.
      rejectUnauthorized: true,
      ...(session === undefined ? {} : { session }),
    });
    sessions.watch(target.origin, secure);
    return secure;
  };
  const socket = target.secure ? startTls() : connectTcp(options);
  // After the handshake Node emits only `error` for a TLS alert. Without `destroy` the socket would end later without this
  // error, and the reason would be lost.
  socket.on('error', (error) => socket.destroy(error));
  return socket;
}

/** Waits for the connection and its TLS handshake. Rejects with the reason when one of them fails. */
export async function waitUntilOpen(
  socket: Socket,
  target: Origin,
  addresses: readonly string[],
): Promise<void> {
  let isConnected = false;
  socket.once('connect', () => {
    isConnected = true;
  });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once(target.secure ? 'secureConnect' : 'connect', resolve);
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('closed')));
    });
  } catch (error) {
    if (isConnected && isReset(error)) throw new FailureError(closedInHandshake(target.host));
    if (addresses.every(isIPv6) && isUnreachable(error)) throw new FailureError(ipv6Only(target.host));
    throw error;
  }
}

/**
 * The failure for ECONNRESET, which Node also reports when the endpoint closes the connection before the handshake is
 * complete.
 */
function closedInHandshake(host: string): Failure {
  return { error: 'connection_error', reason: `${host} closed the connection in the TLS handshake` };
}

function toLookupAddress(address: string): { address: string; family: 4 | 6 } {
  return { address, family: isIPv6(address) ? 6 : 4 };
}
