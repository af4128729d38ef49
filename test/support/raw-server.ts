import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

export interface RawServer {
  readonly port: number;
  /** Connections accepted so far (over TLS: handshakes completed). */
  readonly connections: () => number;
  /** Everything received so far, over all connections. */
  readonly received: () => string;
  readonly openSockets: () => number;
  close(): Promise<void>;
}

/** Called with every complete request; `count` is its number on this connection, from 1. */
export type Behaviour = (socket: Socket, request: string, count: number) => void;

const CONTENT_LENGTH = /content-length: (\d+)/i;

/** A TCP or TLS server on loopback. A test writes any bytes, also such as no HTTP library sends. */
export async function startRawServer(behave: Behaviour, tls?: TlsOptions): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const all: string[] = [];
  let connections = 0;
  const accept = (socket: Socket): void => {
    connections++;
    sockets.add(socket);
    let pending = '';
    let count = 0;
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      all.push(text);
      pending += text;
      for (let request = takeRequest(pending); request !== undefined; request = takeRequest(pending)) {
        pending = pending.slice(request.length);
        behave(socket, request, ++count);
      }
    });
  };
  const server = tls === undefined ? createTcpServer(accept) : createTlsServer(tls, accept);
  // Some tests use a certificate that the client refuses.
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    received: () => all.join(''),
    openSockets: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** An answer with a body, framed correctly. */
export function httpAnswer(status: number, body = '', headers: readonly string[] = []): string {
  const head = [`HTTP/1.1 ${status} Status`, ...headers, `Content-Length: ${Buffer.byteLength(body)}`];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

function takeRequest(text: string): string | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const length = Number(CONTENT_LENGTH.exec(text.slice(0, headEnd))?.[1] ?? 0);
  const end = headEnd + 4 + length;
  return text.length < end ? undefined : text.slice(0, end);
}
