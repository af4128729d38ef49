import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { testDelivery } from '../../fixtures/delivery.ts';
import { type Behaviour, httpAnswer } from '../../fixtures/raw-server.ts';
import { deliveryHeaders } from '../../lambdas/shared/http/headers.ts';
import type { PostResult } from '../../lambdas/shared/http/post.ts';
import { generateSecret, sign } from '../../lambdas/shared/signing/sign.ts';
import { trackResources } from '../support/open-resources.ts';
import { eventually, flood, postingFor, READ_ALL, urlOf } from './support/posting.ts';

const open = trackResources();
afterEach(open.closeAll);
const { startPoster, startServer } = postingFor(open);

/** Sends one POST to a server with this behaviour. */
async function postTo(behave: Behaviour): Promise<PostResult> {
  const server = await startServer(behave);
  const request = { url: urlOf(server), headers: { 'X-Test': '1' }, body: '{}' };
  return startPoster().post({ ...request, ...READ_ALL });
}

/** Sends one POST to a server that answers with these bytes, and may then close the connection. */
function postToAnswer(bytes: string | Buffer, then: 'close' | 'stay' = 'stay'): Promise<PostResult> {
  return postTo((socket) => (then === 'close' ? socket.end(bytes) : socket.write(bytes)));
}

describe('an ordinary response', () => {
  it('is returned with its status and body', async () => {
    const result = await postToAnswer(httpAnswer(200, '{"challenge":"ü"}'));

    expect(result).toEqual({
      kind: 'answered',
      status: 200,
      body: '{"challenge":"ü"}',
      bodyCut: false,
      durationMs: expect.any(Number),
      reconnected: false,
    });
  });

  it.each([201, 204, 304, 400, 404, 410, 429, 500, 503])(
    'with status %i is not a failure',
    async (status) => {
      expect(await postToAnswer(`HTTP/1.1 ${status} X\r\nContent-Length: 0\r\n\r\n`)).toMatchObject({
        kind: 'answered',
        status,
      });
    },
  );

  it('may be chunked, end with the connection, or follow interim responses', async () => {
    const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n';
    const untilEnd = 'HTTP/1.0 200 OK\r\n\r\nabc';
    const afterInterim = `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${httpAnswer(200, 'abc')}`;

    const results = [
      await postToAnswer(chunked),
      await postToAnswer(untilEnd, 'close'),
      await postToAnswer(afterInterim),
    ];

    const expected = { kind: 'answered', status: 200, body: 'abc', bodyCut: false };
    expect(results).toMatchObject([expected, expected, expected]);
  });
});

describe('the request', () => {
  it('has exactly the given headers and body, and host, length and connection [API-1]', async () => {
    const server = await startServer((socket) => socket.write(httpAnswer(200)));
    const body = '{"title":"Über 🚀"}';

    await startPoster().post({
      url: urlOf(server, '/a/b?c=d#e'),
      headers: { 'X-Test': '1' },
      body,
      ...READ_ALL,
    });

    expect(Buffer.from(server.received(), 'latin1').toString('utf8')).toBe(
      `POST /a/b?c=d HTTP/1.1\r\nhost: 127.0.0.1:${server.port}\r\nconnection: keep-alive\r\nX-Test: 1\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });

  it('contains neither secret of a rotation in any encoding [API-2]', async () => {
    const server = await startServer((socket) => socket.write(httpAnswer(200)));
    const secrets = [generateSecret(), 'your_webhook_secret'];
    const body = '{"id":"evt_1"}';
    const signed = sign({ secrets, eventId: 'evt_1', signedAt: 1_640_995_200_000, body });

    const headers = deliveryHeaders(testDelivery(), signed, 1);
    const result = await startPoster().post({ url: urlOf(server), headers, body, ...READ_ALL });

    const seen = server.received() + JSON.stringify(result);
    const forms = secrets.flatMap((secret) => [
      ...[secret, secret.slice('whsec_'.length)],
      ...(['base64', 'base64url', 'hex'] as const).map((encoding) => Buffer.from(secret).toString(encoding)),
      Buffer.from(secret.slice('whsec_'.length), 'base64').toString('hex'),
    ]);
    expect(server.received()).toContain('X-Webhook-Signature-Previous: sha256=');
    expect(forms.filter((form) => seen.toLowerCase().includes(form.toLowerCase()))).toEqual([]);
  });

  it('ignores proxies in the environment [NET-5]', async () => {
    const proxy = await startServer((socket) => socket.write(httpAnswer(502)));
    const server = await startServer((socket) => socket.write(httpAnswer(200)));
    const names = [
      'HTTP_PROXY',
      'http_proxy',
      'HTTPS_PROXY',
      'https_proxy',
      'ALL_PROXY',
      'NODE_USE_ENV_PROXY',
    ];
    for (const name of names)
      process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : `http://127.0.0.1:${proxy.port}`;

    const result = await startPoster().post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });

    for (const name of names) delete process.env[name];
    expect(result).toMatchObject({ kind: 'answered', status: 200 });
    expect(proxy.connections()).toBe(0);
  });

  it('throws for a header that is not valid HTTP: it is an error of this code, not of the endpoint', async () => {
    const server = await startServer((socket) => socket.write(httpAnswer(200)));
    const request = {
      url: urlOf(server),
      headers: { 'X-Test': 'a\r\nX-Injected: b' },
      body: '{}',
      ...READ_ALL,
    };

    await expect(startPoster().post(request)).rejects.toThrow('invalid X-Test header');
    expect(server.received()).toBe('');
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])(
    '%i is not followed; its Location is returned [NET-4]',
    async (status) => {
      const elsewhere = await startServer((socket) => socket.write(httpAnswer(200)));

      const result = await postToAnswer(httpAnswer(status, '', [`Location: ${urlOf(elsewhere)}`]));

      expect(result).toMatchObject({ kind: 'answered', status, location: urlOf(elsewhere) });
      expect(elsewhere.connections()).toBe(0);
    },
  );

  it('has a Location without control characters, of at most 2,048 characters [NET-23]', async () => {
    const result = await postToAnswer(httpAnswer(302, '', [`Location: /\t${'a'.repeat(5_000)}`]));

    expect(result).toMatchObject({ kind: 'answered', location: `/${'a'.repeat(2_047)}` });
  });
});

