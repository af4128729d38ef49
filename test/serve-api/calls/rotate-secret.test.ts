import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MAX_LIVE_SECRETS, ROTATE_RATE_LIMIT } from '../../../lambdas/serve-api/limits.ts';
import { createDataKeys } from '../../../lambdas/shared/secrets/data-keys.ts';
import { IDEMPOTENCY_LOCK_MS } from '../../../lambdas/shared/store/idempotency.ts';
import { NOW } from '../../support/builders.ts';
import { signersOf } from '../support/signatures.ts';
import { type Api, startApi } from '../support/start-api.ts';
import { CURRENT_URL, storedWebhook } from '../support/webhook-states.ts';

const FIRST = 'the first secret of it';
const SECOND = 'the second secret of it';
const THIRD = 'the third secret of it';
const SECRETS = [FIRST, SECOND, THIRD];
const HOUR = 3_600;

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
afterEach(() => {
  api.clock.time = NOW;
});

/** An active webhook whose secret is FIRST. */
async function givenWebhook(more: object = {}) {
  const caller = await api.newCaller();
  const json = { url: CURRENT_URL, events: ['*'], secret: FIRST, ...more };
  const created = await caller.call('POST', '/v1/webhooks', { json });
  const id = Object(created.body).id;
  await api.webhooks.update(caller.account, id, {
    set: { status: 'active', verified: true },
    remove: ['verification'],
  });
  return {
    caller,
    id,
    rotate: (json: object, key?: string) =>
      caller.call('POST', `/v1/webhooks/${id}/secret/rotate`, {
        json,
        ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
      }),
    /** The secrets that sign at this moment, in the order of the signatures. */
    signers: async (secrets: readonly string[] = SECRETS) => {
      const test = { webhook_id: id, event_type: 'file.uploaded' };
      await caller.call('POST', '/v1/webhooks/test', { json: test });
      const sent = caller.queued().at(-1)?.message;
      if (sent === undefined) throw new Error('no test event was sent');
      return signersOf(sent, secrets);
    },
    stored: () => storedWebhook(api, caller, id),
  };
}

const later = (seconds: number) => {
  api.clock.time = NOW + seconds * 1_000;
};
const timeAfter = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString();

