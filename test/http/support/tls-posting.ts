import { once } from 'node:events';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket, type TlsOptions } from 'node:tls';
import { type Certificate, issueCertificate } from '../../../fixtures/certificates.ts';
import { httpAnswer, startRawServer } from '../../../fixtures/raw-server.ts';
import { createPoster, type Poster, type PostResult } from '../../../lambdas/shared/http/post.ts';
import type { OpenResources } from '../../support/open-resources.ts';
import { LONG_DEADLINE_MS, READ_ALL } from './posting.ts';

export interface TlsPosting {
  /** The certificate authority that the posters trust. */
  readonly authority: Certificate;
  /** A certificate for `localhost` by that authority, unless the options differ. */
  localhostCertificate(other?: Partial<Parameters<typeof issueCertificate>[0]>): Certificate;
  startPoster(): Poster;
  /** Sends one POST to a new server with these TLS options. `received` is what the server received. */
  postTo(tls: TlsOptions, host?: string): Promise<PostResult & { received: string }>;
  postToPort(port: number, poster?: Poster): Promise<PostResult>;
}

export function tlsPostingFor(open: OpenResources): TlsPosting {
  const authority = issueCertificate({ name: 'Test Authority', authority: true });
  const tls = { ca: authority.cert };
  const startPoster = (): Poster =>
    open.add(createPoster({ allowPrivateEndpoints: true, tls, deadlineMs: LONG_DEADLINE_MS }));
  return {
    authority,
    localhostCertificate: (other = {}) =>
      issueCertificate({ name: 'Test Server', hosts: ['localhost'], issuer: authority, ...other }),
    startPoster,
    postTo: async (serverTls, host = 'localhost') => {
      const respond = (socket: Socket): unknown => socket.write(httpAnswer(200, 'ok'));
      const server = open.add(await startRawServer(respond, serverTls));
      const url = `https://${host}:${server.port}/hook`;
      const result = await startPoster().post({ url, headers: { 'X-Secret': 'x' }, body: '{}', ...READ_ALL });
      return { ...result, received: server.received() };
    },
    postToPort: (port, poster = startPoster()) =>
      poster.post({ url: `https://localhost:${port}/`, headers: {}, body: '{}', ...READ_ALL }),
  };
}

/**
 * A TLS server that can write bytes below the TLS layer. Without bytes it ends the TCP connection without the
 * close_notify that TLS requires.
 */
export async function startBreakableServer(
  certificate: Certificate,
  behave: (socket: TLSSocket, breakTls: (bytes?: Buffer) => void, count: number) => void,
): Promise<{ readonly port: number; readonly connections: () => number; close(): Promise<void> }> {
  const sockets: Socket[] = [];
  const server = createTcpServer((below) => {
    sockets.push(below);
    const socket = new TLSSocket(below, { isServer: true, secureContext: createSecureContext(certificate) });
    const breakTls = (bytes?: Buffer): void => void (bytes === undefined ? below.end() : below.end(bytes));
    let count = 0;
    for (const layer of [below, socket]) layer.on('error', () => {});
    socket.on('data', () => behave(socket, breakTls, ++count));
  });
  await listen(server);
  return {
    port: portOf(server),
    connections: () => sockets.length,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** A TCP server that calls `behave` with every connection and ignores errors of the sockets. */
export async function startTcpServer(
  behave: (socket: Socket) => void,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    behave(socket);
  });
  await listen(server);
  return {
    port: portOf(server),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

async function listen(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server is not listening');
  return address.port;
}
