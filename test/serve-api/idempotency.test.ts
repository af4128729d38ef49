import { randomUUID } from 'node:crypto';
import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { IDEMPOTENCY_DAYS, IDEMPOTENCY_LOCK_MS } from '../../lambdas/shared/store/idempotency.ts';
import { rateLimitKey } from '../../lambdas/shared/store/keys.ts';
import { NOW } from '../support/builders.ts';
import type { Answer } from './support/open-api-contract.ts';
import { type Api, type Caller, startApi } from './support/start-api.ts';
import { answerChallenge } from './support/webhook-states.ts';

const INPUT = { url: 'https://customer.example/hook', events: ['file.*'] };
const AFTER_LOCK_MS = IDEMPOTENCY_LOCK_MS + 1;

let api: Api;
beforeAll(async () => {
  api = await startApi();
  // Creates the data key, so that the first write of every request in these tests is that of its Idempotency-Key.
  await create(await api.newCaller(), randomUUID());
});
afterEach(() => {
  api.clock.time = NOW;
  api.faults.dynamodb = () => false;
  api.faults.sqs = false;
});
afterAll(() => api.close());

function create(caller: Caller, key: string, json: unknown = INPUT): Promise<Answer> {
  return caller.call('POST', '/v1/webhooks', { json, headers: { 'idempotency-key': key } });
}

const idOf = ({ body }: Answer): unknown => Object(body).id;
const problemOf = ({ body }: Answer): unknown => String(Object(body).type).split(':').at(-1);

/** The first puts are made; all later ones fail, also those that clean up. The tables are then as after a crash. */
function crashAfterPuts(puts: number): void {
  let made = 0;
  api.faults.dynamodb = (command) => command === 'PutItemCommand' && ++made > puts;
}

describe('a repeated request with an Idempotency-Key', () => {
  it('gets the same answer without the secret, and creates nothing [API-21]', async () => {
    const [caller, key] = [await api.newCaller(), randomUUID()];

    const first = await create(caller, key);
    const second = await create(caller, key);

    const { secret, ...webhook } = Object(first.body);
    expect(secret).toMatch(/^whsec_/);
    expect(second).toMatchObject({ status: 201, headers: { 'idempotent-replayed': 'true' } });
    expect(second.body).toEqual(webhook);
    expect(second.headers.location).toBe(first.headers.location);
    expect(second.headers.etag).toBe(first.headers.etag);
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    expect(await api.webhooks.count(caller.account)).toBe(1);
    expect(caller.queued()).toHaveLength(1);
  });

  it('gets the same ids of a test event, which is sent once', async () => {
    const caller = await api.newCaller();
    const id = idOf(await create(caller, 'a'));
    await answerChallenge(api, caller, String(id) as never);
    const test = () =>
      caller.call('POST', `/v1/webhooks/${id}/test`, {
        json: { event_type: 'file.uploaded' },
        headers: { 'idempotency-key': 'b' },
      });

    const [first, second] = [await test(), await test()];

    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.body).toEqual(first.body);
    expect(caller.queued().filter(({ message }) => message.kind === 'test')).toHaveLength(1);
  });

  it('is another request 24 hours later', async () => {
    const caller = await api.newCaller();

    const first = await create(caller, 'a');
    api.clock.time += IDEMPOTENCY_DAYS * 24 * 60 * 60 * 1_000;
    const before = await create(caller, 'a');
    api.clock.time += 2_000;
    const after = await create(caller, 'a');

    expect(idOf(before)).toBe(idOf(first));
    expect(after.status).toBe(201);
    expect(idOf(after)).not.toBe(idOf(first));
  });

  it('is another request in another account [API-6]', async () => {
    const [mine, other] = [await api.newCaller(), await api.newCaller()];

    const [first, second] = [await create(mine, 'a'), await create(other, 'a')];

    expect(second.status).toBe(201);
    expect(idOf(second)).not.toBe(idOf(first));
  });

  it('without the header creates another webhook', async () => {
    const caller = await api.newCaller();

    for (let n = 0; n < 2; n++) await caller.call('POST', '/v1/webhooks', { json: INPUT });

    expect(await api.webhooks.count(caller.account)).toBe(2);
  });
});

