import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';

export interface TlsFront {
  /** `https://127.0.0.1:<port>` */
  readonly url: string;
  close(): void;
}

/** Terminates TLS for a server on loopback: functions reach AWS over TLS, too. */
export async function startTlsFront(targetUrl: string, certificate: TlsOptions): Promise<TlsFront> {
  const { hostname, port } = new URL(targetUrl);
  const server = createServer(certificate, (socket) => {
    const target = connect(Number(port), hostname);
    target.setNoDelay(true);
    socket.setNoDelay(true);
    socket.on('error', () => target.destroy());
    target.on('error', () => socket.destroy());
    socket.on('close', () => target.destroy());
    target.on('close', () => socket.destroy());
    socket.pipe(target);
    target.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => void server.close(),
  };
}
