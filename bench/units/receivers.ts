import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { issueCertificate } from '../../fixtures/certificates.ts';
import { receiveEvent } from '../shared/receive-event.ts';

/** A process with the customers' endpoints over TLS, so that their CPU time is not that of the unit under test. */

export interface TlsReceipt {
  readonly endpoint: number;
  /** The number of the published event. */
  readonly number: number;
  /** On the machine's monotonic clock. */
  readonly receivedAtMs: number;
}

export type ToReceivers =
  | { readonly kind: 'take' }
  | { readonly kind: 'hang'; readonly hangs: boolean }
  /** @param share of the events, 0 to 1, whose requests are answered with status 500 */
  | { readonly kind: 'fail'; readonly share: number };
export type FromReceivers =
  | {
      readonly kind: 'listening';
      readonly urls: readonly string[];
      readonly ca: string;
      readonly key: string;
    }
  | { readonly kind: 'receipts'; readonly receipts: readonly TlsReceipt[] };

const HOST = '127.0.0.1';
const count = Number(process.argv[2]);
const answerMs = Number(process.argv[3]);
const certificate = issueCertificate({ name: 'bench', hosts: [HOST, 'localhost'] });
let receipts: TlsReceipt[] = [];
let hangs = false;
let failingShare = 0;

async function listen(endpoint: number): Promise<string> {
  const server = createServer({ ...certificate, keepAliveTimeout: 120_000 }, (request, response) => {
    answer(endpoint, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, HOST, resolve);
  });
  return `https://${HOST}:${(server.address() as AddressInfo).port}/`;
}

async function answer(endpoint: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const receivedAtMs = Number(process.hrtime.bigint()) / 1e6;
  const data = await receiveEvent(request, response);
  if (data === undefined) return;
  receipts.push({ endpoint, number: data.number, receivedAtMs });
  // A hanging endpoint never responds. The sender closes the connection at its deadline.
  if (hangs) return;
  // Of every 100 consecutive events, the first ones fail.
  const status = data.number % 100 < failingShare * 100 ? 500 : 200;
  if (answerMs === 0) response.writeHead(status).end();
  else setTimeout(() => response.writeHead(status).end(), answerMs);
}

const send = (message: FromReceivers): void => {
  process.send?.(message);
};
const urls = await Promise.all(Array.from({ length: count }, (_, endpoint) => listen(endpoint)));
process.on('message', (message: ToReceivers) => {
  if (message.kind === 'hang') hangs = message.hangs;
  else if (message.kind === 'fail') failingShare = message.share;
  else {
    send({ kind: 'receipts', receipts });
    receipts = [];
  }
});
send({ kind: 'listening', urls, ca: certificate.cert, key: certificate.key });
