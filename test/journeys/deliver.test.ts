import { createHmac } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createForward } from '../../command/listen/forward.ts';
import { type ListenEvent, listen } from '../../command/listen/listen.ts';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { createApi } from '../../local/api-client.ts';
import type { Request } from '../support/http-server.ts';
import { until } from '../support/until.ts';
import { type Journey, startJourney } from './support/journey.ts';

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
});

afterAll(() => journey.close());

/** The verification of the integration guide's sample. It uses no code of this project. */
function hmacOf(secret: string, { headers, body }: Request): string {
  return `sha256=${createHmac('sha256', secret).update(`${headers['x-webhook-timestamp']}.${body}`).digest('hex')}`;
}

function standardHeaders({ headers }: Request): Record<string, string> {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  return Object.fromEntries(names.map((name) => [name, String(headers[name])]));
}

describe('a customer', () => {
  it('has an active webhook after registering it and answering the challenge', async () => {
    const customer = await journey.startCustomer();

    const created = await journey.api('POST', '/v1/webhooks', {
      url: customer.url('/hook'),
      events: ['ppt.generation.completed'],
    });

    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      status: 'pending',
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/=]{44}$/),
    });
    const active = await journey.untilStatus(created.body.id, 'active');
    expect(active).not.toHaveProperty('secret');
    const [challenge] = customer.challenges;
    expect(JSON.parse(String(challenge?.body))).toEqual({
      type: 'webhook.verification',
      data: { challenge: expect.any(String) },
    });
    expect(challenge?.headers['x-webhook-signature']).toBe(
      challenge && hmacOf(created.body.secret, challenge),
    );
  });

  it('receives an event exactly as it was published, signed in both schemes', async () => {
    const customer = await journey.startCustomer();
    const { secret } = await journey.register({ url: customer.url(), events: ['file.uploaded'] });
    const data = { file_id: 'file_1', name: 'Grüße 🎉.pptx', size: 12.5, tags: [], nested: { deep: null } };

    await journey.publish('file.uploaded', { id: 'evt_exact', created: '2024-01-15T10:30:00Z', data });

    const [request] = await customer.received(1);
    if (request === undefined) throw new Error('no request was received');
    expect(request.body.toString()).toBe(
      `{"id":"evt_exact","type":"file.uploaded","created":"2024-01-15T10:30:00Z","data":${JSON.stringify(data)}}`,
    );
    expect(request.headers['x-webhook-signature']).toBe(hmacOf(secret, request));
    expect(() => new StandardWebhook(secret).verify(request.body, standardHeaders(request))).not.toThrow();
    expect(() => new StandardWebhook(secret).verify(`${request.body} `, standardHeaders(request))).toThrow();
  });

  it('receives these headers and no others [API-1]', async () => {
    const customer = await journey.startCustomer();
    await journey.register({ url: customer.url(), events: ['file.deleted'] });

    const publishedAt = Date.now();
    await journey.publish('file.deleted', { id: 'evt_headers', data: {} });

    const [request] = await customer.received(1);
    expect(Object.keys(request?.headers ?? {}).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'content-length',
      'content-type',
      'host',
      'user-agent',
      'webhook-id',
      'webhook-signature',
      'webhook-timestamp',
      'x-webhook-attempt',
      'x-webhook-delivery',
      'x-webhook-event',
      'x-webhook-signature',
      'x-webhook-timestamp',
    ]);
    expect(request?.headers).toMatchObject({
      accept: '*/*',
      'accept-encoding': 'identity',
      'content-type': 'application/json',
      'user-agent': 'webhook-fanout/0.1.0',
      'webhook-id': 'evt_headers',
      'x-webhook-attempt': '1',
      'x-webhook-event': 'file.deleted',
      'x-webhook-delivery': expect.stringMatching(/^dlv_[0-9a-z]{30}$/),
    });
    const timestamp = Number(request?.headers['x-webhook-timestamp']);
    expect(timestamp).toBeGreaterThanOrEqual(Math.floor(publishedAt / 1000));
    expect(timestamp * 1000).toBeLessThanOrEqual(request?.at ?? 0);
    expect(request?.headers['webhook-timestamp']).toBe(request?.headers['x-webhook-timestamp']);
  });

  it('receives an event that was published without an id under the id of the bus', async () => {
    const customer = await journey.startCustomer();
    await journey.register({ url: customer.url(), events: ['user.registered'] });

    const busEventId = await journey.publish('user.registered', { data: { user_id: 'user_1' } });

    const [request] = await customer.received(1);
    expect(request?.headers['webhook-id']).toBe(`evt_${busEventId.replaceAll('-', '')}`);
    expect(JSON.parse(String(request?.body)).created).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
  });

  it('receives the events it subscribed to by name, prefix or *, and none of another account', async () => {
    const customer = await journey.startCustomer();
    const foreignKey = await journey.newAccount('acct_foreign');
    await journey.register({ url: customer.url('/exact'), events: ['ppt.edit.started'] });
    await journey.register({ url: customer.url('/prefix'), events: ['ppt.edit.*'] });
    await journey.register({ url: customer.url('/all'), events: ['*'] });
    await journey.register({ url: customer.url('/foreign'), events: ['*'] }, { key: foreignKey });

    await journey.publish('ppt.edit.started', { id: 'evt_a', data: {} });
    await journey.publish('ppt.edit.failed', { id: 'evt_b', data: {} });
    await journey.publish('user.unsubscribed', { id: 'evt_c', data: {} });
    await journey.publish('user.unsubscribed', { account_id: 'acct_foreign', id: 'evt_d', data: {} });

    await customer.received(7);
    await journey.untilIdle();
    const received = customer.requests.map(({ path, headers }) => `${path} ${headers['webhook-id']}`);
    expect(received.sort()).toEqual([
      '/all evt_a',
      '/all evt_b',
      '/all evt_c',
      '/exact evt_a',
      '/foreign evt_d',
      '/prefix evt_a',
      '/prefix evt_b',
    ]);
  });

  it('with ten webhooks receives ten deliveries, and each has a record with the status delivered', async () => {
    const customer = await journey.startCustomer();
    const key = await journey.newAccount('acct_ten');
    const paths = Array.from({ length: 10 }, (_, n) => `/${n}`);
    const webhooks = await Promise.all(
      paths.map((path) => journey.register({ url: customer.url(path), events: ['file.processed'] }, { key })),
    );

    await journey.publish('file.processed', { account_id: 'acct_ten', id: 'evt_ten', data: {} });

    await customer.received(10);
    await journey.untilIdle();
    expect(customer.requests.map(({ path }) => path).sort()).toEqual(paths);
    expect(new Set(customer.requests.map(({ headers }) => headers['x-webhook-delivery'])).size).toBe(10);
    for (const { id } of webhooks) {
      const record = await until('its record', async () =>
        (await journey.records(id, 'acct_ten')).find(({ event_id }) => event_id === 'evt_ten'),
      );
      expect(record).toMatchObject({ status: 'delivered', attempt_1: { status: 200 } });
    }
  });

  it('receives an event once that was published twice [FAULT-7]', async () => {
    const customer = await journey.startCustomer();
    const key = await journey.newAccount('acct_twice');
    await journey.register({ url: customer.url(), events: ['*'] }, { key });
    const detail = { account_id: 'acct_twice', id: 'evt_twice', data: { n: 1 } };

    await journey.publish('file.uploaded', detail);
    await customer.received(1);
    await journey.publish('file.uploaded', detail);
    await journey.publish('file.uploaded', { account_id: 'acct_twice', id: 'evt_after', data: {} });

    await customer.received(1, ({ headers }) => headers['webhook-id'] === 'evt_after');
    await until(
      'the duplicate to be dropped',
      () => journey.cloud.logs('FirstLane').some((line) => line.includes('duplicate_dropped')) || undefined,
    );
    await journey.untilIdle();
    expect(customer.requests.filter(({ headers }) => headers['webhook-id'] === 'evt_twice')).toHaveLength(1);
  });

  it('receives nothing for a deleted webhook', async () => {
    const customer = await journey.startCustomer();
    const key = await journey.newAccount('acct_deleted');
    const deleted = await journey.register({ url: customer.url('/deleted'), events: ['*'] }, { key });
    await journey.register({ url: customer.url('/remaining'), events: ['*'] }, { key });

    expect((await journey.api('DELETE', `/v1/webhooks/${deleted.id}`, undefined, { key })).status).toBe(204);
    await journey.publish('file.uploaded', { account_id: 'acct_deleted', data: {} });

    await customer.received(1);
    await journey.untilIdle();
    expect(customer.requests.map(({ path }) => path)).toEqual(['/remaining']);
  });

  it('with a disabled webhook gets a held record, and receives the next event after enabling it', async () => {
    const customer = await journey.startCustomer();
    const key = await journey.newAccount('acct_disabled');
    const { id } = await journey.register({ url: customer.url(), events: ['*'] }, { key });
    const patch = (status: string) => journey.api('PATCH', `/v1/webhooks/${id}`, { status }, { key });

    await patch('disabled');
    await journey.publish('file.uploaded', { account_id: 'acct_disabled', id: 'evt_held', data: {} });
    const held = await until('the record', async () =>
      (await journey.records(id, 'acct_disabled')).find(({ event_id }) => event_id === 'evt_held'),
    );
    await patch('active');
    await journey.publish('file.uploaded', { account_id: 'acct_disabled', id: 'evt_next', data: {} });

    expect(held).toMatchObject({ status: 'held', reason: 'the webhook is disabled' });
    await customer.received(1);
    await journey.untilIdle();
    expect(customer.requests.map(({ headers }) => headers['webhook-id'])).toEqual(['evt_next']);
  });

  it('who changes the URL keeps the old one until the new one answers the challenge [URL-16, FAULT-28]', async () => {
    const customer = await journey.startCustomer();
    const key = await journey.newAccount('acct_moved');
    const { id } = await journey.register({ url: customer.url('/old'), events: ['*'] }, { key });

    const moved = await journey.api('PATCH', `/v1/webhooks/${id}`, { url: customer.url('/new') }, { key });
    expect(moved.body).toMatchObject({
      status: 'active',
      url: customer.url('/old'),
      pending_url: customer.url('/new'),
    });
    await until('the new url', async () => {
      const { body } = await journey.api('GET', `/v1/webhooks/${id}`, undefined, { key });
      return body.url === customer.url('/new') || undefined;
    });
    await journey.publish('file.uploaded', { account_id: 'acct_moved', data: {} });

    await customer.received(1);
    await journey.untilIdle();
    expect(customer.requests.map(({ path }) => path)).toEqual(['/new']);
  });
});

