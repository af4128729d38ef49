import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listens } from '../../lambdas/serve-api/account-limits.ts';
import { MAX_LISTENING_WEBHOOKS, MAX_WEBHOOKS } from '../../lambdas/serve-api/limits.ts';
import { newWebhookId, type WebhookId } from '../../lambdas/shared/domain/ids.ts';
import type { Webhook } from '../../lambdas/shared/domain/webhook.ts';
import { NOW, webhook } from '../support/builders.ts';
import { type Answer, type Api, type Caller, startApi } from './harness.ts';

const URL_IN_USE = 'https://customer.example/hook';
const LISTENING = ['webhook.*'];

let api: Api;
beforeAll(async () => {
  api = await startApi();
  // Creates the data key, which later calls only read.
  const caller = await api.newCaller();
  await caller.call('POST', '/v1/webhooks', { json: { url: URL_IN_USE, events: ['*'] } });
});
afterEach(() => {
  api.faults.dynamodb = () => false;
  api.faults.sqs = false;
  api.faults.repeat = false;
  api.faults.before = undefined;
});
afterAll(() => api.close());

/** An account with so many webhooks that listen to system events, and so many that do not. */
async function given({ listening, others }: { listening: number; others: number }) {
  const caller = await api.newCaller();
  const make = (events: readonly string[]) => (_: unknown, index: number) =>
    webhook({ id: newWebhookId(NOW + index), accountId: caller.account, url: URL_IN_USE, events });
  const listeners = Array.from({ length: listening }, make(LISTENING));
  const plain = Array.from({ length: others }, make(['file.*']));
  await api.addWebhooks([...listeners, ...plain]);
  return { caller, listeners: listeners.map(({ id }) => id), plain: plain.map(({ id }) => id) };
}

/** An active webhook whose secret can be opened. */
async function createActive(caller: Caller, events: readonly string[]): Promise<Webhook> {
  const { body } = await create(caller, events);
  const made = await api.webhooks.update(caller.account, Object(body).id, {
    set: { status: 'active', verified: true },
    remove: ['verification'],
  });
  if (typeof made === 'string') throw new Error(made);
  return made;
}

const create = (caller: Caller, events: readonly string[]) =>
  caller.call('POST', '/v1/webhooks', { json: { url: URL_IN_USE, events } });
const patch = (caller: Caller, id: WebhookId | undefined, json: unknown) =>
  caller.call('PATCH', `/v1/webhooks/${id}`, { json });

async function listeningIn(caller: Caller): Promise<Webhook[]> {
  const { webhooks } = await api.webhooks.list(caller.account);
  return webhooks.filter(({ events }) => listens(events));
}

const isRefused = ({ status, body }: Answer) =>
  status === 400 && Object(body).type === 'urn:webhook-fanout:problem:webhook-limit-reached';
const isAccepted = ({ status }: Answer) => status === 200 || status === 201;

describe('requests at the same time', () => {
  it.each([0, 3, 4, 5])(
    'never exceed the limit of listening webhooks: 8 creates beside %d [API-9]',
    async (listening) => {
      const { caller } = await given({ listening, others: 2 });

      const answers = await Promise.all(Array.from({ length: 8 }, () => create(caller, LISTENING)));

      const accepted = answers.filter(isAccepted).length;
      expect(accepted + answers.filter(isRefused).length).toBe(8);
      expect(listening + accepted).toBeLessThanOrEqual(MAX_LISTENING_WEBHOOKS);
      expect(await listeningIn(caller)).toHaveLength(listening + accepted);
      expect(await api.webhooks.count(caller.account)).toBe(2 + listening + accepted);
      expect(caller.queued()).toHaveLength(accepted);
    },
  );

  it.each([0, 3, 4, 5])(
    'never exceed the limit of listening webhooks: 8 PATCHes beside %d [API-9]',
    async (listening) => {
      const { caller, plain } = await given({ listening, others: 8 });

      const answers = await Promise.all(plain.map((id) => patch(caller, id, { events: LISTENING })));

      const accepted = answers.filter(isAccepted).length;
      expect(accepted + answers.filter(isRefused).length).toBe(8);
      expect(listening + accepted).toBeLessThanOrEqual(MAX_LISTENING_WEBHOOKS);
      expect(await listeningIn(caller)).toHaveLength(listening + accepted);
      const events = (await api.webhooks.list(caller.account)).webhooks.map((one) => one.events.join());
      expect(events.filter((text) => text === 'file.*')).toHaveLength(8 - accepted);
    },
  );

  it('never exceed the limit of listening webhooks: creates and PATCHes, with places that become free', async () => {
    const { caller, listeners, plain } = await given({ listening: 5, others: 4 });

    const answers = await Promise.all([
      ...plain.map((id) => patch(caller, id, { events: LISTENING })),
      ...listeners.slice(0, 2).map((id) => patch(caller, id, { events: ['*'] })),
      ...listeners.slice(2, 3).map((id) => caller.call('DELETE', `/v1/webhooks/${id}`)),
      ...plain.map(() => create(caller, LISTENING)),
    ]);

    expect(answers.every((one) => isAccepted(one) || isRefused(one) || one.status === 204)).toBe(true);
    expect((await listeningIn(caller)).length).toBeLessThanOrEqual(MAX_LISTENING_WEBHOOKS);
  });

  it('never exceed the limit of webhooks [URL-13]', async () => {
    const caller = await api.newCaller();
    const existing = Array.from({ length: MAX_WEBHOOKS - 3 }, (_, index) =>
      webhook({ id: newWebhookId(NOW + index), accountId: caller.account }),
    );
    await api.addWebhooks(existing);

    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => create(caller, index % 2 === 0 ? ['*'] : LISTENING)),
    );

    const accepted = answers.filter(isAccepted).length;
    expect(accepted + answers.filter(isRefused).length).toBe(8);
    expect(await api.webhooks.count(caller.account)).toBe(MAX_WEBHOOKS - 3 + accepted);
    expect(accepted).toBeLessThanOrEqual(3);
  });
});