describe('an Idempotency-Key that was used', () => {
  it('is refused with another body [API-21]', async () => {
    const caller = await api.newCaller();
    await create(caller, 'a');

    const answer = await create(caller, 'a', { ...INPUT, description: 'another' });

    expect([answer.status, problemOf(answer)]).toEqual([409, 'idempotency-key-reused']);
    expect(await api.webhooks.count(caller.account)).toBe(1);
  });

  it('is refused for another call with the same body', async () => {
    const caller = await api.newCaller();
    const id = idOf(await create(caller, 'a'));
    await answerChallenge(api, caller, String(id) as never);
    const options = { json: { event_type: 'file.uploaded' }, headers: { 'idempotency-key': 'b' } };
    await caller.call('POST', `/v1/webhooks/${id}/test`, options);

    const answer = await caller.call('POST', '/v1/webhooks/wh_other/test', options);

    expect([answer.status, problemOf(answer)]).toEqual([409, 'idempotency-key-reused']);
  });

  it('is accepted with another body when the first request was refused', async () => {
    const caller = await api.newCaller();
    const id = idOf(await create(caller, 'a'));
    const test = (type: string) =>
      caller.call('POST', `/v1/webhooks/${id}/test`, {
        json: { event_type: type },
        headers: { 'idempotency-key': 'b' },
      });

    const pending = await test('file.uploaded');
    await answerChallenge(api, caller, String(id) as never);
    const active = await test('file.deleted');

    expect([pending.status, problemOf(pending)]).toEqual([409, 'conflict']);
    expect(active.status).toBe(202);
  });

  it('is not stored, and neither is the secret', async () => {
    const [caller, key] = [await api.newCaller(), `key-${randomUUID()}`];

    const { body } = await create(caller, key);

    const { Items } = await api.dynamodb.send(new ScanCommand({ TableName: api.deliveriesTable }));
    const stored = JSON.stringify(Items);
    expect(stored).toContain(Object(body).id);
    expect(stored).not.toContain(key);
    expect(stored).not.toContain(Object(body).secret);
  });
});

describe('two requests at the same time with one Idempotency-Key', () => {
  it('create one webhook; the second is a 409 with Retry-After [API-21]', async () => {
    const caller = await api.newCaller();
    let second: Answer | undefined;
    const runSecond = async () => {
      second = await create(caller, 'a');
    };
    // Between the first request's note of its key and its write of the webhook.
    const afterNote = async () => {
      api.faults.before = { command: 'PutItemCommand', run: runSecond };
    };
    api.faults.before = { command: 'PutItemCommand', run: afterNote };

    const first = await create(caller, 'a');

    expect(first.status).toBe(201);
    expect(second).toMatchObject({ status: 409, headers: { 'retry-after': '1' } });
    expect(second && problemOf(second)).toBe('idempotency-key-in-use');
    expect(await api.webhooks.count(caller.account)).toBe(1);
    expect(caller.queued()).toHaveLength(1);
  });

  it('create one webhook when all of them start together', async () => {
    const caller = await api.newCaller();

    const answers = await Promise.all(Array.from({ length: 5 }, () => create(caller, 'a')));

    const created = answers.filter(({ status }) => status === 201);
    expect(created.length).toBeGreaterThan(0);
    expect(new Set(created.map(idOf)).size).toBe(1);
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    expect(await api.webhooks.count(caller.account)).toBe(1);
  });
});

