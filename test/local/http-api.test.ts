import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpApiSettings } from '../../local/assembly/stack.ts';
import { createRouter } from '../../local/http-api/routes.ts';
import { type HttpApiServer, startHttpApiServer } from '../../local/http-api/server.ts';
import type { Invocation } from '../../local/lambda/execution-slots.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');

const open: HttpApiServer[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

interface Options {
  readonly settings?: Partial<HttpApiSettings>;
  readonly routes?: string[];
  readonly throttle?: { ratePerSecond: number; burst: number };
  readonly timeoutMs?: number;
  readonly answer?: (event: unknown) => unknown;
  readonly end?: Partial<Invocation> | 'not allowed' | Promise<Invocation>;
}

async function serve({
  settings,
  routes = ['$default'],
  throttle,
  timeoutMs = 30_000,
  answer,
  end,
}: Options = {}) {
  const server = await startHttpApiServer();
  open.push(server);
  const clock = { nowMs: NOW };
  const accesses: string[] = [];
  const sizes: number[] = [];
  server.serve({
    settings: {
      id: 'api1234567',
      stageName: '$default',
      routes: routes.map((key) => ({
        key,
        functionArn: 'arn',
        timeoutMs,
        ...(throttle ? { throttle } : {}),
      })),
      ...settings,
    },
    accountId: '000000000000',
    clock: { now: () => clock.nowMs },
    accessLog: { write: (line) => accesses.push(line), lines: () => accesses },
    onResponse: ({ bytes }) => sizes.push(bytes),
    invoke: (_route, event) => {
      if (end === 'not allowed') return undefined;
      if (end instanceof Promise) return end;
      const payload = JSON.stringify(answer?.(event) ?? { statusCode: 200, body: JSON.stringify(event) });
      return Promise.resolve({
        kind: 'returned',
        payload,
        requestId: 'r',
        durationMs: 1,
        ...end,
      } as Invocation);
    },
  });
  return { url: server.url, clock, accesses, sizes };
}

describe('a request', () => {
  it('reaches the function in payload format 2.0', async () => {
    const { url } = await serve({ routes: ['POST /v1/things/{thing_id}/verify'] });

    const response = await fetch(`${url}/v1/things/a%20b/verify?tag=1&tag=2&q=x%20y`, {
      method: 'POST',
      headers: [
        ['Content-Type', 'application/json; charset=utf-8'],
        ['X-Many', 'one'],
        ['X-Many', 'two'],
        ['Cookie', 'a=1; b=2'],
        ['User-Agent', 'test'],
      ],
      body: '{"é":1}',
    });
    const event: unknown = await response.json();

    expect(event).toEqual({
      version: '2.0',
      routeKey: 'POST /v1/things/{thing_id}/verify',
      rawPath: '/v1/things/a b/verify',
      rawQueryString: 'tag=1&tag=2&q=x%20y',
      cookies: ['a=1', 'b=2'],
      headers: expect.objectContaining({
        'content-type': 'application/json; charset=utf-8',
        'x-many': 'one, two',
        'user-agent': 'test',
      }),
      queryStringParameters: { tag: '1,2', q: 'x y' },
      pathParameters: { thing_id: 'a b' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'api1234567',
        domainName: url.slice('http://'.length),
        domainPrefix: '127',
        http: {
          method: 'POST',
          path: '/v1/things/a%20b/verify',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
        requestId: expect.any(String),
        routeKey: 'POST /v1/things/{thing_id}/verify',
        stage: '$default',
        time: '23/Nov/2026:12:00:00 +0000',
        timeEpoch: NOW,
      },
      body: '{"é":1}',
      isBase64Encoded: false,
    });
  });

  it.each([
    ['application/x-www-form-urlencoded', 'a=1'],
    ['application/octet-stream', '\u0000\u00ff'],
  ])('has a body of %s in base64', async (contentType, body) => {
    const { url } = await serve();

    const response = await fetch(url, { method: 'POST', headers: { 'Content-Type': contentType }, body });

    expect(await response.json()).toMatchObject({
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
    });
  });

  it('without a body has no body in its event', async () => {
    const { url } = await serve();

    const event: unknown = await (await fetch(url)).json();

    expect(event).not.toHaveProperty('body');
    expect(event).not.toHaveProperty('queryStringParameters');
  });
});

describe('a response', () => {
  it('has the status, headers, cookies and bytes that the function returned', async () => {
    const { url } = await serve({
      answer: () => ({
        statusCode: 201,
        headers: { 'Content-Type': 'application/problem+json', Location: '/x' },
        cookies: ['a=1', 'b=2'],
        body: Buffer.from([0, 255]).toString('base64'),
        isBase64Encoded: true,
      }),
    });

    const response = await fetch(url);

    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('location')).toBe('/x');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255]);
  });

  it('without a status has status 200', async () => {
    const { url } = await serve({ answer: () => ({ any: 'thing' }) });

    const response = await fetch(url);

    expect([response.status, await response.json()]).toEqual([200, { any: 'thing' }]);
  });

  const failed: Partial<Invocation> = {
    kind: 'failed',
    error: { errorType: 'Error', errorMessage: 'secret', trace: [] },
  };
  it.each([
    ['its function failed', { end: failed }, 500, 'Internal Server Error'],
    [
      'API Gateway may not invoke its function',
      { end: 'not allowed' as const },
      500,
      'Internal Server Error',
    ],
    [
      'its function returned no status',
      { answer: () => ({ statusCode: 'x' }) },
      500,
      'Internal Server Error',
    ],
    [
      'its function returned a header that HTTP cannot carry',
      { answer: () => ({ statusCode: 200, headers: { 'x-a': 'a\r\nx-injected: b' } }) },
      500,
      'Internal Server Error',
    ],
    [
      'its function took too long',
      { end: new Promise<Invocation>(() => {}), timeoutMs: 50 },
      503,
      'Service Unavailable',
    ],
    ['no route is its own', { routes: ['GET /other'] }, 404, 'Not Found'],
  ])('is one of the gateway itself if %s', async (_what, options, status, message) => {
    const { url } = await serve(options);

    const response = await fetch(url);

    expect([response.status, await response.json()]).toEqual([status, { message }]);
  });

  it('is 413 for a body over 10 MB', async () => {
    const { url, sizes } = await serve();

    const response = await fetch(url, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) });
    const body = await response.text();

    expect([response.status, JSON.parse(body)]).toEqual([413, { message: 'Request Too Long' }]);
    expect(sizes).toEqual([body.length]);
  });

  it('is 429 above the throttle, until the bucket has a token again', async () => {
    const { url, clock } = await serve({ throttle: { ratePerSecond: 1, burst: 2 } });
    const statuses = async (times: number) => {
      const answers = [];
      for (let i = 0; i < times; i++) answers.push((await fetch(url)).status);
      return answers;
    };

    const first = await statuses(3);
    clock.nowMs += 1000;
    const later = await statuses(2);

    expect([first, later]).toEqual([
      [200, 200, 429],
      [200, 429],
    ]);
  });

  it('is logged and metered', async () => {
    const format =
      '$context.httpMethod $context.path $context.routeKey $context.status $context.error.message';
    const { url, accesses, sizes } = await serve({
      settings: { accessLog: { logGroupName: 'access', format } },
      answer: () => ({ statusCode: 204 }),
    });

    await fetch(`${url}/a?b`, { method: 'PUT', body: 'four' });

    expect(accesses).toEqual(['PUT /a $default 204 -']);
    expect(sizes).toEqual([4]);
  });

  it('to the next request is not affected by a request that is closed within its body', async () => {
    const { url } = await serve();

    await new Promise<void>((resolve) => {
      const cut = request(url, { method: 'POST', headers: { 'content-length': 100 } });
      cut.on('error', () => resolve());
      cut.write('half', () => cut.destroy());
      cut.on('close', resolve);
    });

    expect((await fetch(url)).status).toBe(200);
  });
});