describe('a developer who listens', () => {
  /** The headers whose values differ for each delivery. */
  const OWN = ['x-webhook-delivery', 'x-webhook-timestamp', 'webhook-timestamp'];
  const SIGNED = ['x-webhook-signature', 'webhook-signature'];
  const without = (names: readonly string[], { headers }: Request) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));

  it('receives the request that a webhook receives, signed with the secret of the listener, on a URL that is not public [API-42]', async () => {
    const customer = await journey.startCustomer();
    const account = 'acct_listens';
    const key = await journey.newAccount(account);
    await journey.register({ url: customer.url('/webhook'), events: ['file.*'] }, { key });
    const ended = new AbortController();
    const shown: ListenEvent[] = [];
    const forward = createForward(customer.url('/local?x=1'), ended.signal);
    const api = createApi(journey.cloud.apiUrl, async () => key);
    const show = (event: ListenEvent) => shown.push(event);
    const secret = `whsec_${Buffer.from('the secret of a developer').toString('base64')}`;
    const listening = listen(
      { api, forward, clock: systemClock, show, signal: ended.signal },
      { events: ['file.*'], secret },
    );
    await until('the listener', () => shown[0]);

    await journey.publish('file.uploaded', { account_id: account, data: { name: 'Grüße 🎉' } });

    const [sent] = await customer.received(1, ({ path }) => path === '/webhook');
    const [local] = await customer.received(1, ({ path }) => path.startsWith('/local'));
    await until('the answer to be shown', () => shown.find(({ kind }) => kind === 'forwarded'));
    ended.abort();
    await listening;
    if (sent === undefined || local === undefined) throw new Error('no request was received');
    expect(local.path).toBe('/local?x=1');
    expect(local.body.toString()).toBe(sent.body.toString());
    expect(Object.keys(local.headers).sort()).toEqual(Object.keys(sent.headers).sort());
    expect(without([...OWN, ...SIGNED], local)).toEqual(without([...OWN, ...SIGNED], sent));
    expect(local.headers['x-webhook-signature']).toBe(hmacOf(secret, local));
    expect(() => new StandardWebhook(secret).verify(local.body, standardHeaders(local))).not.toThrow();
    expect(shown).toMatchObject([{ kind: 'listening' }, { kind: 'forwarded', result: { status: 200 } }]);
    const { listener } = shown[0] as Extract<ListenEvent, { kind: 'listening' }>;
    const after = await journey.api('GET', `/v1/listeners/${listener.id}/deliveries`, undefined, { key });
    expect(after.status).toBe(404);
  });
});