describe('the response header webhook-delivery', () => {
  it.each([
    [200, ['webhook-delivery: disable'], 'disable'],
    [500, ['Webhook-Delivery: Abort-Message'], 'abort'],
    [500, ['webhook-delivery: abort', 'webhook-delivery: disable'], 'disable'],
    [500, ['webhook-delivery: enable', `webhook-delivery: ${'x'.repeat(200)}, disable`], undefined],
    [500, ['X-Webhook-Delivery: disable'], undefined],
  ])('after status %i, %j is read as %s [NET-25]', async (status, headers, control) => {
    const result = await postToAnswer(httpAnswer(status, '', headers));

    expect(result).toMatchObject({ kind: 'answered', status });
    expect(Reflect.get(result, 'control')).toBe(control);
  });
});

describe('a response that is too large', () => {
  const MAX_BYTES = 16 * 1_024;

  it('is cut after 16 KiB of the body, and has its status [NET-7]', async () => {
    const server = await startServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      flood(socket, `1000\r\n${'a'.repeat(4_096)}\r\n`);
    });

    const result = await startPoster().post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });

    expect(result).toMatchObject({
      kind: 'answered',
      status: 200,
      body: 'a'.repeat(MAX_BYTES),
      bodyCut: true,
    });
    await eventually(server.openSockets).toBe(0);
  });

  it('is cut when its body has one byte more than 16 KiB [NET-7]', async () => {
    const result = await postToAnswer(httpAnswer(200, 'a'.repeat(MAX_BYTES + 1)));

    expect(result).toMatchObject({
      kind: 'answered',
      status: 200,
      body: 'a'.repeat(MAX_BYTES),
      bodyCut: true,
    });
  });

  it('fails when its headers have 16 KiB [NET-7]', async () => {
    const withHeaders = (bytes: number): string => httpAnswer(200, '', [`X-A: ${'b'.repeat(bytes)}`]);

    expect(await postToAnswer(withHeaders(15_000))).toMatchObject({ kind: 'answered', status: 200 });
    expect(await postToAnswer(withHeaders(MAX_BYTES))).toMatchObject({
      error: 'protocol_error',
      reason: '127.0.0.1: the headers of the answer are too large',
    });
  });

  it('is not cut at exactly 16 KiB', async () => {
    const result = await postToAnswer(httpAnswer(200, 'a'.repeat(MAX_BYTES)));

    expect(result).toMatchObject({ kind: 'answered', body: 'a'.repeat(MAX_BYTES), bodyCut: false });
  });

  it('is cut when its Content-Length is gigabytes [NET-7]', async () => {
    const result = await postTo((socket) => {
      socket.write('HTTP/1.1 500 X\r\nContent-Length: 99999999999\r\n\r\n');
      flood(socket, 'b'.repeat(65_536));
    });

    expect(result).toMatchObject({
      kind: 'answered',
      status: 500,
      body: 'b'.repeat(MAX_BYTES),
      bodyCut: true,
    });
  });

  it('is cut when the framing of tiny chunks is too large [NET-7]', async () => {
    const result = await postTo((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      flood(socket, `1;${'x'.repeat(10_000)}\r\na\r\n`);
    });

    expect(result).toMatchObject({ kind: 'answered', status: 200, bodyCut: true });
  });

  it('is cut when a chunk extension never ends', async () => {
    const result = await postTo((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;');
      flood(socket, 'x'.repeat(1_000));
    });

    expect(result).toMatchObject({ kind: 'answered', status: 200, body: '', bodyCut: true });
  });

  it('is never decompressed [NET-8]', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));

    const result = await postToAnswer(
      Buffer.concat([
        Buffer.from(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`),
        bomb,
      ]),
    );

    expect(bomb.length).toBeLessThan(MAX_BYTES);
    expect(result).toMatchObject({
      kind: 'answered',
      status: 200,
      body: bomb.toString('utf8'),
      bodyCut: false,
    });
  });

  it.each([
    ['headers', 'HTTP/1.1 200 OK\r\n', `X-A: ${'b'.repeat(1_000)}\r\n`],
    ['bytes of one header', 'HTTP/1.1 200 OK\r\nX-A: ', 'b'.repeat(1_000)],
    ['bytes of the status line', 'HTTP/1.1 200 ', 'b'.repeat(1_000)],
    ['interim responses', '', 'HTTP/1.1 102 Processing\r\n\r\n'],
    ['early hints', '', `HTTP/1.1 103 Early Hints\r\nLink: ${'b'.repeat(1_000)}\r\n\r\n`],
  ])('with endless %s fails as protocol_error before the deadline [NET-7]', async (_what, first, again) => {
    const server = await startServer((socket) => {
      socket.write(first);
      flood(socket, again);
    });

    const result = await startPoster().post({
      url: urlOf(server),
      headers: {},
      body: '{}',
      ...READ_ALL,
    });

    expect(result).toMatchObject({ kind: 'failed', error: 'protocol_error' });
    await eventually(server.openSockets).toBe(0);
  });
});

describe('a response that is not HTTP/1.1', () => {
  it.each([
    ['HTTP/0.9', 'hello\n'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['an unknown version', 'HTTP/9.9 200 OK\r\n\r\n'],
    ['a status that is not a number', 'HTTP/1.1 abc OK\r\n\r\n'],
    ['100 Continue without end', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(20)],
    [
      'switching protocols',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
    ],
    ['switching without the name of a protocol', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a length that is not a number', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
    ['a chunk size that is not a number', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['a NUL in a header', 'HTTP/1.1 200 OK\r\nX-A: a\0b\r\nContent-Length: 0\r\n\r\n'],
    ['a status below 100', 'HTTP/1.1 099 X\r\n\r\n'],
    ['a space before a colon', 'HTTP/1.1 200 OK\r\nX-A : b\r\n\r\n'],
    ['a header without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n'],
    ['a header without a name', 'HTTP/1.1 200 OK\r\n: b\r\n\r\n'],
    ['a length with a sign', 'HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nabc'],
    ['a list of lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 3, 4\r\n\r\nabc'],
    ['a length beyond every number', `HTTP/1.1 200 OK\r\nContent-Length: ${'9'.repeat(30)}\r\n\r\nabc`],
    ['binary noise', `\u0000\u0001\u0002${'\u00ff'.repeat(100)}`],
  ])('fails as protocol_error: %s [NET-9]', async (_what, bytes) => {
    expect(await postToAnswer(Buffer.from(bytes, 'latin1'))).toMatchObject({
      kind: 'failed',
      error: 'protocol_error',
    });
  });
});

describe('a connection that breaks', () => {
  it('before a response is a connection_error [NET-18]', async () => {
    const closed = await postTo((socket) => socket.end());
    const reset = await postTo((socket) => socket.resetAndDestroy());
    const half = await postToAnswer('HTTP/1.1 200 OK\r\nContent-', 'close');

    const expected = { kind: 'failed', error: 'connection_error' };
    expect([closed, reset, half]).toMatchObject([expected, expected, expected]);
    expect(reset).toMatchObject({ reason: '127.0.0.1 reset the connection' });
  });

  it('in the middle of the body does not change the status', async () => {
    const short = await postToAnswer('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', 'close');
    const chunked = await postToAnswer(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n',
      'close',
    );
    const chunkedClosing = await postToAnswer(
      'HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n',
      'close',
    );
    const closing = await postToAnswer(
      'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\nabc',
      'close',
    );

    const expected = { kind: 'answered', status: 200, body: 'abc', bodyCut: true };
    expect([short, chunked, chunkedClosing, closing]).toMatchObject([expected, expected, expected, expected]);
  });

  it('is a connection_error when the endpoint refuses it [NET-18]', async () => {
    const server = await startServer(() => {});
    await server.close();

    const result = await startPoster().post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });

    expect(result).toMatchObject({
      kind: 'failed',
      error: 'connection_error',
      reason: '127.0.0.1 refused the connection',
    });
  });
});
