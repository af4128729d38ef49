import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GatewayRouting } from './support/gateway-event.ts';
import type { Answer } from './support/open-api-contract.ts';
import { type Api, type Caller, startApi } from './support/start-api.ts';

const GATEWAYS: readonly GatewayRouting[] = ['sent', 'decoded', 'raw'];
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'get'];

let api: Api;
let caller: Caller;
beforeAll(async () => {
  api = await startApi();
  caller = await api.newCaller();
});
afterAll(() => api.close());

async function createWebhook(): Promise<string> {
  const json = { url: 'https://customer.example/hook', events: ['*'] };
  const { body } = await caller.call('POST', '/v1/webhooks', { json });
  return Object(body).id;
}

/** Whether the routing refused the request. Every other answer comes from a call. */
function isUnrouted({ status, body }: Answer): boolean {
  return (
    status === 405 || (status === 404 && String(Object(body).detail).startsWith('no call has this path'))
  );
}

const PATHS = [
  '/v1/webhooks',
  '/v1/%77ebhooks',
  '/v1/%77%65%62%68%6f%6f%6b%73',
  '/%76%31/webhooks',
  '/v1/%2577ebhooks',
  '/v1/webhooks/wh_1',
  '/v1/%77ebhooks/wh_1',
  '/v1/webhooks/%77h_1',
  '/v1/webhooks/wh_1/verify',
  '/v1/webhooks/wh_1/%76erify',
  '/v1/webhooks/test',
  '/v1/webhooks/%74est',
  '/v1/event-types',
  '/v1/event%2Dtypes',
  '/v1/openapi.json',
  '/v1/openapi%2ejson',
  '/v1/openapi%2Ejson',
  '/v1/openapiXjson',
  '/v1%2fwebhooks',
  '/v1%2Fwebhooks%2Fwh_1',
  '/v1/webhooks/wh_1%2fverify',
  '/v1/webhooks/..%2fwebhooks',
  '/v1/webhooks/%2e%2e/webhooks',
  '/v1/../v1/webhooks',
  '/v1/./webhooks',
  '/v1/webhooks/..',
  '/v1/webhooks/.',
  '//v1/webhooks',
  '/v1//webhooks',
  '/v1/webhooks/',
  '/v1/webhooks//verify',
  '/v1/webhooks/wh_1/',
  '/v1/webhooks%00',
  '/v1/webhooks%20',
  '/v1/webhooks%3flimit=1',
  '/v1/webhooks;x=1',
  '/v1/webhooks%23',
  '/V1/webhooks',
  '/v1/Webhooks',
  '/v1/webhooks/{webhook_id}',
  '/v1/webhooks/%zz',
  '/v1/webhooks/%E0%A4%A',
  '/%',
  '/',
  '',
  '*',
  `/v1/webhooks/${'x'.repeat(9_000)}`,
  `/${'a/'.repeat(4_000)}`,
];

const MAX_TITLE_CHARACTERS = 60;

/** The paths with their titles: very long paths are cut in titles. */
const TITLED_PATHS = PATHS.map((path) => {
  const title = path.length <= MAX_TITLE_CHARACTERS ? path : `${path.slice(0, MAX_TITLE_CHARACTERS)}…`;
  return [title, path] as const;
});

describe.each(GATEWAYS)('behind a gateway with the path handling "%s"', (gateway) => {
  it.each(TITLED_PATHS)(
    'allows in a 405 only methods that work for the same path: %s [API-7]',
    async (_title, path) => {
      const triedBefore = new Map<string, Promise<Answer>>();
      const tryOnce = (method: string): Promise<Answer> => {
        const answer = triedBefore.get(method) ?? caller.call(method, path, { gateway });
        triedBefore.set(method, answer);
        return answer;
      };
      for (const method of METHODS) {
        const answer = await tryOnce(method);
        expect(answer.status, `${method} ${path}`).toBeLessThan(500);
        if (answer.status !== 405) continue;

        const allowed = String(answer.headers.allow).split(', ');
        const tried = await Promise.all(allowed.map(tryOnce));

        expect(allowed).not.toContain(method);
        expect(tried.filter(isUnrouted)).toEqual([]);
      }
    },
  );

  it.each([
    '/v1//webhooks',
    '//v1/webhooks',
    '/v1/webhooks/',
    '/v1/../v1/webhooks',
    '/v1/./webhooks',
    '/v1/Webhooks',
    '/v1/webhooks%00',
    '/v1/%2577ebhooks',
  ])('answers 404 for a path that does not exactly match one of the document: %s [API-7]', async (path) => {
    const answer = await caller.call('GET', path, { gateway });

    expect(isUnrouted(answer)).toBe(true);
    expect(answer.status).toBe(404);
  });
});