describe('POST /v1/webhooks/{webhook_id}/secret/rotate', () => {
  it('answers the new secret once, and both sign for a day, the new one first', async () => {
    const { rotate, signers, caller, id } = await givenWebhook();

    const answer = await rotate({ secret: SECOND });

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ secret: SECOND, previous_expires_at: timeAfter(86_400) });
    const { body } = await caller.call('GET', `/v1/webhooks/${id}`);
    expect(body).toMatchObject({ previous_secret_expires_at: timeAfter(86_400) });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(await signers()).toEqual([SECOND, FIRST]);
    later(86_400 - 1);
    expect(await signers()).toEqual([SECOND, FIRST]);
    later(86_400);
    expect(await signers()).toEqual([SECOND]);
    const texts = [
      await caller.call('GET', `/v1/webhooks/${id}`),
      await caller.call('GET', '/v1/webhooks'),
      await caller.call('PATCH', `/v1/webhooks/${id}`, { json: { description: 'x' } }),
    ].map(({ text }) => text);
    expect(texts.join()).not.toContain(SECOND);
    expect(api.logLines.join()).not.toContain(SECOND);
  });

  it('generates a secret where none is given', async () => {
    const { rotate, signers } = await givenWebhook();

    const { secret } = Object((await rotate({})).body);

    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await signers([FIRST, secret])).toEqual([secret, FIRST]);
  });

  it('ends every other secret at once with a grace time of 0', async () => {
    const { rotate, signers, stored } = await givenWebhook();
    await rotate({ secret: SECOND });

    const answer = await rotate({ secret: THIRD, grace_seconds: 0 });

    expect(answer.body).toEqual({ secret: THIRD, previous_expires_at: null });
    expect(await signers()).toEqual([THIRD]);
    expect((await stored()).secrets).toHaveLength(1);
  });

  it('twice within the grace time keeps each earlier secret until its own time', async () => {
    const { rotate, signers } = await givenWebhook();
    await rotate({ secret: SECOND, grace_seconds: 10 * HOUR });
    later(HOUR);

    const answer = await rotate({ secret: THIRD, grace_seconds: HOUR });

    expect(answer.body).toEqual({ secret: THIRD, previous_expires_at: timeAfter(2 * HOUR) });
    expect(await signers()).toEqual([THIRD, SECOND, FIRST]);
    later(2 * HOUR);
    expect(await signers()).toEqual([THIRD, FIRST]);
    later(10 * HOUR);
    expect(await signers()).toEqual([THIRD]);
  });

  it('removes secrets that have expired', async () => {
    const { rotate, stored } = await givenWebhook();
    await rotate({ secret: SECOND, grace_seconds: HOUR });
    later(HOUR);

    await rotate({ secret: THIRD, grace_seconds: HOUR });

    expect((await stored()).secrets).toHaveLength(2);
  });

  it('is followed by a change of another field that removes expired secrets, too', async () => {
    const { rotate, stored, caller, id } = await givenWebhook();
    await rotate({ secret: SECOND, grace_seconds: HOUR });
    const patch = () =>
      caller.call('PATCH', `/v1/webhooks/${id}`, { json: { description: `at ${api.clock.time}` } });

    later(HOUR - 1);
    await patch();
    expect((await stored()).secrets).toHaveLength(2);
    later(HOUR);
    await patch();
    expect((await stored()).secrets).toHaveLength(1);
  });

  it(`refuses more than ${MAX_LIVE_SECRETS} secrets at the same time, until one expires or with a grace time of 0`, async () => {
    const { rotate } = await givenWebhook();
    for (let n = 1; n < MAX_LIVE_SECRETS; n++) {
      expect((await rotate({ grace_seconds: n * HOUR })).status).toBe(200);
    }

    const refused = await rotate({ grace_seconds: 10 * HOUR });

    expect(refused.status).toBe(409);
    expect(Object(refused.body).detail).toContain(timeAfter(HOUR));
    later(HOUR);
    expect((await rotate({ grace_seconds: 10 * HOUR })).status).toBe(200);
    expect((await rotate({ grace_seconds: 10 * HOUR })).status).toBe(409);
    expect((await rotate({ grace_seconds: 0 })).body).toMatchObject({ previous_expires_at: null });
  });

  it('makes an earlier secret the current one again, which then signs once', async () => {
    const { rotate, signers } = await givenWebhook();
    await rotate({ secret: SECOND });

    const answer = await rotate({ secret: FIRST });

    expect(answer.status).toBe(200);
    expect(await signers()).toEqual([FIRST, SECOND]);
  });

  it.each([
    [{ secret: FIRST }, 'secret'],
    [{ secret: 'short' }, 'secret'],
    [{ secret: 'whsec_no base64 at all!' }, 'secret'],
    [{ grace_seconds: -1 }, 'grace_seconds'],
    [{ grace_seconds: 604_801 }, 'grace_seconds'],
    [{ grace_seconds: 1.5 }, 'grace_seconds'],
    [{ grace_seconds: '60' }, 'grace_seconds'],
    [{ graceSeconds: 60 }, 'graceSeconds'],
  ])('refuses %j and changes nothing [API-4]', async (json, path) => {
    const { rotate, stored } = await givenWebhook();
    const before = await stored();

    const answer = await rotate(json);

    expect(answer.status).toBe(400);
    expect(Object(answer.body).errors).toMatchObject([{ path }]);
    if ('secret' in json) expect(answer.text).not.toContain(json.secret);
    expect(await stored()).toEqual(before);
  });

  it('accepts the longest grace time, and null for both fields', async () => {
    const { rotate } = await givenWebhook();

    expect((await rotate({ secret: null, grace_seconds: null })).body).toMatchObject({
      previous_expires_at: timeAfter(86_400),
    });
    expect((await rotate({ grace_seconds: 604_800 })).body).toMatchObject({
      previous_expires_at: timeAfter(604_800),
    });
  });

  it("answers 404 for another account's webhook and for one that does not exist [API-6]", async () => {
    const { id } = await givenWebhook();
    const other = await api.newCaller();

    for (const path of [id, 'wh_01kf0r7a0zt5t1tpsvh3m0xa', 'x']) {
      expect((await other.call('POST', `/v1/webhooks/${path}/secret/rotate`, { json: {} })).status).toBe(404);
    }
  });

  it('is limited for each account', async () => {
    const { rotate } = await givenWebhook();
    for (let n = 0; n < ROTATE_RATE_LIMIT.count; n++) await rotate({ grace_seconds: 0 });

    const answer = await rotate({ grace_seconds: 0 });

    expect(answer.status).toBe(429);
    expect(answer.headers['retry-after']).toBeDefined();
  });
});