describe('a PATCH that loses the last place for listening webhooks', () => {
  it('is refused and changes nothing, also when the place is taken between its check and its write [API-9]', async () => {
    const { caller } = await given({ listening: 4, others: 0 });
    const before = await createActive(caller, ['file.*']);
    let other: Answer | undefined;
    api.faults.before = {
      command: 'UpdateItemCommand',
      run: async () => {
        other = await create(caller, LISTENING);
      },
    };

    const answer = await patch(caller, before.id, {
      events: LISTENING,
      description: 'new',
      status: 'disabled',
      url: 'https://customer.example/new',
    });

    expect(other?.status).toBe(201);
    expect(isRefused(answer)).toBe(true);
    const after = await api.webhooks.get(caller.account, before.id);
    expect(after).toEqual({ ...before, updatedAt: expect.any(String) });
    expect(await listeningIn(caller)).toHaveLength(MAX_LISTENING_WEBHOOKS);
    const challenged = caller.queued().map(({ message }) => message.webhookId);
    expect(challenged).toEqual([before.id, Object(other?.body).id]);
  });

  it('keeps what others changed in the meantime', async () => {
    const { caller, plain } = await given({ listening: 4, others: 1 });
    const [id] = plain;
    api.faults.before = {
      command: 'UpdateItemCommand',
      run: async () => {
        await create(caller, LISTENING);
        // Between the write and the count.
        api.faults.before = {
          command: 'QueryCommand',
          run: () => patch(caller, id, { description: 'theirs' }),
        };
      },
    };

    const answer = await patch(caller, id, { events: LISTENING, description: 'mine', status: 'disabled' });

    expect(isRefused(answer)).toBe(true);
    expect(await api.webhooks.get(caller.account, id ?? newWebhookId(NOW))).toMatchObject({
      events: ['file.*'],
      description: 'theirs',
      status: 'active',
    });
    expect(await listeningIn(caller)).toHaveLength(MAX_LISTENING_WEBHOOKS);
  });

  it('is refused although the SDK repeated its write, which then conflicted', async () => {
    const { caller, plain } = await given({ listening: 4, others: 1 });
    api.faults.before = {
      command: 'UpdateItemCommand',
      run: () => create(caller, LISTENING),
    };
    api.faults.repeat = true;

    const answer = await patch(caller, plain[0], { events: LISTENING });

    expect(isRefused(answer)).toBe(true);
    expect(await listeningIn(caller)).toHaveLength(MAX_LISTENING_WEBHOOKS);
    const after = await api.webhooks.get(caller.account, plain[0] ?? newWebhookId(NOW));
    expect(after?.events).toEqual(['file.*']);
  });
});

describe('a count that fails after the write', () => {
  it.each([['*'], LISTENING])('leaves no webhook behind: %s', async (...events) => {
    const { caller } = await given({ listening: 4, others: 0 });
    api.faults.dynamodb = (command) => command === 'QueryCommand';

    const answer = await create(caller, events);

    expect(answer.status).toBe(503);
    api.faults.dynamodb = () => false;
    expect(await api.webhooks.count(caller.account)).toBe(4);
    expect(caller.queued()).toEqual([]);
  });

  it('undoes a PATCH [API-9]', async () => {
    const { caller, plain } = await given({ listening: 4, others: 1 });
    api.faults.before = {
      command: 'UpdateItemCommand',
      run: async () => {
        api.faults.dynamodb = (command) => command === 'QueryCommand';
      },
    };

    const answer = await patch(caller, plain[0], { events: LISTENING, description: 'new' });

    expect(answer.status).toBe(503);
    api.faults.dynamodb = () => false;
    const after = await api.webhooks.get(caller.account, plain[0] ?? newWebhookId(NOW));
    expect(after).toMatchObject({ events: ['file.*'] });
    expect(after).not.toHaveProperty('description');
  });
});

describe('a listening webhook', () => {
  it('keeps its place when its events change, also in an account with too many', async () => {
    const { caller, listeners } = await given({ listening: MAX_LISTENING_WEBHOOKS + 1, others: 0 });

    const answer = await patch(caller, listeners[0], { events: ['webhook.retry', 'file.*'] });

    expect(answer).toMatchObject({ status: 200, body: { events: ['webhook.retry', 'file.*'] } });
  });

  it('does not take back a place that it gave up, when its challenge cannot be sent', async () => {
    const { caller, plain } = await given({ listening: 4, others: 1 });
    const { id } = await createActive(caller, LISTENING);
    api.faults.before = {
      command: 'UpdateItemCommand',
      run: async () => {
        api.faults.sqs = true;
      },
    };

    const change = { events: ['file.*'], url: 'https://customer.example/new', description: 'new' };
    const answer = await patch(caller, id, change);
    api.faults.sqs = false;
    const other = await patch(caller, plain[0], { events: LISTENING });

    const after = await api.webhooks.get(caller.account, id);
    expect(answer).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('only "events" was changed') },
    });
    expect(after).toMatchObject({ events: ['file.*'], url: URL_IN_USE });
    expect(after).not.toHaveProperty('pendingUrl');
    expect(after).not.toHaveProperty('description');
    expect(other.status).toBe(200);
    expect(await listeningIn(caller)).toHaveLength(MAX_LISTENING_WEBHOOKS);
  });
});
