import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MAX_SYSTEM_EVENT_WEBHOOKS, MAX_WEBHOOKS } from '../../lambdas/serve-api/limits.ts';
import { subscribesToSystemEvents } from '../../lambdas/serve-api/webhooks/account-limits.ts';
import { newWebhookId, type WebhookId } from '../../lambdas/shared/domain/ids.ts';
import type { Webhook } from '../../lambdas/shared/domain/webhook.ts';
import { NOW, webhook } from '../support/builders.ts';
import { noFaults } from './support/faulty-services.ts';
import type { Answer } from './support/open-api-contract.ts';
import { type Api, type Caller, startApi } from './support/start-api.ts';

const URL_IN_USE = 'https://customer.example/hook';
const SYSTEM_EVENTS = ['webhook.*'];

let api: Api;
beforeAll(async () => {
  api = await startApi();
  // Creates the data key, which later calls only read.
  const caller = await api.newCaller();
  await caller.call('POST', '/v1/webhooks', { json: { url: URL_IN_USE, events: ['*'] } });
});
afterEach(() => {
  Object.assign(api.faults, noFaults());
});
afterAll(() => api.close());

/** An account with `subscribed` webhooks that subscribe to system events, and `others` that do not. */
async function givenAccount({ subscribed, others }: { subscribed: number; others: number }) {
  const caller = await api.newCaller();
  const make = (events: readonly string[]) => (_: unknown, index: number) =>
    webhook({ id: newWebhookId(NOW + index), accountId: caller.account, url: URL_IN_USE, events });
  const systemEventWebhooks = Array.from({ length: subscribed }, make(SYSTEM_EVENTS));
  const otherWebhooks = Array.from({ length: others }, make(['file.*']));
  await api.addWebhooks([...systemEventWebhooks, ...otherWebhooks]);
  return {
    caller,
    systemEventIds: systemEventWebhooks.map(({ id }) => id),
    otherIds: otherWebhooks.map(({ id }) => id),
  };
}

/** An active webhook whose secret can be decrypted. */
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

async function systemEventWebhooksOf(caller: Caller): Promise<Webhook[]> {
  const { webhooks } = await api.webhooks.list(caller.account);
  return webhooks.filter(({ events }) => subscribesToSystemEvents(events));
}

const isRefused = ({ status, body }: Answer) =>
  status === 400 && Object(body).type === 'urn:webhook-fanout:problem:webhook-limit-reached';
const isAccepted = ({ status }: Answer) => status === 200 || status === 201;

