import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_SYSTEM_EVENT_WEBHOOKS } from '../../../lambdas/serve-api/limits.ts';
import { newDeliveryId } from '../../../lambdas/shared/domain/ids.ts';
import { rateLimitKey } from '../../../lambdas/shared/store/keys.ts';
import { NOW, webhook } from '../../support/builders.ts';
import { givenDelivery } from '../support/given-deliveries.ts';
import { type Api, startApi } from '../support/start-api.ts';
import {
  answerChallenge,
  CURRENT_URL,
  failVerification,
  givenWebhook,
  storedWebhook,
} from '../support/webhook-states.ts';

const NEW_URL = 'https://customer.example/new';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('PATCH /v1/webhooks/{webhook_id}', () => {
  it('changes the given fields and no others', async () => {
    const { patch } = await givenWebhook(api, 'active');

    const answer = await patch({ events: ['file.*'], description: 'new' });

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      url: CURRENT_URL,
      events: ['file.*'],
      description: 'new',
      status: 'active',
    });
  });

  it('removes a description that is null', async () => {
    const { patch } = await givenWebhook(api, 'active');
    await patch({ description: 'old' });

    const answer = await patch({ description: null });

    expect(answer.body).toMatchObject({ description: null });
  });

  it.each([
    ['an empty object', {}],
    ['null in all fields but the description', { url: null, events: null, status: null }],
  ])('changes nothing for %s', async (_name, json) => {
    const { caller, id, patch } = await givenWebhook(api, 'active');
    await patch({ description: 'kept' });
    const before = await storedWebhook(api, caller, id);

    const answer = await patch(json);

    expect(answer.status).toBe(200);
    expect(await storedWebhook(api, caller, id)).toEqual(before);
  });

  it('treats null in a field like a field that is left out, together with other changes', async () => {
    const { patch } = await givenWebhook(api, 'active');
    await patch({ description: 'old' });

    const answer = await patch({ url: null, events: ['file.*'], description: null, status: null });

    expect(answer).toMatchObject({
      status: 200,
      body: { url: CURRENT_URL, pending_url: null, events: ['file.*'], description: null, status: 'active' },
    });
  });

  it.each([
    ['an id', { id: 'wh_1' }, 'id'],
    ['a secret', { secret: 'a'.repeat(20) }, 'secret'],
    ['pending as a status', { status: 'pending' }, 'status'],
    ['a bad URL', { url: 'https://10.0.0.1/' }, 'url'],
    ['events with null in them', { events: [null] }, 'events[0]'],
    ['a list', [], ''],
    ['null', null, ''],
  ])('refuses %s [API-18]', async (_name, json, path) => {
    const { patch } = await givenWebhook(api, 'active');

    const answer = await patch(json);

    expect(answer.status).toBe(400);
    expect(Object(answer.body).errors).toEqual([{ path, message: expect.any(String) }]);
  });

  it('makes all of several concurrent changes', async () => {
    const { caller, id, patch } = await givenWebhook(api, 'active');

    const answers = await Promise.all([
      patch({ description: 'new' }),
      patch({ events: ['file.*'] }),
      patch({ status: 'disabled' }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await storedWebhook(api, caller, id)).toMatchObject({
      description: 'new',
      events: ['file.*'],
      status: 'disabled',
    });
  });
});

