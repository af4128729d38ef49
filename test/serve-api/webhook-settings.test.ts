import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HEADER_VALUE_MASK } from '../../lambdas/shared/domain/custom-headers.ts';
import type { DeliveryMessage } from '../../lambdas/shared/domain/delivery.ts';
import { openHeaders } from '../../lambdas/shared/secrets/custom-headers.ts';
import { createKeyring } from '../../lambdas/shared/secrets/key-ring.ts';
import { type Api, startApi } from './support/start-api.ts';
import { answerChallenge, CURRENT_URL, givenWebhook, storedWebhook } from './support/webhook-states.ts';

const VALID = { url: CURRENT_URL, events: ['*'] };
const VALUE = 'Bearer token-K2x9QwZ7';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

/** The headers of a message, opened as the sender opens them. */
async function headersIn(message: DeliveryMessage | undefined) {
  if (message === undefined) throw new Error('no message was sent');
  const keyring = createKeyring({ dynamodb: api.dynamodb, kms: api.kms, tableName: api.webhooksTable });
  const opened = await openHeaders(message.customHeaders, message, keyring.open);
  if (!opened.ok) throw new Error(opened.reason);
  return Object.fromEntries(opened.headers);
}

async function create(more: object) {
  const caller = await api.newCaller();
  const answer = await caller.call('POST', '/v1/webhooks', { json: { ...VALID, ...more } });
  const { id } = Object(answer.body);
  const path = `/v1/webhooks/${id}`;
  return { caller, answer, id, path, stored: () => storedWebhook(api, caller, id) };
}