describe.each(['sent', 'decoded'] as const)(
  'a percent-encoded path, decoded by a gateway (%s)',
  (gateway) => {
    it('is handled like the decoded path [API-7]', async () => {
      const id = await createWebhook();
      const escaped = id.replace('wh', '%77%68');

      const answers = [
        await caller.call('GET', '/v1/%77ebhooks', { gateway, query: { limit: '1' } }),
        await caller.call('GET', `/v1/%77ebhooks/${escaped}`, { gateway }),
        await caller.call('PATCH', `/v1/webhook%73/${escaped}`, { gateway, json: { description: 'found' } }),
        await caller.call('GET', '/v1/openapi%2ejson', { gateway }),
        await caller.call('DELETE', `/%76%31/webhooks/${escaped}`, { gateway }),
      ];

      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 204]);
      expect(Object(answers[0]?.body).data[0].id).toBe(id);
      expect(answers[2]?.body).toMatchObject({ id, description: 'found' });
    });

    it('is matched like the decoded path, also when two routes match', async () => {
      const plain = await Promise.all(
        METHODS.map((method) => caller.call(method, '/v1/webhooks/test', { gateway })),
      );
      const escaped = await Promise.all(
        METHODS.map((method) => caller.call(method, '/v1/%77ebhooks/%74est', { gateway })),
      );

      expect(escaped.map(({ status, text }) => [status, text])).toEqual(
        plain.map(({ status, text }) => [status, text]),
      );
    });

    it('needs a key and is recorded like the decoded path', async () => {
      const id = await createWebhook();

      const withoutKey = await api.call('GET', '/v1/%77ebhooks', { gateway });
      await caller.call('DELETE', `/v1/%77ebhooks/${id}`, { gateway });

      expect(withoutKey.status).toBe(401);
      const range = { since: 0, until: api.clock.time + 1, limit: 1_000 };
      const deletions = (await api.audit.list(caller.account, range)).filter(
        ({ action, subject }) => action === 'webhook.delete' && subject === id,
      );
      expect(deletions).toMatchObject([{ outcome: 'done' }]);
    });
  },
);

describe('an encoded slash', () => {
  it('never reaches the webhook of another account [API-7]', async () => {
    const other = await api.newCaller();
    const { body } = await other.call('POST', '/v1/webhooks', {
      json: { url: 'https://customer.example/hook', events: ['*'] },
    });

    for (const gateway of GATEWAYS) {
      const path = `/v1/webhooks/x%2f..%2f${Object(body).id}`;
      const answer = await caller.call('DELETE', path, { gateway });
      expect([404, 405]).toContain(answer.status);
    }
    expect(await api.webhooks.count(other.account)).toBe(1);
  });
});

describe('an unknown path or method', () => {
  it.each([
    '/',
    '/v1',
    '/v1/webhooks/',
    '/v2/webhooks',
    '/v1/webhooks/wh_1/nothing',
    '/v1/webhooks/wh_1/verify/x',
  ])('is a 404: %s', async (path) => {
    const answer = await api.call('GET', path);

    expect(answer).toMatchObject({ status: 404, body: { type: 'urn:webhook-fanout:problem:not-found' } });
  });

  it.each([
    ['PUT', '/v1/webhooks', 'POST, GET'],
    ['PUT', '/v1/webhooks/wh_1', 'GET, PATCH, DELETE'],
    ['GET', '/v1/webhooks/wh_1/verify', 'POST'],
    ['PUT', '/v1/webhooks/test', 'POST'],
    ['POST', '/v1/event-types', 'GET'],
  ])('is a 405 with the allowed methods: %s %s', async (method, path, allow) => {
    const answer = await api.call(method, path);

    expect(answer).toMatchObject({ status: 405, headers: { allow } });
  });
});