describe('a preflight request of a browser', () => {
  it('is answered by the function of $default, whose CORS headers are sent unchanged', async () => {
    const received: unknown[] = [];
    const cors = { 'access-control-allow-origin': 'https://a.example', 'access-control-max-age': '7200' };
    const { url } = await serve({
      routes: ['GET /v1/things', 'POST /v1/things', '$default'],
      answer: (event) => {
        received.push(event);
        return { statusCode: 204, headers: cors };
      },
    });

    const response = await fetch(`${url}/v1/things`, {
      method: 'OPTIONS',
      headers: { origin: 'https://a.example', 'access-control-request-method': 'POST' },
    });

    expect(received).toEqual([
      expect.objectContaining({
        routeKey: '$default',
        headers: expect.objectContaining({
          origin: 'https://a.example',
          'access-control-request-method': 'POST',
        }),
      }),
    ]);
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject(cors);
  });
});

describe('a route', () => {
  const find = createRouter(
    [
      ...[
        '$default',
        'ANY /files/{path+}',
        'GET /files/{path+}',
        'GET /files/public/{path+}',
        'GET /{any}/x',
      ],
      ...['GET /things/{id}', 'ANY /things/{id}', 'GET /things/test', 'POST /{any}/test', 'GET /files'],
    ].map((key) => ({ key })),
  );

  it.each([
    ['GET', '/things/test', 'GET /things/test', undefined],
    ['GET', '/things/7', 'GET /things/{id}', { id: '7' }],
    ['PUT', '/things/7', 'ANY /things/{id}', { id: '7' }],
    ['POST', '/things/test', 'ANY /things/{id}', { id: 'test' }],
    ['POST', '/other/test', 'POST /{any}/test', { any: 'other' }],
    ['GET', '/files', 'GET /files', undefined],
    ['GET', '/files/a', 'GET /files/{path+}', { path: 'a' }],
    ['GET', '/files/a/b//c', 'GET /files/{path+}', { path: 'a/b//c' }],
    ['HEAD', '/files/a/b', 'ANY /files/{path+}', { path: 'a/b' }],
    ['GET', '/files/public/a', 'GET /files/public/{path+}', { path: 'a' }],
    ['GET', '/files/x', 'GET /{any}/x', { any: 'files' }],
    ['GET', '/files/', '$default', undefined],
    ['HEAD', '/files', '$default', undefined],
    ['GET', '/things/', '$default', undefined],
    ['GET', '/things/7/more', '$default', undefined],
  ])('of %s %s is %s', (method, path, key, pathParameters) => {
    expect(find(method, path)).toEqual({ route: { key }, pathParameters });
  });

  it.each(['GET things', 'GET /things/', 'GET /{rest+}/things', 'GET /things/{id}s', 'get /things'])(
    'refuses "%s"',
    (key) => {
      expect(() => createRouter([{ key }])).toThrow(key);
    },
  );
});