describe('the custom headers of a webhook', () => {
  it('are stored sealed, are sent with its challenge and its test events, and their values are never shown [API-31]', async () => {
    const { caller, answer, id, path, stored } = await create({
      headers: { Authorization: VALUE, 'X-K': '1' },
    });

    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      headers: { Authorization: HEADER_VALUE_MASK, 'X-K': HEADER_VALUE_MASK },
    });
    expect(await headersIn(caller.queued().at(-1)?.message)).toEqual({ Authorization: VALUE, 'X-K': '1' });
    await answerChallenge(api, caller, id);
    await caller.call('POST', '/v1/webhooks/test', {
      json: { webhook_id: id, event_type: 'file.uploaded' },
    });
    expect(await headersIn(caller.queued().at(-1)?.message)).toEqual({ Authorization: VALUE, 'X-K': '1' });
    const texts = [
      answer.text,
      (await caller.call('GET', path)).text,
      (await caller.call('GET', '/v1/webhooks')).text,
      JSON.stringify(await stored()),
      JSON.stringify(caller.queued()),
      ...api.logLines,
    ];
    for (const text of texts) expect(text).not.toContain(VALUE.slice(-8));
  });

  it('are none by default, and an empty object is none, too', async () => {
    for (const more of [{}, { headers: null }, { headers: {} }]) {
      const { answer, stored } = await create(more);

      expect(answer.body).toMatchObject({ headers: {} });
      expect(await stored()).not.toHaveProperty('customHeaders');
    }
  });

  it('are replaced as a whole by PATCH, and are sent with the challenge of a new URL', async () => {
    const { caller, id, path } = await create({ headers: { Authorization: VALUE, 'X-K': '1' } });
    await answerChallenge(api, caller, id);

    const answer = await caller.call('PATCH', path, {
      json: { headers: { 'x-other': '2' }, url: 'https://customer.example/new' },
    });

    expect(answer.body).toMatchObject({ headers: { 'x-other': HEADER_VALUE_MASK } });
    expect(await headersIn(caller.queued().at(-1)?.message)).toEqual({ 'x-other': '2' });
  });

  it.each([[null], [{}]])('are removed by %j', async (headers) => {
    const { caller, path, stored } = await create({ headers: { Authorization: VALUE } });

    const answer = await caller.call('PATCH', path, { json: { headers } });

    expect(answer.body).toMatchObject({ headers: {} });
    expect(await stored()).not.toHaveProperty('customHeaders');
  });

  it('stay as they are when another field changes, and when they are left out', async () => {
    const { caller, path, stored } = await create({ headers: { Authorization: VALUE } });
    const before = await stored();

    await caller.call('PATCH', path, { json: { description: 'x' } });

    expect((await stored()).customHeaders).toEqual(before.customHeaders);
  });

  it('are restored when the challenge of the same change cannot be sent', async () => {
    const { caller, id, path, stored } = await create({ headers: { Authorization: VALUE } });
    await answerChallenge(api, caller, id);
    const before = await stored();
    api.faults.sqs = true;

    const answer = await caller.call('PATCH', path, {
      json: { headers: null, success_status: '2xx', url: 'https://customer.example/new' },
    });
    api.faults.sqs = false;

    expect(answer.status).toBe(503);
    expect(await stored()).toEqual({ ...before, updatedAt: expect.any(String) });
  });

  it.each([
    ['a name that is no token', { 'X Y': 'topsecretvalue' }, 'headers.X Y'],
    ['a reserved name', { 'Webhook-Signature': 'topsecretvalue' }, 'headers.Webhook-Signature'],
    ['a name given twice', { 'X-K': 'topsecretvalue', 'x-k': 'topsecretvalue' }, 'headers.x-k'],
    ['the name __proto__', JSON.parse('{"__proto__":"topsecretvalue"}'), 'headers.__proto__'],
    ['a line end in a value', { 'X-K': 'topsecretvalue\r\nHost: x' }, 'headers.X-K'],
    ['a value that is no text', { 'X-K': { topsecretvalue: 1 } }, 'headers.X-K'],
    ['null as a value', { 'X-K': null }, 'headers.X-K'],
    ['the mask of a response', { 'X-K': HEADER_VALUE_MASK }, 'headers.X-K'],
    ['a list', ['topsecretvalue'], 'headers'],
    ['text', 'topsecretvalue', 'headers'],
    ['eleven', Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`X-${n}`, 'v'])), 'headers'],
  ])('refuse %s, without quoting a value [API-32]', async (_, headers, path) => {
    const caller = await api.newCaller();
    const { id } = Object((await caller.call('POST', '/v1/webhooks', { json: VALID })).body);

    for (const [method, target] of [
      ['POST', '/v1/webhooks'],
      ['PATCH', `/v1/webhooks/${id}`],
    ] as const) {
      const json = method === 'POST' ? { ...VALID, headers } : { headers };
      const answer = await caller.call(method, target, { json });

      expect(answer.status).toBe(400);
      expect(Object(answer.body).errors).toMatchObject([{ path }]);
      expect(answer.text).not.toContain('topsecretvalue');
    }
  });

  it('refuse all that is wrong in one answer', async () => {
    const { answer } = await create({ headers: { Host: 'x', 'X-K': '' } });

    expect(Object(answer.body).errors).toMatchObject([{ path: 'headers.Host' }, { path: 'headers.X-K' }]);
  });
});

describe('the rule of success of a webhook', () => {
  it.each(['200', '2xx'] as const)('%s is shown, and contained in its messages', async (rule) => {
    const { caller, answer, stored } = await create({ success_status: rule });

    expect(answer.body).toMatchObject({ success_status: rule });
    expect((await stored()).successStatus).toBe(rule);
    expect(caller.queued().at(-1)?.message.success).toBe(rule);
  });

  it("is the service's by default, shown as null", async () => {
    const { caller, answer } = await create({});

    expect(answer.body).toMatchObject({ success_status: null });
    expect(caller.queued().at(-1)?.message).not.toHaveProperty('success');
  });

  it('changes by PATCH, and null resets it', async () => {
    const { caller, id, patch } = await givenWebhook(api, 'active');

    expect((await patch({ success_status: '2xx' })).body).toMatchObject({ success_status: '2xx' });
    expect((await patch({ description: 'x' })).body).toMatchObject({ success_status: '2xx' });
    expect((await patch({ success_status: null })).body).toMatchObject({ success_status: null });
    expect(await storedWebhook(api, caller, id)).not.toHaveProperty('successStatus');
  });

  it.each(['201', 200, '3xx', '', true])('refuses %j', async (rule) => {
    const { answer } = await create({ success_status: rule });

    expect(answer.status).toBe(400);
    expect(Object(answer.body).errors).toMatchObject([{ path: 'success_status' }]);
  });
});
