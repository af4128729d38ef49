import type { HttpRequest } from '@smithy/types';
import { afterEach, expect, it, vi } from 'vitest';
import { issueCertificate } from '../../../fixtures/certificates.ts';
import { httpAnswer, startRawServer } from '../../../fixtures/raw-server.ts';
import { createRequestHandler } from '../../../lambdas/shared/runtime/aws/request-handler.ts';
import { startNonAcceptingServer } from '../../support/non-accepting-server.ts';
import { until } from '../../support/until.ts';

const NEVER_MS = 600_000;
const AT_ONCE_MS = 1;

const ends: (() => unknown)[] = [];
afterEach(() => Promise.all(ends.splice(0).map((end) => end())));

function handlerOf(options: { connectTimeoutMs?: number; timeoutMs?: number; ca?: string } = {}) {
  const handler = createRequestHandler({
    maxSockets: 1,
    connectTimeoutMs: NEVER_MS,
    timeoutMs: NEVER_MS,
    ...options,
  });
  ends.push(() => handler.destroy());
  return handler;
}

function requestTo(port: number, protocol = 'http:', hostname = '127.0.0.1'): HttpRequest {
  return { method: 'POST', protocol, hostname, port, path: '/', query: {}, headers: {}, body: '{}' };
}

it('sends requests over TLS, and refuses a certificate that it does not trust', async () => {
  const certificate = issueCertificate({ name: 'localhost', hosts: ['localhost'] });
  const server = await startRawServer((socket) => socket.write(httpAnswer(200, 'yes')), certificate);
  ends.push(() => server.close());
  const request = requestTo(server.port, 'https:', 'localhost');

  const { response } = await handlerOf({ ca: certificate.cert }).handle(request);

  expect(String(response.body)).toBe('yes');
  await expect(handlerOf().handle(request)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
});

it('gives up a connection that does not open in time', async () => {
  const server = await startNonAcceptingServer();
  ends.push(() => server.close());

  const sent = handlerOf({ connectTimeoutMs: AT_ONCE_MS }).handle(requestTo(server.port));

  await expect(sent).rejects.toMatchObject({
    name: 'TimeoutError',
    message: expect.stringContaining('connection'),
  });
});

it('gives up a call that waits for a connection longer than its timeout', async () => {
  const server = await startRawServer(() => undefined);
  ends.push(() => server.close());
  const handler = handlerOf({ timeoutMs: AT_ONCE_MS });

  const sent = Promise.allSettled([0, 1].map(() => handler.handle(requestTo(server.port))));

  await expect(sent).resolves.toMatchObject([
    { reason: { name: 'TimeoutError' } },
    { reason: { name: 'TimeoutError' } },
  ]);
});

it('reports a timeout also when a part of the response has arrived', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  ends.push(() => vi.useRealTimers());
  const server = await startRawServer((socket) => {
    socket.write(httpAnswer(200, 'yes').slice(0, -1), () =>
      setImmediate(() => vi.advanceTimersByTime(NEVER_MS)),
    );
  });
  ends.push(() => server.close());

  await expect(handlerOf().handle(requestTo(server.port))).rejects.toMatchObject({ name: 'TimeoutError' });
});

it('closes the connection of a call that is aborted, and sends nothing after an abort', async () => {
  const abort = new AbortController();
  const server = await startRawServer(() => abort.abort());
  ends.push(() => server.close());
  const handler = handlerOf();
  const options = { abortSignal: abort.signal };

  await expect(handler.handle(requestTo(server.port), options)).rejects.toMatchObject({ name: 'AbortError' });
  await expect(handler.handle(requestTo(server.port), options)).rejects.toMatchObject({ name: 'AbortError' });

  await until('the connection is closed', () => (server.openSockets() === 0 ? true : undefined));
  expect(server.connections()).toBe(1);
});