describe('a crash', () => {
  it('after the webhook was stored creates no second one: a repetition finds it [API-21]', async () => {
    const caller = await api.newCaller();
    crashAfterPuts(3);
    const crashed = await create(caller, 'a');
    api.faults.dynamodb = () => false;

    const meanwhile = await create(caller, 'a');
    api.clock.time += AFTER_LOCK_MS;
    const repeated = await create(caller, 'a');
    const again = await create(caller, 'a');

    const { secret, ...webhook } = Object(crashed.body);
    expect(secret).toEqual(expect.any(String));
    expect([meanwhile.status, problemOf(meanwhile)]).toEqual([409, 'idempotency-key-in-use']);
    expect(repeated).toMatchObject({ status: 201, body: webhook });
    expect(repeated.body).not.toHaveProperty('secret');
    expect(again).toMatchObject({ status: 201, headers: { 'idempotent-replayed': 'true' }, body: webhook });
    expect(await api.webhooks.count(caller.account)).toBe(1);
    // The crash may have been before the challenge was sent. Both belong to the same verification.
    expect(new Set(caller.queued().map(({ message }) => message.eventId)).size).toBe(1);
    expect(caller.queued()).toHaveLength(2);
  });

  it('before the webhook was stored lets a repetition create it, with its secret', async () => {
    const caller = await api.newCaller();
    crashAfterPuts(2);
    const crashed = await create(caller, 'a');
    api.faults.dynamodb = () => false;
    api.clock.time += AFTER_LOCK_MS;

    const repeated = await create(caller, 'a');

    expect(crashed.status).toBe(503);
    expect(repeated.status).toBe(201);
    expect(Object(repeated.body).secret).toMatch(/^whsec_/);
    expect(await api.webhooks.count(caller.account)).toBe(1);
  });

  it('keeps the ids also when a repetition is refused', async () => {
    const caller = await api.newCaller();
    crashAfterPuts(3);
    const crashed = await create(caller, 'a');
    api.faults.dynamodb = () => false;
    api.clock.time += AFTER_LOCK_MS;
    const window = { window_start: Math.floor(NOW / 3_600_000) * 3_600, used: 2_000 };
    await api.dynamodb.send(
      new PutItemCommand({
        TableName: api.webhooksTable,
        Item: marshall({ ...rateLimitKey(caller.account, 'create'), ...window }),
      }),
    );

    const refused = await create(caller, 'a');
    api.clock.time += 3_600_000;
    const repeated = await create(caller, 'a');

    expect(refused.status).toBe(429);
    expect(idOf(repeated)).toBe(idOf(crashed));
    expect(await api.webhooks.count(caller.account)).toBe(1);
  });

  it('after a test event was sent lets a repetition send the same delivery', async () => {
    const caller = await api.newCaller();
    const id = idOf(await create(caller, 'a'));
    await answerChallenge(api, caller, String(id) as never);
    const test = () =>
      caller.call('POST', `/v1/webhooks/${id}/test`, {
        json: { event_type: 'file.uploaded' },
        headers: { 'idempotency-key': 'b' },
      });
    crashAfterPuts(3);
    const crashed = await test();
    api.faults.dynamodb = () => false;
    api.clock.time += AFTER_LOCK_MS;

    const repeated = await test();

    expect(repeated.body).toEqual(crashed.body);
    const sent = caller.queued().filter(({ message }) => message.kind === 'test');
    expect(new Set(sent.map(({ message }) => message.deliveryId)).size).toBe(1);
  });
});

describe('a request with an Idempotency-Key', () => {
  it('can be repeated at once after a failure on our side', async () => {
    const caller = await api.newCaller();
    api.faults.sqs = true;
    const failed = await create(caller, 'a');
    api.faults.sqs = false;

    const repeated = await create(caller, 'a');

    expect([failed.status, repeated.status]).toEqual([503, 201]);
    expect(Object(repeated.body).secret).toMatch(/^whsec_/);
    expect(await api.webhooks.count(caller.account)).toBe(1);
  });

  it('begins although the SDK repeated the write of its key, which then conflicted', async () => {
    const caller = await api.newCaller();
    api.faults.repeat = true;

    const answer = await create(caller, 'a');

    expect(answer.status).toBe(201);
    expect(await api.webhooks.count(caller.account)).toBe(1);
  });

  it.each([
    ['an empty one', ''],
    ['one of 256 characters', 'k'.repeat(256)],
    ['one with a control character', 'a\tb'],
    ['one that is not ASCII', 'schlüssel'],
  ])('is refused with %s [API-21]', async (_name, key) => {
    const caller = await api.newCaller();

    const answer = await create(caller, key);

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'Idempotency-Key' }] } });
    expect(await api.webhooks.count(caller.account)).toBe(0);
  });

  it('is accepted with 255 characters of printable ASCII', async () => {
    const key = Array.from({ length: 255 }, (_, n) => String.fromCharCode(0x20 + (n % 95))).join('');

    const answer = await create(await api.newCaller(), key);

    expect(answer.status).toBe(201);
  });
});
