import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type ConsoleResponse, createServeConsole } from '../../lambdas/serve-console/factory.ts';
import { compress, type StaticFiles, staticFile } from '../../lambdas/serve-console/static-files.ts';

const PAGE = `<!doctype html><head>
  <meta name="frame-ancestors" content="" />
  <script type="module" async src="/console/assets/first-e5f6.js"></script>
  <script type="module" crossorigin src="/console/assets/index-a1b2.js"></script>
  <link rel="stylesheet" crossorigin href="/console/assets/index-0a9b.css">
</head>`;
const SCRIPT = 'document.title = "Webhooks";\n'.repeat(20);
const SCRIPT_PATH = '/console/assets/index-a1b2.js';

const files: StaticFiles = new Map(
  Object.entries({
    'index.html': PAGE,
    'robots.txt': 'User-agent: *\n',
    'assets/index-a1b2.js': SCRIPT,
    'assets/icon-c3d4.svg': '<svg/>',
  }).map(([name, text]) => [name, staticFile(name, compress(text))]),
);

interface Options {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly embeddedBy?: string[];
}

function request(path: string, { method = 'GET', headers = {}, embeddedBy = [] }: Options = {}) {
  const serve = createServeConsole(files, { embeddedBy });
  return serve({ rawPath: path, headers, requestContext: { http: { method } } });
}

function textOf({ body, isBase64Encoded, headers }: ConsoleResponse): string {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return (headers['content-encoding'] === 'br' ? brotliDecompressSync(bytes) : bytes).toString('utf8');
}

describe('a screen of the console', () => {
  it.each([
    '/console/webhooks',
    '/console/webhooks/wh_1/deliveries/del_1',
    '/console/event-types/file.uploaded',
    '/console/index.html',
    '/console/none',
    '/console/../../etc/passwd',
  ])('at %s is the page, which the browser must revalidate each time [API-58]', (path) => {
    const response = request(path);

    expect(response.statusCode).toBe(200);
    expect(textOf(response)).toBe(PAGE);
    expect(response.headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-type': 'text/html; charset=utf-8',
    });
  });

  it.each([
    ['the same tag', (etag: string) => etag],
    ['the strong form of the tag', (etag: string) => etag.slice(2)],
    ['a list with the tag', (etag: string) => `"other", ${etag}`],
    ['any tag', () => '*'],
  ])('is not sent again to a browser that has %s', (_, tagOf) => {
    const { headers } = request('/console/webhooks');
    const again = request('/console/webhooks', { headers: { 'if-none-match': tagOf(headers.etag ?? '') } });

    expect(again).toMatchObject({ statusCode: 304, body: '' });
    expect(again.headers).toMatchObject({ etag: headers.etag, 'cache-control': 'no-cache' });
    expect(again.headers).not.toHaveProperty('content-encoding');
  });

  it('names its scripts and its stylesheet in a header, so that they are requested before the page is parsed', () => {
    const { headers } = request('/console/webhooks', { embeddedBy: ['https://app.example.com'] });

    expect(headers.link?.split(', ')).toEqual([
      '</console/assets/first-e5f6.js>; rel=modulepreload',
      '</console/assets/index-a1b2.js>; rel=modulepreload',
      '</console/assets/index-0a9b.css>; rel=preload; as=style; crossorigin',
    ]);
    expect(request(SCRIPT_PATH).headers).not.toHaveProperty('link');
  });

  it('is sent again to a browser that has another version', () => {
    expect(request('/console/webhooks', { headers: { 'if-none-match': '"other"' } }).statusCode).toBe(200);
  });

  it.each(['/console', '/console/'])('is the target of the redirect from %s', (path) => {
    const { statusCode, headers } = request(path);

    expect({ statusCode, location: headers.location }).toEqual({
      statusCode: 302,
      location: '/console/webhooks',
    });
  });
});

describe('an asset of the console', () => {
  it('is kept for a year, since another content has another name', () => {
    const response = request(SCRIPT_PATH);

    expect(textOf(response)).toBe(SCRIPT);
    expect(response.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
    });
    expect(request('/console/assets/icon-c3d4.svg').headers['content-type']).toBe('image/svg+xml');
  });

  it.each(['/console/assets/none.js', '/console/assets/', '/console/assets/../index.html'])(
    'that does not exist, such as %s, is 404 and not kept',
    (path) => {
      const { statusCode, headers } = request(path);

      expect({ statusCode, kept: headers['cache-control'] }).toEqual({ statusCode: 404, kept: 'no-store' });
    },
  );

  it('without a hash in its name must be revalidated each time', () => {
    const response = request('/console/robots.txt');

    expect(textOf(response)).toBe('User-agent: *\n');
    expect(response.headers['cache-control']).toBe('no-cache');
  });
});