describe('requests at the same time', () => {
  it.each([0, 3, 4, 5])(
    'never exceed the limit of webhooks that subscribe to system events: 8 creates and %d existing ones [API-9]',
    async (subscribed) => {
      const { caller } = await givenAccount({ subscribed, others: 2 });

      const answers = await Promise.all(Array.from({ length: 8 }, () => create(caller, SYSTEM_EVENTS)));

      const accepted = answers.filter(isAccepted).length;
      expect(accepted + answers.filter(isRefused).length).toBe(8);
      expect(subscribed + accepted).toBeLessThanOrEqual(MAX_SYSTEM_EVENT_WEBHOOKS);
      expect(await systemEventWebhooksOf(caller)).toHaveLength(subscribed + accepted);
      expect(await api.webhooks.count(caller.account)).toBe(2 + subscribed + accepted);
      expect(caller.queued()).toHaveLength(accepted);
    },
  );

  it.each([0, 3, 4, 5])(
    'never exceed the limit of webhooks that subscribe to system events: 8 PATCHes and %d existing ones [API-9]',
    async (subscribed) => {
      const { caller, otherIds } = await givenAccount({ subscribed, others: 8 });

      const answers = await Promise.all(otherIds.map((id) => patch(caller, id, { events: SYSTEM_EVENTS })));

      const accepted = answers.filter(isAccepted).length;
      expect(accepted + answers.filter(isRefused).length).toBe(8);
      expect(subscribed + accepted).toBeLessThanOrEqual(MAX_SYSTEM_EVENT_WEBHOOKS);
      expect(await systemEventWebhooksOf(caller)).toHaveLength(subscribed + accepted);
      const events = (await api.webhooks.list(caller.account)).webhooks.map((one) => one.events.join());
      expect(events.filter((text) => text === 'file.*')).toHaveLength(8 - accepted);
    },
  );

  it('never exceed the limit of webhooks that subscribe to system events: creates and PATCHes while some unsubscribe', async () => {
    const { caller, systemEventIds, otherIds } = await givenAccount({ subscribed: 5, others: 4 });

    const answers = await Promise.all([
      ...otherIds.map((id) => patch(caller, id, { events: SYSTEM_EVENTS })),
      ...systemEventIds.slice(0, 2).map((id) => patch(caller, id, { events: ['*'] })),
      ...systemEventIds.slice(2, 3).map((id) => caller.call('DELETE', `/v1/webhooks/${id}`)),
      ...otherIds.map(() => create(caller, SYSTEM_EVENTS)),
    ]);

    expect(answers.every((one) => isAccepted(one) || isRefused(one) || one.status === 204)).toBe(true);
    expect((await systemEventWebhooksOf(caller)).length).toBeLessThanOrEqual(MAX_SYSTEM_EVENT_WEBHOOKS);
  });

  it('never exceed the limit of webhooks [URL-13]', async () => {
    const caller = await api.newCaller();
    const existing = Array.from({ length: MAX_WEBHOOKS - 3 }, (_, index) =>
      webhook({ id: newWebhookId(NOW + index), accountId: caller.account }),
    );
    await api.addWebhooks(existing);

    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => create(caller, index % 2 === 0 ? ['*'] : SYSTEM_EVENTS)),
    );

    const accepted = answers.filter(isAccepted).length;
    expect(accepted + answers.filter(isRefused).length).toBe(8);
    expect(await api.webhooks.count(caller.account)).toBe(MAX_WEBHOOKS - 3 + accepted);
    expect(accepted).toBeLessThanOrEqual(3);
  });
});

describe('a PATCH that exceeds the limit of webhooks that subscribe to system events', () => {
  it('is refused and changes nothing, also when another call reaches the limit between its check and its write [API-9]', async () => {
    const { caller } = await givenAccount({ subscribed: 4, others: 0 });
    const before = await createActive(caller, ['file.*']);
    let other: Answer | undefined;
    api.faults.before = {
      command: 'UpdateItemCommand',
      run: async () => {
        other = await create(caller, SYSTEM_EVENTS);
      },
    };

    const answer = await patch(caller, before.id, {
      events: SYSTEM_EVENTS,
      description: 'new',
      status: 'disabled',
      url: 'https://customer.example/new',
    });

    expect(other?.status).toBe(201);
    expect(isRefused(answer)).toBe(true);
    const after = await api.webhooks.get(caller.account, before.id);
    expect(after).toEqual({ ...before, updatedAt: expect.any(String) });
    expect(await systemEventWebhooksOf(caller)).toHaveLength(MAX_SYSTEM_EVENT_WEBHOOKS);
    const challenged = caller.queued().map(({ message }) => message.webhookId);
    expect(challenged).toEqual([before.id, Object(other?.body).id]);
  });

  it('does not undo the changes that other calls made in the meantime', async () => {
    const { caller, otherIds } = await givenAccount({ subscribed: 4, others: 1 });
    const [id] = otherIds;
    api.faults.before = {
      command: 'UpdateItemCommand',
      run: async () => {
        await create(caller, SYSTEM_EVENTS);
        // Between the write and the count.
        api.faults.before = {
          command: 'QueryCommand',
          run: () => patch(caller, id, { description: 'of the other call' }),
        };
      },
    };

    const answer = await patch(caller, id, {
      events: SYSTEM_EVENTS,
      description: 'of this call',
      status: 'disabled',
    });

    expect(isRefused(answer)).toBe(true);
    expect(await api.webhooks.get(caller.account, id ?? newWebhookId(NOW))).toMatchObject({
      events: ['file.*'],
      description: 'of the other call',
      status: 'active',
    });
    expect(await systemEventWebhooksOf(caller)).toHaveLength(MAX_SYSTEM_EVENT_WEBHOOKS);
  });

  it('is refused although the SDK repeated its write, which then conflicted', async () => {
    const { caller, otherIds } = await givenAccount({ subscribed: 4, others: 1 });
    api.faults.before = {
      command: 'UpdateItemCommand',
      run: () => create(caller, SYSTEM_EVENTS),
    };
    api.faults.repeat = true;

    const answer = await patch(caller, otherIds[0], { events: SYSTEM_EVENTS });

    expect(isRefused(answer)).toBe(true);
    expect(await systemEventWebhooksOf(caller)).toHaveLength(MAX_SYSTEM_EVENT_WEBHOOKS);
    const after = await api.webhooks.get(caller.account, otherIds[0] ?? newWebhookId(NOW));
    expect(after?.events).toEqual(['file.*']);
  });
});

