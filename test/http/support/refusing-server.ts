import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

export interface RefusingServer {
  readonly port: number;
  readonly connections: () => number;
  close(): Promise<void>;
}

/** Answers every connection at the first bytes of its request, does not read the rest, and then calls `then`. */
export async function startRefusingServer(
  answer: string,
  then: (socket: Socket) => void,
  tls?: TlsOptions,
): Promise<RefusingServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const accept = (socket: Socket): void => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.once('data', () => {
      socket.pause();
      socket.write(answer, () => then(socket));
    });
  };
  const server = tls === undefined ? createTcpServer(accept) : createTlsServer(tls, accept);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
