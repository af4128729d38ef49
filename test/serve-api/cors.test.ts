import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXPOSED_HEADERS } from '../../lambdas/serve-api/cors.ts';
import { openApiDocument } from './support/open-api-contract.ts';
import { type Api, startApi } from './support/start-api.ts';

const ORIGIN = 'https://console.customer.example';
const SECOND = 'http://localhost:5173';

let api: Api;
let closed: Api;
beforeAll(async () => {
  api = await startApi({ corsOrigins: [ORIGIN, SECOND] });
  closed = await startApi();
});
afterAll(() => Promise.all([api.close(), closed.close()]));

const preflight = (origin: string, of = api, path = '/v1/webhooks/wh_1') =>
  of.call('OPTIONS', path, {
    headers: {
      origin,
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'authorization,content-type,if-match,idempotency-key',
    },
  });

const corsHeadersOf = (headers: Readonly<Record<string, string>>): string[] =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));

describe('a preflight request', () => {
  it('from an allowed origin is answered without a key, with all methods and the headers of the API [API-23]', async () => {
    const answer = await preflight(ORIGIN);

    expect(answer).toMatchObject({
      status: 204,
      text: '',
      headers: {
        'access-control-allow-origin': ORIGIN,
        'access-control-allow-methods': 'POST, GET, PATCH, DELETE',
        'access-control-allow-headers':
          'authorization, content-type, idempotency-key, if-match, if-none-match',
        'access-control-max-age': '7200',
        vary: 'Origin',
      },
    });
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it('is answered on every path, so that a script can read a 404', async () => {
    const answers = [
      await preflight(SECOND, api, '/v1/nothing'),
      await preflight(SECOND, api, '/v1/webhooks'),
    ];

    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
  });

  it.each([
    'https://evil.example',
    'https://console.customer.example.evil.example',
    'https://CONSOLE.customer.example',
    'http://console.customer.example',
    'https://console.customer.example:8443',
    'null',
    '*',
    '',
  ])('from %j is refused like any other OPTIONS [API-23]', async (origin) => {
    const answer = await preflight(origin);

    expect(answer.status).toBe(405);
    expect(corsHeadersOf(answer.headers)).toEqual([]);
    expect(answer.headers.vary).toBe('Origin');
  });

  it('is refused where no origin is allowed', async () => {
    const answer = await preflight(ORIGIN, closed);

    expect(answer.status).toBe(405);
    expect(corsHeadersOf(answer.headers)).toEqual([]);
    expect(answer.headers).not.toHaveProperty('vary');
  });
});

describe('an OPTIONS request that is not a preflight request', () => {
  it('is a 405', async () => {
    const answer = await api.call('OPTIONS', '/v1/webhooks', { headers: { origin: ORIGIN } });

    expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST, GET' } });
  });
});

describe('an answer to a page of an allowed origin', () => {
  it('can be read with its headers, whatever its status', async () => {
    const caller = await api.newCaller();
    const headers = { origin: SECOND };

    const answers = [
      await caller.call('GET', '/v1/webhooks', { headers }),
      await caller.call('GET', '/v1/webhooks/wh_none', { headers }),
      await api.call('GET', '/v1/webhooks', { headers }),
      await api.call('GET', '/nothing', { headers }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 404, 401, 404]);
    for (const answer of answers) {
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': SECOND,
        'access-control-expose-headers': EXPOSED_HEADERS.join(', '),
        vary: 'Origin',
      });
    }
  });

  it('exposes every header of the document', () => {
    const { headers } = Object(openApiDocument().components);
    const documented = Object.keys(headers).map((name) => name.toLowerCase());

    expect(EXPOSED_HEADERS).toEqual(
      expect.arrayContaining(documented.filter((name) => name !== 'accept-encoding')),
    );
  });
});

describe('an answer to a page of another origin, or to no page', () => {
  it.each([{ origin: 'https://evil.example' }, {}])(
    'has no CORS headers for %j [API-23]',
    async (headers) => {
      const caller = await api.newCaller();

      const answer = await caller.call('GET', '/v1/webhooks', { headers });

      expect(answer.status).toBe(200);
      expect(corsHeadersOf(answer.headers)).toEqual([]);
      expect(answer.headers.vary).toBe('Origin');
    },
  );
});
