import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { Command, EndpointSettings, Receipt, Reply } from './endpoints.ts';
import { receiveEvent } from './receive-event.ts';

/**
 * The customers' endpoints, in a separate thread. Each has its own port, so that no two of them share a connection.
 */

const HOST = '127.0.0.1';

const port = parentPort;
if (port === null) throw new Error('endpoints-thread.ts runs in a worker thread only');
const settings: EndpointSettings = workerData;
const send = (reply: Reply): void => port.postMessage(reply);

let hanging: ReadonlySet<number> = new Set();
/** Attempts that are answered with status 500; one fewer of events with odd numbers. */
let failedAttempts = 0;
let receipts: Receipt[] = [];

const urls = await Promise.all(Array.from({ length: settings.count }, (_, endpoint) => listen(endpoint)));
port.on('message', (command: Command) => {
  if (command.kind === 'hang') hanging = new Set(command.endpoints);
  else if (command.kind === 'fail') failedAttempts = command.attempts;
  else {
    send({ kind: 'receipts', receipts });
    receipts = [];
  }
});
send({ kind: 'listening', urls });

async function listen(endpoint: number): Promise<string> {
  const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
    answer(endpoint, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, HOST, resolve);
  });
  const { port: number } = server.address() as AddressInfo;
  return `http://${HOST}:${number}/`;
}

async function answer(endpoint: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const receivedAt = Date.now();
  const data = await receiveEvent(request, response);
  if (data === undefined) return;
  const attempt = Number(request.headers['x-webhook-attempt']);
  const status = statusOf(endpoint, attempt, data.number);
  receipts.push({
    endpoint,
    attempt,
    status,
    number: data.number,
    publishedAt: data.published_at,
    receivedAt,
  });
  // A hanging endpoint never responds. The sender closes the connection at its deadline.
  if (status === 0) return;
  setTimeout(() => response.writeHead(status).end(), settings.answerMs);
}

/** 0 when the endpoint hangs. */
function statusOf(endpoint: number, attempt: number, eventNumber: number): number {
  if (hanging.has(endpoint)) return 0;
  return attempt <= failedAttempts - (eventNumber % 2) ? 500 : 200;
}