describe('a file of the console', () => {
  it.each(['br', 'gzip, BR;q=0.5', 'deflate, br;q=1.0, *;q=0'])(
    'is sent compressed to a browser that accepts "%s"',
    (accepted) => {
      const response = request(SCRIPT_PATH, { headers: { 'accept-encoding': accepted } });

      expect(response.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' });
      expect(textOf(response)).toBe(SCRIPT);
      expect(response.body.length).toBeLessThan(SCRIPT.length);
    },
  );

  it.each(['', 'gzip', 'identity', 'br;q=0', 'br;q=0, *', '*', 'gzip, *;q=0.1'])(
    'is sent uncompressed to a browser that accepts "%s"',
    (accepted) => {
      const response = request(SCRIPT_PATH, { headers: { 'accept-encoding': accepted } });

      expect(response.headers).not.toHaveProperty('content-encoding');
      expect(response.headers.vary).toBe('accept-encoding');
      expect(textOf(response)).toBe(SCRIPT);
    },
  );

  it.each(['/console/webhooks', SCRIPT_PATH, '/console/assets/none.js'])(
    'has the same headers for HEAD as for GET at %s, and no body',
    (path) => {
      const [head, get] = [request(path, { method: 'HEAD' }), request(path)];

      expect(head.body).toBe('');
      expect(head.statusCode).toBe(get.statusCode);
      expect(head.headers).toEqual(get.headers);
    },
  );

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('cannot be requested by %s', (method) => {
    const { statusCode, headers, body } = request('/console/webhooks', { method });

    expect({ statusCode, allow: headers.allow, body }).toEqual({
      statusCode: 405,
      allow: 'GET, HEAD',
      body: '',
    });
  });
});

const ANSWERS: readonly [string, Options][] = [
  ['/console', {}],
  ['/console/webhooks', {}],
  ['/console/webhooks', { headers: { 'if-none-match': '*' } }],
  ['/console/assets/none.js', {}],
  ['/console/webhooks', { method: 'POST' }],
  [SCRIPT_PATH, {}],
];

describe('every answer of the console', () => {
  it.each(ANSWERS)(
    'allows only code, styles and calls of its own origin, no markup from text, and no frame [API-57]: %s %o',
    (path, options) => {
      const { headers } = request(path, options);
      const policy = headers['content-security-policy']?.split('; ').toSorted();

      expect(policy).toEqual([
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "font-src 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "img-src 'self'",
        "require-trusted-types-for 'script'",
        "script-src 'self'",
        "style-src 'self'",
        "trusted-types 'none'",
      ]);
      expect(headers).toMatchObject({
        'cross-origin-opener-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': 'max-age=63072000; includeSubDomains',
        'x-content-type-options': 'nosniff',
      });
      expect(headers['permissions-policy']).toContain('camera=()');
      expect(headers).not.toHaveProperty('set-cookie');
    },
  );
});

describe('a console that other pages may embed', () => {
  const embeddedBy = ['https://app.example.com', 'https://b.example:8443'];

  it('names exactly these origins, to browsers and to its own code [API-57]', () => {
    const response = request('/console/webhooks', { embeddedBy });

    expect(response.headers['content-security-policy']).toMatch(
      /; frame-ancestors https:\/\/app\.example\.com https:\/\/b\.example:8443$/,
    );
    expect(textOf(response)).toBe(PAGE.replace('content=""', `content="${embeddedBy.join(' ')}"`));
  });

  it('has another version of the page than one that nobody may embed', () => {
    const own = request('/console/webhooks').headers.etag;

    expect(request('/console/webhooks', { embeddedBy }).headers.etag).not.toBe(own);
  });

  it('does not start with a page that cannot name them', () => {
    const others = new Map([['index.html', staticFile('index.html', compress('<!doctype html>'))]]);

    expect(() => createServeConsole(others, { embeddedBy })).toThrow('frame-ancestors');
    expect(() => createServeConsole(new Map(), { embeddedBy: [] })).toThrow('the console has no index.html');
  });
});