describe('a count that fails after the write', () => {
  it.each([['*'], SYSTEM_EVENTS])('removes the new webhook: %s', async (...events) => {
    const { caller } = await givenAccount({ subscribed: 4, others: 0 });
    api.faults.dynamodb = (command) => command === 'QueryCommand';

    const answer = await create(caller, events);

    expect(answer.status).toBe(503);
    api.faults.dynamodb = () => false;
    expect(await api.webhooks.count(caller.account)).toBe(4);
    expect(caller.queued()).toEqual([]);
  });

  it('undoes a PATCH [API-9]', async () => {
    const { caller, otherIds } = await givenAccount({ subscribed: 4, others: 1 });
    api.faults.before = {
      command: 'UpdateItemCommand',
      run: async () => {
        api.faults.dynamodb = (command) => command === 'QueryCommand';
      },
    };

    const answer = await patch(caller, otherIds[0], { events: SYSTEM_EVENTS, description: 'new' });

    expect(answer.status).toBe(503);
    api.faults.dynamodb = () => false;
    const after = await api.webhooks.get(caller.account, otherIds[0] ?? newWebhookId(NOW));
    expect(after).toMatchObject({ events: ['file.*'] });
    expect(after).not.toHaveProperty('description');
  });
});

describe('a webhook that subscribes to system events', () => {
  it('may change its events, also in an account that exceeds the limit', async () => {
    const { caller, systemEventIds } = await givenAccount({
      subscribed: MAX_SYSTEM_EVENT_WEBHOOKS + 1,
      others: 0,
    });

    const answer = await patch(caller, systemEventIds[0], { events: ['webhook.retry', 'file.*'] });

    expect(answer).toMatchObject({ status: 200, body: { events: ['webhook.retry', 'file.*'] } });
  });

  it('does not subscribe to system events again when its challenge cannot be sent', async () => {
    const { caller, otherIds } = await givenAccount({ subscribed: 4, others: 1 });
    const { id } = await createActive(caller, SYSTEM_EVENTS);
    api.faults.before = {
      command: 'UpdateItemCommand',
      run: async () => {
        api.faults.sqs = true;
      },
    };

    const change = { events: ['file.*'], url: 'https://customer.example/new', description: 'new' };
    const answer = await patch(caller, id, change);
    api.faults.sqs = false;
    const other = await patch(caller, otherIds[0], { events: SYSTEM_EVENTS });

    const after = await api.webhooks.get(caller.account, id);
    expect(answer).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('only "events" was changed') },
    });
    expect(after).toMatchObject({ events: ['file.*'], url: URL_IN_USE });
    expect(after).not.toHaveProperty('pendingUrl');
    expect(after).not.toHaveProperty('description');
    expect(other.status).toBe(200);
    expect(await systemEventWebhooksOf(caller)).toHaveLength(MAX_SYSTEM_EVENT_WEBHOOKS);
  });
});