describe('a change that conflicts with another one', () => {
  it('is planned again: a URL that was verified meanwhile stays in use', async () => {
    const { patch, caller, id } = await givenWebhook(api, 'pending');
    const { verification } = await storedWebhook(api, caller, id);
    if (verification === undefined) throw new Error('the webhook has no challenge');
    const at = new Date(api.clock.time + 5).toISOString();
    const activate = () => api.webhooks.activate(caller.account, id, verification.id, at);
    api.faults.before = { command: 'UpdateItemCommand', run: activate };

    const answer = await patch({ url: NEW_URL });

    expect(answer.body).toMatchObject({ url: CURRENT_URL, pending_url: NEW_URL, status: 'active' });
  });

  it('is planned again, also within one millisecond: a pending URL that was removed stays removed', async () => {
    const { patch, caller, id } = await givenWebhook(api, 'active');
    await patch({ url: NEW_URL });
    api.faults.before = { command: 'UpdateItemCommand', run: () => patch({ url: CURRENT_URL }) };

    const answer = await caller.call('POST', `/v1/webhooks/${id}/verify`);

    expect(answer.status).toBe(409);
    expect(await storedWebhook(api, caller, id)).not.toHaveProperty('pendingUrl');
  });

  it('does not recreate a deleted webhook', async () => {
    const { patch, caller, id } = await givenWebhook(api, 'active');
    const remove = () => caller.call('DELETE', `/v1/webhooks/${id}`);
    api.faults.before = { command: 'UpdateItemCommand', run: remove };

    const answer = await patch({ description: 'late' });

    expect(answer.status).toBe(404);
    expect(await api.webhooks.count(caller.account)).toBe(0);
  });
});

describe('PATCH with a status', () => {
  it('disables an active webhook and enables it again', async () => {
    const { patch } = await givenWebhook(api, 'active');

    const disabled = await patch({ status: 'disabled' });
    const enabled = await patch({ status: 'active' });

    expect(disabled.body).toMatchObject({ status: 'disabled' });
    expect(enabled.body).toMatchObject({ status: 'active' });
  });

  it.each(['active', 'disabled'] as const)('accepts %s for a webhook with that status', async (status) => {
    const { patch } = await givenWebhook(api, status);

    const answer = await patch({ status });

    expect(answer).toMatchObject({ status: 200, body: { status } });
  });

  it.each([
    ['pending', 'active'],
    ['pending', 'disabled'],
    ['verification_failed', 'active'],
    ['verification_failed', 'disabled'],
  ] as const)('refuses to turn %s into %s, and changes nothing else either', async (from, to) => {
    const { patch, caller, id } = await givenWebhook(api, from);
    const before = await storedWebhook(api, caller, id);

    const answer = await patch({ status: to, description: 'x' });

    expect(answer).toMatchObject({ status: 409, body: { type: 'urn:webhook-fanout:problem:conflict' } });
    expect(await storedWebhook(api, caller, id)).toEqual(before);
  });
});