describe('rotations at the same time', () => {
  it('are made one after another: every secret that was answered signs [FAULT-39]', async () => {
    const { rotate, signers } = await givenWebhook();

    const answers = await Promise.all([SECOND, THIRD].map((secret) => rotate({ secret })));

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const [newest, ...others] = await signers();
    expect([SECOND, THIRD]).toContain(newest);
    expect([newest, ...others].sort()).toEqual([...SECRETS].sort());
  });

  it('with one that came between the read and the write, lose no secret [FAULT-39]', async () => {
    const { rotate, signers } = await givenWebhook();
    // It begins the window of the rate limit, which takes a write more than the next call needs.
    await rotate({ secret: FIRST });
    // The first update counts the call; the second is the rotation.
    api.faults.before = {
      command: 'UpdateItemCommand',
      run: async () => {
        api.faults.before = { command: 'UpdateItemCommand', run: () => rotate({ secret: SECOND }) };
      },
    };

    const answer = await rotate({ secret: THIRD });

    expect(answer.status).toBe(200);
    expect(await signers()).toEqual([THIRD, SECOND, FIRST]);
  });

  it('are one when the SDK repeats the write because its response was lost [FAULT-39]', async () => {
    const { rotate, signers, stored } = await givenWebhook();
    api.faults.repeat = true;

    const answer = await rotate({ secret: SECOND });

    expect(answer.body).toEqual({ secret: SECOND, previous_expires_at: timeAfter(86_400) });
    expect(await signers()).toEqual([SECOND, FIRST]);
    expect((await stored()).secrets).toHaveLength(2);
  });

  it('do not undo a change of another field, nor does that change undo them', async () => {
    const { rotate, stored, caller, id } = await givenWebhook();
    api.faults.before = {
      command: 'UpdateItemCommand',
      run: () => rotate({ secret: SECOND }),
    };

    await caller.call('PATCH', `/v1/webhooks/${id}`, { json: { description: 'changed' } });

    expect(await stored()).toMatchObject({ description: 'changed' });
    expect((await stored()).secrets).toHaveLength(2);
  });
});

describe('a rotation with an Idempotency-Key', () => {
  /** The rotation is made and its answer is not kept: the function crashed between the two. */
  async function crashAfterRotation(rotate: () => Promise<unknown>): Promise<void> {
    let puts = 0;
    // The first is the Idempotency-Key, the second the audit entry.
    api.faults.dynamodb = (command) => command === 'PutItemCommand' && ++puts > 2;
    await rotate();
    api.faults.dynamodb = () => false;
    api.clock.time += IDEMPOTENCY_LOCK_MS + 1;
  }

  it('is made once: a repetition answers the same without the secret [API-21]', async () => {
    const { rotate, signers, stored } = await givenWebhook();

    const first = await rotate({ grace_seconds: HOUR }, 'a');
    const before = await stored();
    const second = await rotate({ grace_seconds: HOUR }, 'a');

    const { secret } = Object(first.body);
    expect(secret).toMatch(/^whsec_/);
    expect(second).toMatchObject({ status: 200, headers: { 'idempotent-replayed': 'true' } });
    expect(second.body).toEqual({ previous_expires_at: timeAfter(HOUR) });
    expect(await stored()).toEqual(before);
    expect(await signers([FIRST, secret])).toEqual([secret, FIRST]);
  });

  it('is refused for another secret or grace time under the same key [API-21]', async () => {
    const { rotate, stored } = await givenWebhook();
    await rotate({ secret: SECOND }, 'a');
    const before = await stored();

    for (const json of [{ secret: THIRD }, { secret: SECOND, grace_seconds: 0 }, {}]) {
      const { status, body } = await rotate(json, 'a');
      expect([status, Object(body).type]).toEqual([409, expect.stringMatching(/:idempotency-key-reused$/)]);
    }
    expect(await stored()).toEqual(before);
    expect((await rotate({ secret: THIRD }, 'b')).status).toBe(200);
  });

  it('that crashed after its write is not made again, and its secret is not shown again [API-21]', async () => {
    const { rotate, stored, signers } = await givenWebhook();
    await crashAfterRotation(() => rotate({ secret: SECOND, grace_seconds: HOUR }, 'a'));
    const before = await stored();

    const repeated = await rotate({ secret: SECOND, grace_seconds: HOUR }, 'a');
    const again = await rotate({ secret: SECOND, grace_seconds: HOUR }, 'a');

    expect([repeated.status, repeated.body]).toEqual([200, { previous_expires_at: timeAfter(HOUR) }]);
    expect(again.body).toEqual(repeated.body);
    expect(await stored()).toEqual(before);
    expect(await signers()).toEqual([SECOND, FIRST]);
  });

  it('that crashed after its write is found after a later rotation, too', async () => {
    const { rotate, signers } = await givenWebhook();
    await crashAfterRotation(() => rotate({ secret: SECOND, grace_seconds: HOUR }, 'a'));
    await rotate({ secret: THIRD });

    const repeated = await rotate({ secret: SECOND, grace_seconds: HOUR }, 'a');

    expect([repeated.status, repeated.body]).toEqual([200, { previous_expires_at: timeAfter(HOUR) }]);
    expect(await signers()).toEqual([THIRD, SECOND, FIRST]);
  });

  it('that crashed restores no secret that a later rotation ended', async () => {
    const { rotate, signers } = await givenWebhook();
    await crashAfterRotation(() => rotate({ secret: SECOND }, 'a'));
    await rotate({ secret: THIRD, grace_seconds: 0 });

    const repeated = await rotate({ secret: SECOND }, 'a');

    expect(repeated.status).toBe(409);
    expect(Object(repeated.body).detail).toContain('rotate with another key');
    expect(await signers()).toEqual([THIRD]);
  });

  it('is made by a repetition when the first request failed before its write', async () => {
    const { rotate, signers } = await givenWebhook();
    api.faults.dynamodb = (command) => command === 'UpdateItemCommand';
    const failed = await rotate({}, 'a');
    api.faults.dynamodb = () => false;

    const repeated = await rotate({}, 'a');

    const { secret } = Object(repeated.body);
    expect([failed.status, repeated.status]).toEqual([503, 200]);
    expect(await signers([FIRST, secret])).toEqual([secret, FIRST]);
  });
});

