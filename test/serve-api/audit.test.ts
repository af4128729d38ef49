import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../lambdas/shared/domain/audit.ts';
import type { AccountId } from '../../lambdas/shared/domain/ids.ts';
import { type Api, type Caller, DELIVERIES_TABLE, startApi } from './support/start-api.ts';

const SECRET = 'a secret that the audit log must not have';

let api: Api;
let caller: Caller;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  api.faults.dynamodb = () => false;
  caller = await api.newCaller();
});

async function entries(account: AccountId = caller.account): Promise<AuditEntry[]> {
  const newestFirst = await api.audit.list(account, { since: 0, until: api.clock.time + 1, limit: 100 });
  return newestFirst.reverse();
}

/** Each call is made a millisecond later than the one before: the order of entries is that of their times. */
async function call(method: string, path: string, json?: object, headers: Record<string, string> = {}) {
  api.clock.time += 1;
  return caller.call(method, path, { headers, ...(json === undefined ? {} : { json }) });
}

function idOf({ body }: { readonly body: unknown }): string {
  return String(Reflect.get(Object(body), 'id'));
}

async function created(): Promise<string> {
  const json = { url: 'https://example.com/hook', events: ['*'], secret: SECRET };
  return idOf(await call('POST', '/v1/webhooks', json));
}

describe('the audit log', () => {
  test('has who created, changed, disabled, enabled, rotated, verified and deleted a webhook, and when [API-10]', async () => {
    const id = await created();
    const path = `/v1/webhooks/${id}`;
    await call('PATCH', path, { description: 'a note', events: ['*'] });
    await call('POST', `${path}/verify`);
    const webhook = await api.webhooks.get(caller.account, id as never);
    await api.webhooks.update(caller.account, id as never, {
      set: { status: 'active', verified: true, updatedAt: webhook?.updatedAt ?? '' },
      when: { updatedAt: webhook?.updatedAt ?? '' },
    });
    await call('PATCH', path, { status: 'disabled' });
    await call('PATCH', path, { status: 'active' });
    await call('POST', `${path}/secret/rotate`, { secret: `${SECRET}-2` });
    await call('DELETE', path);

    const found = await entries();
    const [key] = await api.apiKeys.list(caller.account);
    expect(found.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['webhook.create', 'done'],
      ['webhook.change', 'done'],
      ['webhook.verify', 'done'],
      ['webhook.disable', 'done'],
      ['webhook.enable', 'done'],
      ['webhook.rotate_secret', 'done'],
      ['webhook.delete', 'done'],
    ]);
    for (const { source, keyId, actor, subject, requestId } of found) {
      expect({ source, keyId, actor, subject }).toEqual({
        source: 'api',
        keyId: key?.id,
        actor: 'test',
        subject: id,
      });
      expect(requestId).toEqual(expect.any(String));
    }
    expect(found.at(-1)?.at).toBe(api.clock.time);
    expect(found[1]?.details).toEqual({ fields: ['description', 'events'] });
    expect(JSON.stringify(found)).not.toMatch(/a note|example\.com|a secret/);
  });

  test('has the id of another object with the id of its webhook', async () => {
    const id = await created();
    const webhook = await api.webhooks.get(caller.account, id as never);
    await api.webhooks.update(caller.account, id as never, {
      set: { status: 'active', verified: true, updatedAt: webhook?.updatedAt ?? '' },
      when: { updatedAt: webhook?.updatedAt ?? '' },
    });
    const since = new Date(api.clock.time - 60_000).toISOString();
    const dryRun = await call('POST', `/v1/webhooks/${id}/recover`, { since, dry_run: true });
    const recovery = idOf(await call('POST', `/v1/webhooks/${id}/recover`, { since }));
    await call('DELETE', `/v1/recoveries/${recovery}`);
    const listener = idOf(await call('POST', '/v1/listeners', { events: ['*'] }));
    await call('DELETE', `/v1/listeners/${listener}`);

    expect(dryRun.status).toBe(200);
    expect(
      (await entries()).slice(1).map(({ action, subject, details }) => [action, subject, details]),
    ).toEqual([
      ['recovery.start', recovery, { webhook_id: id }],
      ['recovery.stop', recovery, undefined],
      ['listener.create', listener, undefined],
      ['listener.delete', listener, undefined],
    ]);
  });

  test('names the command for a key that an operator’s command made for itself', async () => {
    const { key } = await api.apiKeys.create(caller.account, 'webhook-fanout resend by ann', api.clock.time, {
      validUntil: api.clock.time + 60_000,
      ofCommand: true,
    });
    const json = { events: ['*'] };
    await call('POST', '/v1/listeners', json, { authorization: `Bearer ${key}` });

    expect(await entries()).toMatchObject([
      { action: 'listener.create', source: 'command', actor: 'webhook-fanout resend by ann' },
    ]);
  });

  test('has no entry for a call that writes nothing, and one for an answer that is repeated', async () => {
    const json = { url: 'https://example.com/hook', events: ['*'] };
    await call('POST', '/v1/webhooks', { ...json, url: 'http://10.0.0.1' });
    await call('PATCH', '/v1/webhooks/wh_unknown', { description: 'x' });
    expect(await entries()).toEqual([]);

    await call('POST', '/v1/webhooks', json, { 'idempotency-key': 'once' });
    await call('POST', '/v1/webhooks', json, { 'idempotency-key': 'once' });
    expect(await entries()).toMatchObject([{ action: 'webhook.create', outcome: 'done' }]);
  });

  test('says that a deletion of an unknown webhook was refused', async () => {
    await call('DELETE', '/v1/webhooks/wh_unknown');

    expect(await entries()).toMatchObject([
      { action: 'webhook.delete', subject: 'wh_unknown', outcome: 'refused' },
    ]);
  });
});

describe('a change that cannot be recorded', () => {
  test('is not made [API-45]', async () => {
    const id = await created();
    api.faults.dynamodb = (command) => command === 'PutItemCommand';

    const deleted = await call('DELETE', `/v1/webhooks/${id}`);

    expect(deleted.status).toBe(503);
    expect((await call('GET', `/v1/webhooks/${id}`)).status).toBe(200);
  });

  test('is not made when its entry is written later than 20 s after the start of the call', async () => {
    const id = await created();
    api.faults.before = {
      command: 'PutItemCommand',
      run: async () => {
        api.clock.time += 20_001;
      },
    };

    const deleted = await call('DELETE', `/v1/webhooks/${id}`);

    expect(deleted.status).toBe(503);
    expect((await call('GET', `/v1/webhooks/${id}`)).status).toBe(200);
  });

  test('is made when only its end cannot be recorded, and the entry says that the end is not known', async () => {
    const id = await created();
    // The change itself also updates an item of the webhooks table.
    api.faults.dynamodb = (command, table) => command === 'UpdateItemCommand' && table === DELIVERIES_TABLE;

    const deleted = await call('DELETE', `/v1/webhooks/${id}`);

    expect(deleted.status).toBe(204);
    expect((await entries()).at(-1)).toMatchObject({ action: 'webhook.delete', subject: id });
    expect((await entries()).at(-1)?.outcome).toBeUndefined();
    expect(api.logLines.at(-1)).toContain('the end of a change was not recorded in the audit log');
  });

  test('is recorded as failed when the change itself fails', async () => {
    const id = await created();
    api.faults.dynamodb = (command) => command === 'DeleteItemCommand';

    expect((await call('DELETE', `/v1/webhooks/${id}`)).status).toBe(503);

    expect((await entries()).at(-1)).toMatchObject({ action: 'webhook.delete', outcome: 'failed' });
  });
});
