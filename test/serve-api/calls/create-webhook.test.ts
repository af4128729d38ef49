import { createHmac } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MAX_SYSTEM_EVENT_WEBHOOKS, MAX_WEBHOOKS } from '../../../lambdas/serve-api/limits.ts';
import { newWebhookId } from '../../../lambdas/shared/domain/ids.ts';
import { rateLimitKey } from '../../../lambdas/shared/store/keys.ts';
import { NOW, webhook } from '../../support/builders.ts';
import { trackResources } from '../../support/open-resources.ts';
import { API_HOST } from '../support/gateway-event.ts';
import type { Answer } from '../support/open-api-contract.ts';
import { type Api, startApi } from '../support/start-api.ts';

const VALID = { url: 'https://customer.example/hook', events: ['ppt.generation.completed', 'file.*'] };

const open = trackResources();
afterEach(open.closeAll);

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('POST /v1/webhooks', () => {
  it('answers 201 with a pending webhook, its path and a generated secret', async () => {
    const caller = await api.newCaller();

    const answer = await caller.call('POST', '/v1/webhooks', { json: { ...VALID, description: 'mine' } });

    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^wh_/),
      url: 'https://customer.example/hook',
      pending_url: null,
      events: ['ppt.generation.completed', 'file.*'],
      description: 'mine',
      status: 'pending',
      verified: false,
      verification_error: null,
      success_status: null,
      headers: {},
      slow_since: null,
      exhausted_in_row: 0,
      failing_since: null,
      previous_secret_expires_at: null,
      warned_at: null,
      disabled_by: null,
      disabled_reason: null,
      disabled_at: null,
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
      created_at: '2026-01-15T10:30:00.000Z',
      updated_at: '2026-01-15T10:30:00.000Z',
    });
    expect(answer.headers.location).toBe(`/v1/webhooks/${Object(answer.body).id}`);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('sends the challenge of the webhook, signed with its secret', async () => {
    const caller = await api.newCaller();
    const secret = 'a secret that the caller chose';

    const answer = await caller.call('POST', '/v1/webhooks', { json: { ...VALID, secret } });

    const [queued] = caller.queued();
    const message = queued?.message;
    const body = message?.body ?? '';
    const stored = await api.webhooks.get(caller.account, Object(answer.body).id);
    expect(JSON.parse(body)).toEqual({
      type: 'webhook.verification',
      data: { challenge: expect.stringMatching(/^[\w-]{32}$/) },
    });
    expect(queued?.queueUrl).toBe('first');
    expect(message).toMatchObject({
      kind: 'verification',
      eventType: 'webhook.verification',
      url: VALID.url,
      attempt: 1,
      maxAttempts: 4,
      eventId: stored?.verification?.id,
      webhookId: stored?.id,
    });
    const timestamp = Math.floor((message?.signed.signedAt ?? 0) / 1000);
    expect(timestamp).toBe(api.clock.time / 1000);
    expect(message?.signed.hex).toBe(
      createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex'),
    );
  });

  it('returns the secret once and stores it encrypted [API-4]', async () => {
    const caller = await api.newCaller();
    const secret = 'correct-horse-battery-staple';

    const created = await caller.call('POST', '/v1/webhooks', { json: { ...VALID, secret } });

    const path = `/v1/webhooks/${Object(created.body).id}`;
    const later = [
      await caller.call('GET', path),
      await caller.call('GET', '/v1/webhooks'),
      await caller.call('PATCH', path, { json: { description: 'x' } }),
      await caller.call('POST', `${path}/verify`),
    ];
    const stored = await api.webhooks.get(caller.account, Object(created.body).id);
    const visible = JSON.stringify([later, stored, caller.queued(), api.logLines]);
    const forms = [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')];
    expect(Object(created.body).secret).toBe(secret);
    expect(forms.filter((form) => visible.includes(form))).toEqual([]);
  });

  it('stores the normal form of the URL and each event once', async () => {
    const caller = await api.newCaller();

    const answer = await caller.call('POST', '/v1/webhooks', {
      json: { url: 'HTTPS://Customer.Example:443/a/../hook', events: ['file.*', '*', 'file.*'] },
    });

    expect(answer.body).toMatchObject({ url: 'https://customer.example/hook', events: ['file.*', '*'] });
  });

  it.each([
    ['secret', /^whsec_/],
    ['description', /./],
  ])('treats null as %s like a field that is left out', async (field, secret) => {
    const caller = await api.newCaller();

    const answer = await caller.call('POST', '/v1/webhooks', { json: { ...VALID, [field]: null } });

    expect(answer.status).toBe(201);
    expect(Object(answer.body).description).toBeNull();
    expect(Object(answer.body).secret).toMatch(secret);
  });

  it.each(['url', 'events'])('refuses null as %s, which is required', async (field) => {
    const caller = await api.newCaller();

    const answer = await caller.call('POST', '/v1/webhooks', { json: { ...VALID, [field]: null } });

    expect(Object(answer.body).errors).toEqual([
      { path: field, message: expect.stringMatching(/^must be an? \w+, not null$/) },
    ]);
  });

  it('lists all errors in one answer', async () => {
    const caller = await api.newCaller();

    const answer = await caller.call('POST', '/v1/webhooks', {
      json: {
        url: 'http://127.0.0.1/',
        events: ['file.*', 'no.such'],
        secret: 'short',
        description: 7,
        extra: 1,
      },
    });

    const paths = Object(answer.body).errors.map(({ path }: { path: string }) => path);
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(new Set(paths)).toEqual(new Set(['url', 'events[1]', 'secret', 'description', 'extra']));
    expect(caller.queued()).toEqual([]);
    expect(await api.webhooks.count(caller.account)).toBe(0);
  });

  it.each([
    ['a missing url', { events: ['*'] }, 'url'],
    ['missing events', { url: VALID.url }, 'events'],
    ['no events', { ...VALID, events: [] }, 'events'],
    ['events that are not a list', { ...VALID, events: '*' }, 'events'],
    ['too many events', { ...VALID, events: Array(101).fill('*') }, 'events'],
    ['an event type that is not text', { ...VALID, events: [7] }, 'events[0]'],
    ['the verification type', { ...VALID, events: ['webhook.verification'] }, 'events[0]'],
    ['a private address', { ...VALID, url: 'https://10.0.0.1/' }, 'url'],
    ['a metadata address', { ...VALID, url: 'https://169.254.169.254/latest' }, 'url'],
    ['a local name', { ...VALID, url: 'https://localhost./' }, 'url'],
    ['user info', { ...VALID, url: 'https://u:p@customer.example/' }, 'url'],
    ['another port', { ...VALID, url: 'https://customer.example:22/' }, 'url'],
    ['the API itself', { ...VALID, url: `https://${API_HOST}/v1/webhooks` }, 'url'],
    ['a zero width space in the URL', { ...VALID, url: 'https://customer.example/\u200b' }, 'url'],
    ['a semicolon in the host', { ...VALID, url: 'https://customer.example;x/' }, 'url'],
    ['invalid Punycode', { ...VALID, url: 'https://xn--zzzzzz.example/' }, 'url'],
    ['a tab in the URL', { ...VALID, url: 'https://customer.example/\t' }, 'url'],
    ['a URL of 2,049 characters', { ...VALID, url: `https://customer.example/${'a'.repeat(2024)}` }, 'url'],
    ['a secret of 15 characters', { ...VALID, secret: 'a'.repeat(15) }, 'secret'],
    ['a secret that is not base64 after whsec_', { ...VALID, secret: 'whsec_not base64 at all' }, 'secret'],
    ['a secret outside ASCII', { ...VALID, secret: 'schlüssel-schlüssel' }, 'secret'],
    ['a description of 257 characters', { ...VALID, description: 'a'.repeat(257) }, 'description'],
    ['a line break in the description', { ...VALID, description: 'a\nb' }, 'description'],
    ['a lone surrogate in the description', { ...VALID, description: '\ud800' }, 'description'],
    ['a status', { ...VALID, status: 'active' }, 'status'],
    ['another account', { ...VALID, account_id: 'acct_2' }, 'account_id'],
  ])('refuses %s [URL-1, API-18]', async (_name, json, path) => {
    const caller = await api.newCaller();

    const answer = await caller.call('POST', '/v1/webhooks', { json });

    expect(answer.status).toBe(400);
    expect(Object(answer.body).errors).toEqual([{ path, message: expect.any(String) }]);
  });

  it('refuses the host name of the API, also when the API has two [URL-9]', async () => {
    const caller = await api.newCaller();

    const answers = [API_HOST, 'hooks.operator.example', API_HOST].map((host) =>
      caller.call('POST', '/v1/webhooks', { host, json: { ...VALID, url: `https://${host}/v1/webhooks` } }),
    );

    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([400, 400, 400]);
  });

  it('refuses every host name that the deployment knows, in a request by any of them [URL-9]', async () => {
    const named = open.add(await startApi({ apiHosts: ['hooks.operator.example', 'd1.cdn.example'] }));
    const caller = await named.newCaller();

    const answers = ['hooks.operator.example', 'd1.cdn.example', API_HOST].map((host) =>
      caller.call('POST', '/v1/webhooks', { json: { ...VALID, url: `https://${host}/v1/webhooks` } }),
    );

    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([400, 400, 400]);
  });

  it('never returns or logs a refused secret [API-4]', async () => {
    const caller = await api.newCaller();

    const answer = await caller.call('POST', '/v1/webhooks', { json: { ...VALID, secret: 'not-long' } });

    expect(answer.status).toBe(400);
    expect(answer.text + api.logLines.join()).not.toContain('not-long');
  });

  it('refuses a webhook above the account’s limit [URL-13]', async () => {
    const caller = await api.newCaller();
    const existing = Array.from({ length: MAX_WEBHOOKS }, () =>
      webhook({ id: newWebhookId(NOW), accountId: caller.account }),
    );
    await api.addWebhooks(existing.slice(1));

    const last = await caller.call('POST', '/v1/webhooks', { json: VALID });
    const oneMore = await caller.call('POST', '/v1/webhooks', { json: VALID });

    expect(last.status).toBe(201);
    expect(oneMore).toMatchObject({
      status: 400,
      body: { type: 'urn:webhook-fanout:problem:webhook-limit-reached' },
    });
  });

  it('enforces the limit when another webhook is created at the same moment [URL-13]', async () => {
    const caller = await api.newCaller();
    const create = () => caller.call('POST', '/v1/webhooks', { json: VALID });
    const existing = Array.from({ length: MAX_WEBHOOKS - 1 }, () =>
      webhook({ id: newWebhookId(NOW), accountId: caller.account }),
    );
    // Creates the data key.
    await (await api.newCaller()).call('POST', '/v1/webhooks', { json: VALID });
    await api.addWebhooks(existing);
    let other: Answer | undefined;
    // Just before the webhook is stored.
    api.faults.before = {
      command: 'PutItemCommand',
      run: async () => {
        other = await create();
      },
    };

    const answer = await create();

    expect([answer.status, other?.status]).toEqual([400, 201]);
    expect(await api.webhooks.count(caller.account)).toBe(MAX_WEBHOOKS);
    expect(caller.queued()).toHaveLength(1);
  });

  it('lets only five webhooks of an account subscribe to system events [API-9]', async () => {
    const caller = await api.newCaller();
    const create = (events: string[]) => caller.call('POST', '/v1/webhooks', { json: { ...VALID, events } });

    const subscribed = [];
    for (let n = 0; n < MAX_SYSTEM_EVENT_WEBHOOKS; n++) subscribed.push(await create(['*', 'webhook.*']));
    const [oneMore, another] = [await create(['webhook.exhausted']), await create(['*'])];

    expect(subscribed.map(({ status }) => status)).toEqual(Array(MAX_SYSTEM_EVENT_WEBHOOKS).fill(201));
    expect(oneMore).toMatchObject({
      status: 400,
      body: { type: 'urn:webhook-fanout:problem:webhook-limit-reached' },
    });
    expect(another.status).toBe(201);
  });

  it('creates one webhook although the SDK repeated the write, which then conflicted', async () => {
    const caller = await api.newCaller();
    api.faults.repeat = true;

    const answer = await caller.call('POST', '/v1/webhooks', { json: VALID });

    expect(answer.status).toBe(201);
    expect(await api.webhooks.count(caller.account)).toBe(1);
    expect(caller.queued()).toHaveLength(1);
  });

  it('allows private endpoints only when the operator allows them', async () => {
    const permissive = await startApi({ allowPrivateEndpoints: true });
    const [strictCaller, permissiveCaller] = [await api.newCaller(), await permissive.newCaller()];
    const json = { ...VALID, url: 'http://127.0.0.1:3000/hook' };

    const strict = await strictCaller.call('POST', '/v1/webhooks', { json });
    const relaxed = await permissiveCaller.call('POST', '/v1/webhooks', { json });

    expect([strict.status, relaxed.status]).toEqual([400, 201]);
    await permissive.close();
  });

  it('is limited per account, and deleted webhooks count [API-8]', async () => {
    const caller = await api.newCaller();
    const windowStart = Math.floor(NOW / 3_600_000) * 3_600;
    await api.dynamodb.send(
      new PutItemCommand({
        TableName: api.webhooksTable,
        Item: marshall({ ...rateLimitKey(caller.account, 'create'), window_start: windowStart, used: 1_999 }),
      }),
    );

    const last = await caller.call('POST', '/v1/webhooks', { json: VALID });
    await caller.call('DELETE', String(last.headers.location));
    const oneMore = await caller.call('POST', '/v1/webhooks', { json: VALID });

    expect([last.status, oneMore.status]).toEqual([201, 429]);
    expect(oneMore.headers['retry-after']).toBe('1800');
  });

  it('removes the webhook when the challenge cannot be enqueued', async () => {
    const caller = await api.newCaller();
    api.faults.sqs = true;

    const answer = await caller.call('POST', '/v1/webhooks', { json: VALID }).finally(() => {
      api.faults.sqs = false;
    });

    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect(await api.webhooks.count(caller.account)).toBe(0);
  });

  it('answers 503 and stores nothing when KMS is down before the first data key', async () => {
    const fresh = await startApi();
    const caller = await fresh.newCaller();
    fresh.faults.kms = true;

    const answer = await caller.call('POST', '/v1/webhooks', { json: VALID });

    expect(answer.status).toBe(503);
    expect(await fresh.webhooks.count(caller.account)).toBe(0);
    await fresh.close();
  });
});