describe('a rotation of a secret that cannot be decrypted', () => {
  it('replaces it without a grace time, and the webhook signs again', async () => {
    const { rotate, signers, stored, caller, id } = await givenWebhook();
    const [sealed] = (await stored()).secrets;
    if (sealed === undefined) throw new Error('no secret');
    const broken = { ...sealed, sealed: 'A'.repeat(80) };
    await api.webhooks.update(caller.account, id, { set: { secrets: [broken] } });

    const answer = await rotate({ secret: SECOND });

    expect(answer.body).toEqual({ secret: SECOND, previous_expires_at: null });
    expect(await signers()).toEqual([SECOND]);
  });

  it('is a 503 while KMS is down, and changes nothing', async () => {
    const cold = await startApi();
    try {
      const caller = await cold.newCaller();
      cold.faults.kms = true;
      const answer = await caller.call('POST', '/v1/webhooks/wh_01kf0r7a0zt5t1tpsvh3m0xa/secret/rotate', {
        json: {},
      });
      expect(answer.status).toBe(503);
    } finally {
      await cold.close();
    }
  });
});

describe('records that an older data key seals', () => {
  const rotateDataKey = () =>
    createDataKeys({
      dynamodb: api.dynamodb,
      kms: api.kms,
      tableName: api.webhooksTable,
      kmsKeyId: 'key-1',
    }).rotate(new Date(NOW).toISOString());

  it.each(['a rotation of the secret', 'a change of another field'])(
    'still sign after the data key was rotated, and are sealed with the new key by %s',
    async (change) => {
      const { rotate, signers, stored, caller, id } = await givenWebhook({
        headers: { Authorization: 'Bearer abcdefgh' },
      });
      await rotate({ secret: SECOND });
      const before = (await stored()).secrets.map(({ dataKey }) => dataKey);
      await rotateDataKey();
      later(5 * 60);
      expect(await signers()).toEqual([SECOND, FIRST]);
      expect((await stored()).secrets.map(({ dataKey }) => dataKey)).toEqual(before);

      if (change === 'a rotation of the secret') await rotate({ secret: THIRD });
      else await caller.call('PATCH', `/v1/webhooks/${id}`, { json: { description: 'x' } });

      const { secrets, customHeaders } = await stored();
      const [old = 0] = before;
      for (const { dataKey } of secrets) expect(dataKey).toBe(old + 1);
      expect(customHeaders?.sealed.dataKey).toBe(old + 1);
      expect(secrets.at(-1)?.expiresAt).toBe(timeAfter(86_400));
      expect((await signers()).slice(-2)).toEqual([SECOND, FIRST]);
    },
  );

  it('do not prevent a change while KMS is down: the old seal stays', async () => {
    const cold = await startApi();
    try {
      const caller = await cold.newCaller();
      const json = { url: CURRENT_URL, events: ['*'] };
      const { id } = Object((await caller.call('POST', '/v1/webhooks', { json })).body);
      const dataKeys = createDataKeys({
        dynamodb: cold.dynamodb,
        kms: cold.kms,
        tableName: cold.webhooksTable,
        kmsKeyId: 'key-1',
      });
      await dataKeys.rotate(new Date(NOW).toISOString());
      cold.clock.time = NOW + 5 * 60_000;
      cold.faults.kms = true;

      const answer = await caller.call('PATCH', `/v1/webhooks/${id}`, { json: { description: 'x' } });

      expect(answer.status).toBe(200);
      expect((await storedWebhook(cold, caller, id)).secrets[0]?.dataKey).toBe(1);
    } finally {
      await cold.close();
    }
  });
});