describe('PATCH with a URL', () => {
  it.each(['active', 'disabled'] as const)(
    'keeps the current one of an %s webhook until the new one answers [FAULT-28]',
    async (status) => {
      const { patch, caller, id } = await givenWebhook(api, status);

      const answer = await patch({ url: NEW_URL });
      const challenge = caller.queued().at(-1)?.message;
      await answerChallenge(api, caller, id);

      expect(answer.body).toMatchObject({ url: CURRENT_URL, pending_url: NEW_URL, status });
      expect(challenge).toMatchObject({ kind: 'verification', url: NEW_URL });
      expect(await storedWebhook(api, caller, id)).toMatchObject({ url: NEW_URL, status });
      expect(await storedWebhook(api, caller, id)).not.toHaveProperty('pendingUrl');
    },
  );

  it('removes a pending one with the current URL, also when its challenge is answered later', async () => {
    const { patch, caller, id } = await givenWebhook(api, 'active');
    await patch({ url: NEW_URL });

    const answer = await patch({ url: CURRENT_URL });
    await answerChallenge(api, caller, id);

    expect(answer.body).toMatchObject({ url: CURRENT_URL, pending_url: null });
    expect(await storedWebhook(api, caller, id)).toMatchObject({ url: CURRENT_URL, status: 'active' });
  });

  it.each(['pending', 'verification_failed'] as const)(
    'replaces the URL of a %s webhook at once and sends it a challenge',
    async (from) => {
      const { patch, caller } = await givenWebhook(api, from);

      const answer = await patch({ url: NEW_URL });

      expect(answer.body).toMatchObject({
        url: NEW_URL,
        pending_url: null,
        status: 'pending',
        verification_error: null,
      });
      expect(caller.queued().map(({ message }) => message.url)).toEqual([CURRENT_URL, NEW_URL]);
    },
  );

  it('never activates a new one for an answer to another challenge [FAULT-11]', async () => {
    const { patch, caller, id } = await givenWebhook(api, 'active');
    await patch({ url: 'https://customer.example/first' });
    const first = caller.queued().at(-1)?.message.eventId;
    await patch({ url: NEW_URL });
    if (first === undefined) throw new Error('no challenge was sent');

    const activated = await api.webhooks.activate(caller.account, id, first, new Date().toISOString());

    expect(activated).toBe('superseded');
    expect(await storedWebhook(api, caller, id)).toMatchObject({ url: CURRENT_URL, pendingUrl: NEW_URL });
  });

  it('sends no second challenge for the same pending one, unless the first has failed', async () => {
    const { patch, caller, id } = await givenWebhook(api, 'active');
    await patch({ url: NEW_URL });
    const sent = caller.queued().length;

    await patch({ url: NEW_URL });
    const afterRepeat = caller.queued().length;
    await failVerification(api, caller, id);
    const again = await patch({ url: NEW_URL });

    expect(afterRepeat).toBe(sent);
    expect(caller.queued()).toHaveLength(sent + 1);
    expect(again.body).toMatchObject({ pending_url: NEW_URL, verification_error: null });
  });

  it('is limited per account, and changes nothing above the limit [API-8]', async () => {
    const { patch, caller, id } = await givenWebhook(api, 'active');
    const window = { window_start: Math.floor(NOW / 60_000) * 60, used: 59 };
    const Item = marshall({ ...rateLimitKey(caller.account, 'verify'), ...window });
    await api.dynamodb.send(new PutItemCommand({ TableName: api.webhooksTable, Item }));
    const sent = caller.queued().length;

    const last = await patch({ url: NEW_URL });
    const oneMore = await patch({ url: `${NEW_URL}/more` });

    expect([last.status, oneMore.status]).toEqual([200, 429]);
    expect(caller.queued()).toHaveLength(sent + 1);
    expect(await storedWebhook(api, caller, id)).toMatchObject({ pendingUrl: NEW_URL });
  });

  it('sends another challenge for the same pending one after a minute, as the first may not have been sent', async () => {
    const { patch, caller } = await givenWebhook(api, 'active');
    await patch({ url: NEW_URL });
    const sent = caller.queued().length;
    api.clock.time += 60_000;

    await patch({ url: NEW_URL });

    expect(caller.queued()).toHaveLength(sent + 1);
  });

  it('sends the challenge although the SDK repeated the write, which then conflicted', async () => {
    const { patch, caller, id } = await givenWebhook(api, 'active');
    const sent = caller.queued().length;
    api.faults.repeat = true;

    const answer = await patch({ url: NEW_URL });

    expect(answer).toMatchObject({ status: 200, body: { pending_url: NEW_URL } });
    expect(caller.queued()).toHaveLength(sent + 1);
    expect((await storedWebhook(api, caller, id)).verification?.id).toBe(
      caller.queued().at(-1)?.message.eventId,
    );
  });

  it('changes nothing when the challenge cannot be enqueued', async () => {
    const { patch, caller, id } = await givenWebhook(api, 'active');
    const before = await storedWebhook(api, caller, id);
    api.faults.sqs = true;

    const answer = await patch({ url: NEW_URL, description: 'new', events: ['file.*'] }).finally(() => {
      api.faults.sqs = false;
    });

    expect(answer.status).toBe(503);
    expect(Object(answer.body).detail).toContain('nothing was changed');
    expect(await storedWebhook(api, caller, id)).toEqual({ ...before, updatedAt: expect.any(String) });
  });
});