describe('POST /v1/webhooks with dry_run', () => {
  it('answers the normal form of the URL and the types that each pattern matches', async () => {
    const caller = await api.newCaller();
    const events = ['file.*', 'webhook.exhausted', '*', 'file.*'];
    const json = { url: 'HTTPS://Customer.Example:443/hook', events, dry_run: true };

    const answer = await caller.call('POST', '/v1/webhooks', { json });

    const types = Object((await caller.call('GET', '/v1/event-types')).body).data;
    const catalogue: string[] = types
      .map(({ name }: { name: string }) => name)
      .filter((name: string) => !name.startsWith('webhook.'));
    expect(answer).toMatchObject({
      status: 200,
      body: {
        url: 'https://customer.example/hook',
        events: [
          { pattern: 'file.*', event_types: catalogue.filter((name) => name.startsWith('file.')) },
          { pattern: 'webhook.exhausted', event_types: ['webhook.exhausted'] },
          { pattern: '*', event_types: catalogue },
        ],
      },
    });
    expect(catalogue).toContain('file.uploaded');
  });

  it('refuses what a creation refuses, with the same errors', async () => {
    const caller = await api.newCaller();
    const json = {
      url: 'http://10.0.0.1/hook',
      events: ['no.such.type'],
      secret: 'x',
      headers: { Host: 'a' },
    };

    const [dryRun, creation] = await Promise.all(
      [{ ...json, dry_run: true }, json].map((one) => caller.call('POST', '/v1/webhooks', { json: one })),
    );

    expect(dryRun?.status).toBe(400);
    expect(Object(dryRun?.body).errors).toEqual(Object(creation?.body).errors);
  });

  it('creates, sends and counts nothing [API-51]', async () => {
    const caller = await api.newCaller();

    const answer = await caller.call('POST', '/v1/webhooks', { json: { ...VALID, dry_run: true } });

    expect(answer.headers).not.toHaveProperty('ratelimit');
    expect(caller.queued()).toEqual([]);
    expect(Object((await caller.call('GET', '/v1/webhooks')).body).data).toEqual([]);
  });
});
