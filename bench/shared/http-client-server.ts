import { fork } from 'node:child_process';
import { once } from 'node:events';
import { issueCertificate } from '../../fixtures/certificates.ts';
import { httpAnswer, startRawServer } from '../../fixtures/raw-server.ts';

const HEADERS = ['Date: Thu, 01 Jan 2026 00:00:00 GMT', 'Content-Type: application/json', 'Server: bench'];

export interface Servers {
  readonly ports: readonly number[];
  /** The self-signed certificate, in PEM. */
  readonly ca: string;
  close(): void;
}

/**
 * TLS servers in a separate process, so that their CPU time is not counted as the client's. With `closes`, they close each
 * connection after its first response.
 */
export async function startServers(count: number, closes = false): Promise<Servers> {
  const child = fork(import.meta.filename, [String(count), String(closes)]);
  const [started] = await once(child, 'message');
  return { ...started, close: () => child.kill() };
}

if (process.send !== undefined && process.argv[1] === import.meta.filename) {
  const certificate = issueCertificate({ name: 'localhost', hosts: ['localhost'] });
  const closes = process.argv[3] === 'true';
  const answer = httpAnswer(200, '{"ok":true}', [...HEADERS, ...(closes ? ['Connection: close'] : [])]);
  const servers = Array.from({ length: Number(process.argv[2]) }, () =>
    startRawServer((socket) => (closes ? socket.end(answer) : socket.write(answer)), certificate),
  );
  const ports = (await Promise.all(servers)).map((server) => server.port);
  process.send({ ports, ca: certificate.cert });
}
