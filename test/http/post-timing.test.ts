import { afterEach, describe, expect, it } from 'vitest';
import { type Behaviour, httpAnswer } from '../../fixtures/raw-server.ts';
import type { PostResult } from '../../lambdas/shared/http/post.ts';
import { trackResources } from '../support/open-resources.ts';
import { postingFor, READ_ALL, READ_BEGINNING, READ_NOTHING, urlOf } from './support/posting.ts';
import { tlsPostingFor } from './support/tls-posting.ts';

const open = trackResources();
afterEach(open.closeAll);
const { startPoster, startServer } = postingFor(open);
const { localhostCertificate, postTo } = tlsPostingFor(open);

/** How long the server waits where a test measures it. */
const WAIT_MS = 60;
/** Timers of Node may fire a little early. */
const TOLERANCE_MS = 5;

describe('the duration of a request', () => {
  it('is split into DNS, connect, TLS and first byte', async () => {
    const result = await postTo(localhostCertificate());

    expect(result.timing).toEqual({
      dnsMs: expect.any(Number),
      connectMs: expect.any(Number),
      tlsMs: expect.any(Number),
      firstByteMs: expect.any(Number),
    });
    const { dnsMs = 0, connectMs = 0, tlsMs = 0, firstByteMs = 0 } = result.timing;
    // Each part is rounded.
    expect(dnsMs + connectMs + tlsMs + firstByteMs).toBeLessThanOrEqual(result.durationMs + 4);
    for (const part of Object.values(result.timing)) expect(part).toBeGreaterThanOrEqual(0);
  });

  it('has no TLS over http, and only the first byte on a connection that was open', async () => {
    const server = await startServer((socket) => socket.write(httpAnswer(200)));
    const poster = startPoster();
    const post = () => poster.post({ url: urlOf(server), headers: {}, body: '{}', ...READ_NOTHING });

    const opened = await post();
    const reused = await post();

    expect(Object.keys(opened.timing)).toEqual(['dnsMs', 'connectMs', 'firstByteMs']);
    expect(Object.keys(reused.timing)).toEqual(['firstByteMs']);
  });

  it('until the first byte contains the wait for the response, but not the body', async () => {
    const server = await startServer((socket) => {
      setTimeout(() => {
        socket.write('HTTP/1.1 500 Sorry\r\nContent-Length: 2\r\n\r\n');
        setTimeout(() => socket.write('no'), WAIT_MS);
      }, WAIT_MS);
    });

    const result = await startPoster().post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });

    const { firstByteMs = 0 } = result.timing;
    expect(firstByteMs).toBeGreaterThanOrEqual(WAIT_MS - TOLERANCE_MS);
    expect(result.durationMs - firstByteMs).toBeGreaterThanOrEqual(WAIT_MS - TOLERANCE_MS);
  });

  it('has the parts that ended when the request failed', async () => {
    const server = await startServer((socket) => socket.destroy());

    const result = await startPoster().post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });
    const refused = await startPoster({ allowPrivateEndpoints: false }).post({
      url: 'https://127.0.0.1/',
      headers: {},
      body: '{}',
      ...READ_ALL,
    });

    expect(result).toMatchObject({ kind: 'failed', error: 'connection_error' });
    expect(Object.keys(result.timing)).toEqual(['dnsMs', 'connectMs']);
    expect(refused).toMatchObject({ kind: 'failed', error: 'address_refused', timing: {} });
  });
});

describe('the headers of a response', () => {
  const HEADERS = ['Retry-After: 120', 'Content-Type: text/plain', 'Set-Cookie: session=1', 'X-Other: 1'];

  async function postTo429(behave: Behaviour, readBody: typeof READ_BEGINNING | typeof READ_NOTHING) {
    const server = await startServer(behave);
    return startPoster().post({ url: urlOf(server), headers: {}, body: '{}', ...readBody });
  }

  const headersOf = (result: PostResult) => (result.kind === 'answered' ? result.headers : 'no answer');
  const busy: Behaviour = (socket) => socket.write(httpAnswer(429, 'slow down', HEADERS));

  it('are the recorded ones when its body is read, and none when it is not', async () => {
    expect(headersOf(await postTo429(busy, READ_BEGINNING))).toEqual({
      'retry-after': '120',
      'content-type': 'text/plain',
      'content-length': '9',
    });
    expect(headersOf(await postTo429(busy, READ_NOTHING))).toBeUndefined();
  });

  it('are limited to 256 bytes, however many an endpoint sends [NET-28]', async () => {
    const many = Array.from({ length: 100 }, (_, n) => `X-Request-Id: ${'a'.repeat(100)}${n}`);

    const headers = headersOf(
      await postTo429((socket) => socket.write(httpAnswer(503, '', [...many, ...HEADERS])), READ_BEGINNING),
    );

    expect(headers).toMatchObject({ 'retry-after': '120' });
    expect(
      Buffer.byteLength(
        Object.entries(headers ?? {})
          .flat()
          .join(''),
      ),
    ).toBeLessThanOrEqual(256);
  });
});
