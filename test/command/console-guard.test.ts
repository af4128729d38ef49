import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { startOperatorsConsole } from './support/operators-console.ts';

/** Calls of every kind, and the page. */
const CALLS = [
  ['GET', '/operator/queues'],
  ['POST', '/operator/queues/exhausted/moves'],
  ['GET', '/v1/webhooks'],
  ['DELETE', '/v1/webhooks/wh_1'],
] as const;

it.each([
  [
    'that a name server could direct to this machine',
    (host: string) => host.replace('127.0.0.1', 'evil.example'),
  ],
  [
    'of this machine that the command did not print',
    (host: string) => host.replace('127.0.0.1', 'localhost'),
  ],
  ['without its port', () => '127.0.0.1'],
])('answers no request for a host %s [API-59]', async (_, change) => {
  const { send, host, token, origin, api } = await startOperatorsConsole();
  const headers = { host: change(host), origin, authorization: `Bearer ${token}.acct_1` };

  const answers = [];
  for (const [method, path] of [...CALLS, ['GET', '/console/webhooks'], ['GET', '/']] as const) {
    answers.push(await send(method, path, headers));
  }

  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 421));
  expect(answers.some(({ text }) => text.includes('<html'))).toBe(false);
  expect(api.requests).toEqual([]);
});

it.each([
  ['no token', () => undefined],
  ['another token', () => `Bearer ${'A'.repeat(32)}.acct_1`],
  ['a beginning of the token', (token: string) => `Bearer ${token.slice(0, 31)}.acct_1`],
  ['another scheme', (token: string) => `Basic ${token}`],
])('refuses every call with %s [API-59]', async (_, credential) => {
  const { send, token, origin, api } = await startOperatorsConsole();
  const authorization = credential(token);
  const headers = { origin, ...(authorization === undefined ? {} : { authorization }) };

  for (const [method, path] of CALLS) {
    expect((await send(method, `${path}?operator=${token}`, headers)).status).toBe(401);
  }

  expect(api.requests).toEqual([]);
});

it.each([
  ['of another site', { origin: 'https://evil.example' }],
  ['of another port of this machine', { origin: 'http://127.0.0.1:1' }],
  ['in a sandbox', { origin: 'null' }],
  ['that the browser says is of another site', { 'sec-fetch-site': 'cross-site' }],
  ['that the browser says is of another port', { 'sec-fetch-site': 'same-site' }],
])('refuses calls of a page %s, with the token, too [API-59]', async (_, change) => {
  const { send, token, origin, api } = await startOperatorsConsole();

  for (const [method, path] of CALLS) {
    const answer = await send(method, path, { origin, authorization: `Bearer ${token}.acct_1`, ...change });
    expect(answer.status).toBe(403);
  }

  expect(api.requests).toEqual([]);
});

it('refuses a call that may change something without an origin [API-59]', async () => {
  const { send, token, api } = await startOperatorsConsole();
  const authorization = `Bearer ${token}.acct_1`;

  const statuses = [];
  for (const [method, path] of CALLS) statuses.push((await send(method, path, { authorization })).status);

  expect(statuses).toEqual([200, 403, 200, 403]);
  expect(api.requests.map(({ path }) => path)).toEqual(['/v1/webhooks']);
});

it('allows no other origin to read an answer [API-59]', async () => {
  const { send, token } = await startOperatorsConsole();
  const origin = 'https://evil.example';

  const answers = [
    await send('OPTIONS', '/v1/webhooks', { origin, 'access-control-request-method': 'GET' }),
    await send('GET', '/operator/queues', { origin, authorization: `Bearer ${token}` }),
    await send('GET', '/console/webhooks', { origin }),
  ];

  for (const { headers } of answers) {
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
  }
});

it('listens on 127.0.0.1 only [API-59]', async () => {
  const { origin } = await startOperatorsConsole();

  // Another address of the same interface, where a server on all addresses answers.
  const socket = connect(Number(new URL(origin).port), '127.0.0.2');
  const result = await new Promise((resolve) => {
    socket.once('connect', () => resolve('connected')).once('error', () => resolve('refused'));
  });
  socket.destroy();

  expect(result).toBe('refused');
});

it('serves the page without a token, and with the headers of the deployed function [API-59]', async () => {
  const { send, token } = await startOperatorsConsole();

  const page = await send('GET', '/console/webhooks');

  expect(page.status).toBe(200);
  expect(page.text).toContain('<html');
  expect(page.text).not.toContain(token);
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(page.headers['strict-transport-security']).toBeUndefined();
});

it('has its token in the fragment of the address, and another one at each start', async () => {
  const [one, other] = [await startOperatorsConsole(), await startOperatorsConsole()];

  expect(new URL(one.url).search).toBe('');
  expect(one.token).toMatch(/^[A-Za-z0-9_-]{32}$/);
  expect(one.token).not.toBe(other.token);
});
