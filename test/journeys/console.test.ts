import { afterAll, beforeAll, expect, it } from 'vitest';
import { consoleLink } from '../../local/demo/console-link.ts';
import { type Journey, startJourney } from './support/journey.ts';

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
});

afterAll(() => journey.close());

it('is opened by a link, loads its files, and sees the webhooks of the account of the link only', async () => {
  const { cloud } = journey;
  const customer = await journey.startCustomer();
  const own = await journey.register({ url: customer.url('/own'), events: ['*'] });
  const key = await journey.newAccount('acct_other');
  await journey.register({ url: customer.url('/other'), events: ['*'] }, { key });

  const link = new URL((await consoleLink(cloud, journey.accountId)) ?? '');
  const page = await fetch(link);
  const html = await page.text();
  const scripts = [...html.matchAll(/<script type="module"[^>]* src="([^"]+)"/g)].map(([, src = '']) => src);
  const assets = await Promise.all(scripts.map((src) => fetch(new URL(src, link))));

  expect(link.origin + link.pathname).toBe(cloud.outputs.ConsoleUrl);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(assets.map(({ status }) => status)).toEqual([200]);
  expect(await assets[0]?.text()).not.toBe('');
  // fetch has decompressed the body.
  expect(assets[0]?.headers.get('content-encoding')).toBe('gzip');
  expect(assets[0]?.headers.get('cache-control')).toContain('immutable');

  const code = new URLSearchParams(link.hash.slice(1)).get('code');
  const begun = await journey.api('POST', '/v1/sessions', { code });
  const { body } = await journey.api('GET', '/v1/webhooks', undefined, { key: begun.body.token });
  expect(begun.status).toBe(201);
  expect(body.data.map(({ id }: { id: string }) => id)).toEqual([own.id]);
});

it('answers at its other addresses as it does on AWS', async () => {
  const { cloud } = journey;
  const get = (path: string, init: RequestInit = {}) =>
    fetch(cloud.apiUrl + path, { redirect: 'manual', ...init });
  const { headers } = await get('/console/webhooks');
  const etag = headers.get('etag') ?? '';

  const [entry, again, head, missing, posted] = await Promise.all([
    get('/console'),
    get('/console/webhooks/wh_1/deliveries', { headers: { 'if-none-match': etag } }),
    get('/console/webhooks', { method: 'HEAD' }),
    get('/console/assets/none.js'),
    get('/console/webhooks', { method: 'POST' }),
  ]);

  expect([entry.status, entry.headers.get('location')]).toEqual([302, '/console/webhooks']);
  expect([again.status, await again.text()]).toEqual([304, '']);
  expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, etag, '']);
  expect(missing.status).toBe(404);
  // By the API, with a problem document.
  expect([posted.status, posted.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
});
