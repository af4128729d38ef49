import { connect as connectTcp, isIPv6, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';

import { type Failure, FailureCarrier, ipv6Only, isReset, isUnreachable } from './failure.ts';
import type { Origin } from './target.ts';

/**
 * How long one address may take to accept before the next one is tried. Longer than the 1 s after which a lost SYN
 * is sent again. Node's default, 250 ms, is too short for a distant endpoint.
 */
const ATTEMPT_PER_ADDRESS_MS = 2_500;

/**
 * Starts a connection to the checked addresses. The lookup hook returns exactly these, so nothing is resolved again.
 * An error of the socket always destroys it; it never ends the process.
 */
export function startSocket(
  target: Origin,
  addresses: readonly string[],
  secureContext: SecureContext,
): Socket {
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
        // The certificate is checked against the name, and SNI sends the name, whatever the address is.
        // SNI does not allow addresses.
        servername: target.isAddress ? '' : target.host,
        ALPNProtocols: ['http/1.1'],
        // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment has no effect.
        rejectUnauthorized: true,
      })
    : connectTcp(options);
  // After the handshake Node only emits `error` for a TLS alert. Without the destroy, the socket ends later as if it
  // was closed without a reason, and the alert is lost.
  socket.on('error', (error) => socket.destroy(error));
  return socket;
}

/** Rejects with the reason when the connection, or its TLS handshake, fails. */
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
    if (isConnected && isReset(error)) throw new FailureCarrier(closedInHandshake(target.host));
    if (addresses.every(isIPv6) && isUnreachable(error)) throw new FailureCarrier(ipv6Only(target.host));
    throw error;
  }
}

/** Node has the same code for a connection that was closed before the handshake was complete. */
function closedInHandshake(host: string): Failure {
  return { error: 'connection_error', reason: `${host} closed the connection in the TLS handshake` };
}

function toLookupAddress(address: string): { address: string; family: 4 | 6 } {
  return { address, family: isIPv6(address) ? 6 : 4 };
}
