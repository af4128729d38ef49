import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer as readAll } from 'node:stream/consumers';
import { isJsonObject } from '../../lambdas/shared/domain/json-object.ts';
import type { Clock } from '../../lambdas/shared/runtime/clock.ts';
import { verifySignature } from './verify-signature.ts';

const HOST = '127.0.0.1';
const VERIFICATION = 'webhook.verification';
/** `PUT` adds a secret, with which the receiver verifies signatures. */
export const SECRET_PATH = '/secret';
/** More than the longest secret of a webhook, which has 256 characters. */
const MAX_SECRET_BYTES = 1_024;

/** A request to a webhook, and the receiver's answer. */
export interface Received {
  readonly path: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly attempt: number;
  /** Whether it is signed with one of the receiver's secrets. */
  readonly signatureValid: boolean;
  /** The status of the answer. */
  readonly status: number;
}

export interface ReceiverSettings {
  /** The receiver's first secret. */
  readonly secret: string;
  readonly clock: Clock;
  /** Default: a free port. */
  readonly port?: number;
  /** The status for an event with a valid signature, by path and attempt. Default: 200. */
  readonly statusOf?: (path: string, attempt: number) => number;
  readonly onReceived?: (received: Received) => void;
}

export interface Receiver {
  readonly url: string;
  close(): Promise<void>;
}

/** A sample endpoint: verifies every signature first, then answers challenges and accepts events. */
export async function startReceiver(settings: ReceiverSettings): Promise<Receiver> {
  const secrets = new Set([settings.secret]);
  const server = createServer((request, response) => {
    const isSecret = request.method === 'PUT' && request.url === SECRET_PATH;
    const handled = isSecret
      ? addSecret(request, response, secrets)
      : receive(request, response, settings, secrets);
    handled.catch(() => response.destroy());
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
  secrets: ReadonlySet<string>,
): Promise<void> {
  const body = await readAll(request);
  const header = (name: string): string => String(request.headers[name] ?? '');

  const signed = {
    timestamp: header('x-webhook-timestamp'),
    signature: header('x-webhook-signature'),
    body,
    now: settings.clock.now(),
  };
  const signatureValid = [...secrets].some((secret) => verifySignature({ ...signed, secret }));
  const path = request.url ?? '/';
  const attempt = Number(header('x-webhook-attempt'));
  const eventType = header('x-webhook-event');
  const challenge = signatureValid && eventType === VERIFICATION ? challengeIn(body) : undefined;
  const accepted = challenge === undefined ? (settings.statusOf?.(path, attempt) ?? 200) : 200;
  const status = signatureValid ? accepted : 401;

  const answer = signatureValid ? { challenge } : { error: `unknown secret; PUT it to ${SECRET_PATH}` };
  answerJson(response, status, answer);
  settings.onReceived?.({ path, eventId: header('webhook-id'), eventType, attempt, signatureValid, status });
}

async function addSecret(
  request: IncomingMessage,
  response: ServerResponse,
  secrets: Set<string>,
): Promise<void> {
  const body = await readAll(request);
  const secret = body.toString('utf8').trim();
  if (secret === '' || body.length > MAX_SECRET_BYTES) {
    return answerJson(response, 400, { error: 'the body is not a secret' });
  }
  secrets.add(secret);
  answerJson(response, 200, { status: 'added; now verify the webhook again' });
}

function answerJson(response: ServerResponse, status: number, json: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(json));
}

function challengeIn(body: Buffer): unknown {
  const event: unknown = JSON.parse(body.toString('utf8'));
  const data = isJsonObject(event) ? event.data : undefined;
  return isJsonObject(data) ? data.challenge : undefined;
}