describe('PATCH with status, for a webhook that the service disabled', () => {
  const disabled = {
    status: 'disabled',
    exhaustedInRow: 20,
    failingSince: '2026-01-15T09:00:00.000Z',
    warnedAt: '2026-01-15T09:30:00.000Z',
    disabledReason: '20 deliveries in a row were exhausted',
    disabledAt: '2026-01-15T10:00:00.000Z',
  } as const;

  it('enables it and clears its failures', async () => {
    const caller = await api.newCaller();
    const one = webhook({ accountId: caller.account, ...disabled });
    await api.webhooks.create(one);

    const { status, body } = await caller.call('PATCH', `/v1/webhooks/${one.id}`, {
      json: { status: 'active' },
    });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'active',
      exhausted_in_row: 0,
      failing_since: null,
      warned_at: null,
      disabled_by: null,
      disabled_reason: null,
      disabled_at: null,
    });
    const stored = await storedWebhook(api, caller, one.id);
    expect(Object.keys(stored).filter((name) => Object.hasOwn(disabled, name))).toEqual(['status']);
  });

  it('is undone with its reason when the challenge of a new URL in the same change cannot be sent', async () => {
    const { caller, id, patch } = await givenWebhook(api, 'disabled');
    await api.webhooks.update(caller.account, id, { set: disabled });
    api.faults.sqs = true;

    const answer = await patch({ status: 'active', url: 'https://new.example/' }).finally(() => {
      api.faults.sqs = false;
    });

    expect(answer.status).toBe(503);
    expect(await storedWebhook(api, caller, id)).toMatchObject(disabled);
  });

  it('disabled by a customer is shown so', async () => {
    const { patch } = await givenWebhook(api, 'active');

    const { body } = await patch({ status: 'disabled' });

    expect(body).toMatchObject({ status: 'disabled', disabled_by: 'customer', disabled_reason: null });
  });
});

describe('PATCH with events', () => {
  it('lets only five webhooks of an account subscribe to system events [API-9]', async () => {
    const { caller, id, patch } = await givenWebhook(api, 'active');
    for (let n = 0; n < MAX_SYSTEM_EVENT_WEBHOOKS - 1; n++) {
      await caller.call('POST', '/v1/webhooks', { json: { url: CURRENT_URL, events: ['webhook.*'] } });
    }

    const fifth = await patch({ events: ['webhook.retry'] });
    const again = await patch({ events: ['webhook.*'] });
    const other = await caller.call('POST', '/v1/webhooks', { json: { url: CURRENT_URL, events: ['*'] } });
    const sixth = await caller.call('PATCH', `/v1/webhooks/${Object(other.body).id}`, {
      json: { events: ['webhook.exhausted'] },
    });

    expect([fifth.status, again.status]).toEqual([200, 200]);
    expect(sixth).toMatchObject({
      status: 400,
      body: { type: 'urn:webhook-fanout:problem:webhook-limit-reached' },
    });
    expect(await storedWebhook(api, caller, id)).toMatchObject({ events: ['webhook.*'] });
  });
});

describe('the answer that enables a webhook', () => {
  it('has the number of its held deliveries that were not repeated', async () => {
    const { caller, id, patch } = await givenWebhook(api, 'disabled');
    const [first] = [
      await givenDelivery(api, caller, id, { status: 'held' }),
      await givenDelivery(api, caller, id, { status: 'held' }),
      await givenDelivery(api, caller, id, { status: 'held' }),
      await givenDelivery(api, caller, id, { status: 'exhausted' }),
      await givenDelivery(api, caller, id, { status: 'delivered' }),
    ];
    await api.deliveries.markResent(first, newDeliveryId(api.clock.time));

    expect((await patch({ status: 'active' })).body).toMatchObject({ status: 'active', held: 2 });
    expect((await patch({ status: 'active' })).body).toMatchObject({ status: 'active', held: 2 });
  });

  it('is the only one that counts: other changes and the plain GET read no records', async () => {
    const { caller, id, patch } = await givenWebhook(api, 'active');
    await givenDelivery(api, caller, id, { status: 'held' });

    expect((await patch({ description: 'changed' })).body).not.toHaveProperty('held');
    expect((await patch({ status: 'disabled' })).body).not.toHaveProperty('held');
    expect((await caller.call('GET', `/v1/webhooks/${id}`)).body).not.toHaveProperty('held');
  });
});
