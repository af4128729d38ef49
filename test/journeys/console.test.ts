import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startConsole } from '../../command/console/start.ts';
import { consoleLink } from '../../local/demo/console-link.ts';
import { until } from '../support/until.ts';
import { type ApiAnswer, type Journey, startJourney } from './support/journey.ts';

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
  const assets = await Promise.all(
    scripts.map((src) => fetch(new URL(src, link), { headers: { 'accept-encoding': 'br' } })),
  );

  expect(link.origin + link.pathname).toBe(cloud.outputs.ConsoleUrl);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  // The script that runs while the bundle downloads comes first.
  expect(scripts).toEqual([
    expect.stringMatching(/^\/console\/assets\/warm-up-.+\.js$/),
    expect.stringMatching(/^\/console\/assets\/index-.+\.js$/),
  ]);
  const preloads = page.headers
    .get('link')
    ?.split(', ')
    .map((one) => one.replace(/^<(.*)>; rel=.*$/, '$1'));
  expect(preloads).toEqual([...scripts, expect.stringMatching(/^\/console\/assets\/index-.+\.css$/)]);
  for (const { status, headers } of assets) {
    expect({ status, coding: headers.get('content-encoding') }).toEqual({ status: 200, coding: 'br' });
    expect(headers.get('cache-control')).toContain('immutable');
  }
  // fetch has decompressed the body.
  expect(await assets[0]?.text()).toContain('Intl');

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

  const [entry, withSlash, again, head, missing, posted] = await Promise.all([
    get('/console'),
    get('/console/'),
    get('/console/webhooks/wh_1/deliveries', { headers: { 'if-none-match': etag } }),
    get('/console/webhooks', { method: 'HEAD' }),
    get('/console/assets/none.js'),
    get('/console/webhooks', { method: 'POST' }),
  ]);

  for (const { status, headers } of [entry, withSlash]) {
    expect([status, headers.get('location')]).toEqual([302, '/console/webhooks']);
  }
  expect([again.status, await again.text()]).toEqual([304, '']);
  expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, etag, '']);
  expect(missing.status).toBe(404);
  // By the API, with a problem document.
  expect([posted.status, posted.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
});

it('is served to an operator on loopback, with every account and screens that the deployment does not have [API-61]', async () => {
  const { cloud } = journey;
  const customer = await journey.startCustomer();
  const accounts = ['acct_3', 'acct_4'];
  const webhooks: string[] = [];
  for (const account of accounts) {
    const key = await journey.newAccount(account);
    webhooks.push((await journey.register({ url: customer.url(`/${account}`), events: ['*'] }, { key })).id);
  }
  await journey.publishRaw('order.paid', '{"account_id":"acct_3","id":"evt_1","data":{}}');
  const undispatched = () => cloud.queues.counts(cloud.outputs.UndispatchedQueueUrl ?? '');
  await until('the event to be undispatched', () => undispatched().visible === 1 || undefined);
  const { awsEndpoint: endpoint, region, outputs } = cloud;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const operators = await startConsole({
    target: { kind: 'local', outputs, clientSettings: { endpoint, region, credentials } },
    ...{ stack: undefined, port: 0, readOnly: false, io: { warn: () => undefined } },
  });
  onTestFinished(operators.close);
  const { origin, hash } = new URL(operators.url);
  const token = new URLSearchParams(hash.slice(1)).get('operator');
  const call = async (method: string, path: string, { account = '', body }: CallOptions = {}) => {
    const response = await fetch(origin + path, {
      method,
      headers: {
        authorization: `Bearer ${token}${account && `.${account}`}`,
        ...(method === 'GET' ? {} : { origin, 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as ApiAnswer['body'];
  };

  const html = await (await fetch(operators.url)).text();
  const main = await (
    await fetch(new URL(/ src="([^"]+\/index-[^"]+)"/.exec(html)?.[1] ?? '', origin))
  ).text();
  const file = /operator-assets\/[\w-]+\.js/.exec(main)?.[0] ?? '';
  const screens = await fetch(`${origin}/console/${file}`);
  const deployed = await fetch(`${cloud.apiUrl}/console/${file}`);
  const deployedPage = await (await fetch(`${cloud.apiUrl}/console/webhooks`)).text();
  expect(html).toContain(`<meta name="operators-console" content="${cloud.apiUrl}" />`);
  expect([screens.status, screens.headers.get('content-type')]).toEqual([
    200,
    'text/javascript; charset=utf-8',
  ]);
  // The page, as for every address that is no file.
  expect(deployed.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(deployedPage).not.toContain('operators-console');
  expect((await journey.api('GET', '/operator/queues')).status).toBe(404);

  const listed = await Promise.all(accounts.map((account) => call('GET', '/v1/webhooks', { account })));
  expect(listed.map(({ data }) => data.map(({ id }: { id: string }) => id))).toEqual(
    webhooks.map((id) => [id]),
  );
  const page = await call('GET', '/operator/accounts');
  expect(page.accounts).toEqual(
    expect.arrayContaining(accounts.map((id) => expect.objectContaining({ account_id: id, active: 1 }))),
  );

  const { alarms } = await call('GET', '/operator/alarms');
  expect(alarms).toContainEqual(
    expect.objectContaining({
      name: expect.stringMatching(/dependency-failed$/),
      // The alarm of a minute that ends while the test runs is OK.
      state: expect.stringMatching(/^(INSUFFICIENT_DATA|OK)$/),
    }),
  );

  const queue = '/operator/queues/undispatched';
  const { messages } = await call('POST', `${queue}/messages`, { body: { limit: 10 } });
  expect(messages).toMatchObject([
    { event_id: 'evt_1', reason: expect.stringContaining('"order.paid" is not in the catalogue') },
  ]);
  const counted = await call('POST', `${queue}/moves`, { body: { limit: 10, confirm: false } });
  expect([counted.selected, undispatched()]).toEqual([1, { visible: 1, inFlight: 0, delayed: 0 }]);
  const moved = await call('POST', `${queue}/moves`, { body: { limit: 10, confirm: true } });
  expect([moved.confirmed, moved.selected]).toEqual([true, 1]);
});

interface CallOptions {
  readonly account?: string;
  readonly body?: unknown;
}
