import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '../../lambdas/shared/runtime/clock.ts';
import { verifySignature } from './verify-signature.ts';

const HOST = '127.0.0.1';
const VERIFICATION = 'webhook.verification';

/** One webhook request, as the receiver understood it. */
export interface Received {
  readonly path: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly attempt: number;
  readonly signatureValid: boolean;
  /** What the receiver answered. */
  readonly status: number;
}

export interface ReceiverSettings {
  readonly secret: string;
  readonly clock: Clock;
  /** Default: a free one. */
  readonly port?: number;
  /** The status for an event with a valid signature, by path and attempt. Default: 200. */
  readonly statusOf?: (path: string, attempt: number) => number;
  readonly onReceived?: (received: Received) => void;
}

export interface Receiver {
  readonly url: string;
  close(): Promise<void>;
}

/** A sample endpoint: verifies every signature, answers challenges and takes events. */
export async function startReceiver(settings: ReceiverSettings): Promise<Receiver> {
  const server = createServer((request, response) => {
    receive(request, response, settings).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(settings.port ?? 0, HOST, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the sample receiver has no port');
  return {
    url: `http://${HOST}:${address.port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  settings: ReceiverSettings,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const header = (name: string): string => String(request.headers[name] ?? '');

  const signatureValid = verifySignature({
    secret: settings.secret,
    timestamp: header('x-webhook-timestamp'),
    signature: header('x-webhook-signature'),
    body,
    now: settings.clock.now(),
  });
  const path = request.url ?? '/';
  const attempt = Number(header('x-webhook-attempt'));
  const eventType = header('x-webhook-event');
  const challenge = signatureValid && eventType === VERIFICATION ? challengeIn(body) : undefined;
  const accepted = challenge === undefined ? (settings.statusOf?.(path, attempt) ?? 200) : 200;
  const status = signatureValid ? accepted : 401;

  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(challenge === undefined ? {} : { challenge }));
  settings.onReceived?.({ path, eventId: header('webhook-id'), eventType, attempt, signatureValid, status });
}

function challengeIn(body: Buffer): unknown {
  const event: unknown = JSON.parse(body.toString('utf8'));
  const data = isObject(event) ? event.data : undefined;
  return isObject(data) ? data.challenge : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
