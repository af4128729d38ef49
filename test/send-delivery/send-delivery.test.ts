import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { DeliveryMessage } from '../../lambdas/shared/domain/delivery.ts';
import { encodeMessage } from '../../lambdas/shared/domain/message.ts';
import { SECRET_UNREADABLE } from '../../lambdas/shared/domain/webhook.ts';
import { AwsError, type Interceptor } from '../../local/calls.ts';
import { eventId, message, webhookId } from '../support/builders.ts';
import { answered, createWorld, SECRET, type World } from '../support/world.ts';

let world: World | undefined;

async function newWorld(): Promise<World> {
  world = await createWorld();
  return world;
}

afterEach(async () => {
  await world?.close();
});

/** Fails every call of these actions, as AWS does when it is down. */
function down(...actions: string[]): Interceptor {
  return async (call, next) => {
    if (actions.includes(call.action))
      throw new AwsError({ code: 'ServiceUnavailable', message: 'down', status: 503 });
    return next();
  };
}

function calls(into: string[]): Interceptor {
  return async (call, next) => {
    into.push(call.action);
    return next();
  };
}

describe('a fresh first attempt', () => {
  it('goes out without a single read, and ten successes are one write', async () => {
    const w = await newWorld();
    const made: string[] = [];
    for (let n = 0; n < 10; n++)
      w.put('first', message({ deliveryId: nth(n), webhookId: webhookId(`wh_${n}`) }));
    w.intercept(calls(made));

    const response = await w.run('first');

    expect(response.batchItemFailures).toEqual([]);
    expect(w.posts).toHaveLength(10);
    expect(made).toEqual(['BatchWriteItem']);
  });

  it('is sent with the headers and the bytes that were signed [API-3]', async () => {
    const w = await newWorld();
    const one = message();
    w.put('first', one);

    await w.run('first');

    expect(w.posts[0]).toMatchObject({
      url: one.url,
      body: one.body,
      headers: {
        'X-Webhook-Signature': `sha256=${one.signed.hex}`,
        'X-Webhook-Attempt': '1',
        'webhook-id': one.eventId,
      },
    });
    expect(await w.recordOf(one)).toMatchObject({
      status: 'delivered',
      attempts: [{ number: 1, status: 200 }],
    });
  });

  it('is read first when the dispatcher ran the event before, or its signature is old', async () => {
    const w = await newWorld();
    await w.addWebhook();
    const reruns = [
      message({ rerun: true }),
      message({ deliveryId: nth(1), signed: { ...message().signed, signedAt: 1 } }),
    ];
    const made: string[] = [];
    w.intercept(calls(made));
    w.put('first', ...reruns);

    await w.run('first');

    expect(made[0]).toBe('BatchGetItem');
    expect(made.filter((action) => action === 'BatchGetItem')).toHaveLength(1);
    expect(w.posts).toHaveLength(2);
  });
});

describe('a failed attempt', () => {
  it('is retried after 1, 5 and 30 seconds, signed afresh, and then given up with its history [API-3]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    w.customer.answer = async () => answered(500, { body: 'sorry' });
    w.put('first', message());

    await w.run('first');
    for (const [queue, seconds] of [
      ['retry1', 1],
      ['retry2', 5],
      ['retry3', 30],
    ] as const) {
      expect(w.nextDueAt(queue)).toBe(w.time.now + seconds * 1000);
      w.time.now += seconds * 1000;
      await w.run(queue);
    }

    expect(w.posts.map(({ headers }) => headers['X-Webhook-Attempt'])).toEqual(['1', '2', '3', '4']);
    expect(new Set(w.posts.map(({ headers }) => headers['X-Webhook-Delivery'])).size).toBe(1);
    const timestamp = String(Math.floor(w.time.now / 1000));
    const hex = createHmac('sha256', SECRET).update(`${timestamp}.${message().body}`).digest('hex');
    expect(w.posts[3]?.headers).toMatchObject({
      'X-Webhook-Timestamp': timestamp,
      'X-Webhook-Signature': `sha256=${hex}`,
    });
    expect((await w.recordOf())?.status).toBe('exhausted');
    const [exhausted] = w.receiveMessages('exhausted');
    expect(exhausted?.history.map(({ number, status, error }) => [number, status, error])).toEqual([
      [1, 500, 'http_status'],
      [2, 500, 'http_status'],
      [3, 500, 'http_status'],
      [4, 500, 'http_status'],
    ]);
    expect(exhausted?.history.map(({ excerpt }) => excerpt)).toEqual([
      undefined,
      undefined,
      undefined,
      'sorry',
    ]);
  });

  it.each([201, 204, 301, 404, 500])('is what an answer of %i is', async (status) => {
    const w = await newWorld();
    w.customer.answer = async () => answered(status);
    w.put('first', message());

    await w.run('first');

    expect(w.nextDueAt('retry1')).toBe(w.time.now + 1000);
    expect(await w.recordOf()).toMatchObject({
      status: 'retrying',
      attempts: [{ status, error: 'http_status' }],
    });
  });

  it('at a refused address is given up at once [NET-19]', async () => {
    const w = await newWorld();
    w.customer.answer = async () => ({
      kind: 'failed',
      error: 'address_refused',
      reason: 'the address is private',
      durationMs: 1,
      reconnected: false,
    });
    w.put('first', message());

    await w.run('first');

    expect(await w.recordOf()).toMatchObject({
      status: 'exhausted',
      attempts: [{ error: 'address_refused' }],
    });
    expect(w.counts('exhausted')).toMatchObject({ visible: 1 });
    expect(w.nextDueAt('retry1')).toBeUndefined();
  });

  it('that hung is followed up on the slow queue, with the same delay [FAULT-31]', async () => {
    const w = await newWorld();
    w.customer.answer = async () => ({
      kind: 'failed',
      error: 'timeout',
      reason: 'no answer',
      durationMs: 30_000,
      reconnected: false,
    });
    w.put('first', message());

    await w.run('first');

    expect(w.nextDueAt('retry1')).toBeUndefined();
    expect(w.nextDueAt('slow')).toBe(w.time.now + 1000);
  });

  it('publishes webhook.retry for an account that subscribes to it, and names webhook and delivery', async () => {
    const w = await newWorld();
    w.customer.answer = async () => answered(500);
    w.put('first', message({ wantedSystemEvents: ['webhook.retry', 'webhook.exhausted'] }));

    await w.run('first');

    expect(w.published).toHaveLength(1);
    expect(w.published[0]).toMatchObject({
      'detail-type': 'webhook.retry',
      detail: {
        account_id: 'acct_1',
        about_webhook_id: 'wh_1',
        data: {
          original_event_id: 'evt_1',
          retry_count: 0,
          webhook_id: 'wh_1',
          delivery_id: message().deliveryId,
        },
      },
    });
  });

  it('is not held up by a bus that takes nothing, and what is lost is counted [FAULT-35]', async () => {
    const w = await newWorld();
    w.customer.answer = async () => answered(500);
    w.intercept(async (call, next) =>
      call.action === 'PutEvents'
        ? { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'down' }] }
        : next(),
    );
    w.put('first', message({ wantedSystemEvents: ['webhook.retry'] }));

    const response = await w.run('first');

    expect(response.batchItemFailures).toEqual([]);
    expect(w.nextDueAt('retry1')).toBeDefined();
    expect(w.counters.get('system_event_lost')).toBe(1);
  });

  it('is not held up by a bus that is down [FAULT-35]', async () => {
    const w = await newWorld();
    w.customer.answer = async () => answered(500);
    w.intercept(down('PutEvents'));
    w.put('first', message({ wantedSystemEvents: ['webhook.retry'] }));

    const response = await w.run('first');

    expect(response.batchItemFailures).toEqual([]);
    expect(w.nextDueAt('retry1')).toBeDefined();
    expect(w.counters.get('system_event_lost')).toBe(1);
  });
});

describe('when our own side fails', () => {
  it('does not use the retry budget when webhooks cannot be read: the message comes back later each time [FAULT-21]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    const heal = w.intercept(down('BatchGetItem'));
    w.put('first', message({ rerun: true }));

    for (const seconds of [10, 20, 40]) {
      expect((await w.run('first')).batchItemFailures).toHaveLength(1);
      expect(w.nextDueAt('first')).toBe(w.time.now + seconds * 1000);
      w.time.now += seconds * 1000;
    }
    heal();
    await w.run('first');

    expect(w.posts.map(({ headers }) => headers['X-Webhook-Attempt'])).toEqual(['1']);
    expect((await w.recordOf())?.status).toBe('delivered');
  });

  it.each([
    ['first', 1],
    ['retry1', 2],
  ] as const)(
    'never sends a success again because its record cannot be written, and counts the lost record: on %s [FAULT-22]',
    async (queue, attempt) => {
      const w = await newWorld();
      await w.addWebhook();
      w.intercept(down('BatchWriteItem', 'UpdateItem'));
      w.put(queue, message({ attempt }));
      w.time.now += 1000;

      const response = await w.run(queue);

      expect(response.batchItemFailures).toEqual([]);
      expect(w.posts).toHaveLength(1);
      expect(w.counters.get('log_lost')).toBe(1);
    },
  );

  it.each([
    ['first', 1],
    ['retry1', 2],
  ] as const)('tries again in place to record a success: on %s [FAULT-22]', async (queue, attempt) => {
    const w = await newWorld();
    await w.addWebhook();
    w.put(queue, message({ attempt }));
    w.time.now += 1000;
    let writes = 0;
    w.intercept(async (call, next) => {
      if (call.action !== 'BatchWriteItem' && call.action !== 'UpdateItem') return next();
      if (++writes < 3) throw new AwsError({ code: 'ServiceUnavailable', message: 'down', status: 503 });
      return next();
    });

    const response = await w.run(queue);

    expect(response.batchItemFailures).toEqual([]);
    expect(w.posts).toHaveLength(1);
    expect(await w.recordOf()).toMatchObject({ status: 'delivered', attempts: [{ number: attempt }] });
    expect(w.counters.get('log_lost')).toBeUndefined();
  });

  it('retries a failure although its record cannot be written [FAULT-22]', async () => {
    const w = await newWorld();
    w.customer.answer = async () => answered(500);
    w.intercept(down('UpdateItem'));
    w.put('first', message());

    await w.run('first');

    expect(w.nextDueAt('retry1')).toBe(w.time.now + 1000);
    expect(w.counters.get('log_lost')).toBe(1);
  });

  it('goes on with its own failure when the answer to the record was lost after it took effect', async () => {
    const w = await newWorld();
    w.customer.answer = async () => answered(500);
    let cut = false;
    w.intercept(async (call, next) => {
      const output = await next();
      if (call.action === 'UpdateItem' && !cut) {
        cut = true;
        throw new AwsError({ code: 'TimeoutError', message: 'the answer was cut' });
      }
      return output;
    });
    w.put('first', message());

    await w.run('first');

    expect(w.nextDueAt('retry1')).toBe(w.time.now + 1000);
  });

  it('keeps the message when the retry cannot be enqueued, and redelivery enqueues it without another POST [FAULT-20]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    w.customer.answer = async () => answered(500);
    const heal = w.intercept(down('SendMessageBatch'));
    w.put('first', message());

    expect((await w.run('first')).batchItemFailures).toHaveLength(1);
    heal();
    while (w.nextDueAt('retry1') === undefined) {
      w.time.now = w.nextDueAt('first') ?? 0;
      await w.run('first');
    }

    expect(w.posts).toHaveLength(1);
    expect(w.nextDueAt('retry1')).toBe(w.time.now + 1000);
  });

  it('sends again only the entries that SQS refused [FAULT-15]', async () => {
    const w = await newWorld();
    w.customer.answer = async () => answered(500);
    const sizes: number[] = [];
    w.intercept(async (call, next) => {
      if (call.action !== 'SendMessageBatch') return next();
      const entries = call.input.Entries as { Id: string }[];
      sizes.push(entries.length);
      if (sizes.length > 1) return next();
      const output = await next({ ...call.input, Entries: entries.slice(3) });
      const refused = entries
        .slice(0, 3)
        .map(({ Id }) => ({ Id, SenderFault: false, Code: 'InternalError' }));
      return { ...output, Failed: refused };
    });
    for (let n = 0; n < 10; n++) w.put('first', message({ deliveryId: nth(n) }));

    const response = await w.run('first');

    expect(response.batchItemFailures).toEqual([]);
    expect(sizes).toEqual([10, 3]);
    w.time.now += 1000;
    expect(new Set(w.receiveMessages('retry1').map(({ deliveryId }) => deliveryId)).size).toBe(10);
  });

  it('gives back what it has no time for, and counts no attempt [FAULT-36]', async () => {
    const w = await newWorld();
    w.put('first', message());

    const response = await w.run('first', { timeLeftMs: 29_000 });

    expect(w.posts).toEqual([]);
    expect(response.batchItemFailures).toHaveLength(1);
    expect(w.nextDueAt('first')).toBe(w.time.now + 10_000);
  });
});

describe('a copy of a message', () => {
  it('that was sent before its environment died is sent again under the same ids, and one chain goes on [FAULT-2]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    w.put('first', message());
    const forget = w.intercept(down('BatchWriteItem', 'UpdateItem'));

    await w.runAndDie('first');
    forget();
    w.time.now += 120_000;
    await w.run('first');

    expect(w.posts).toHaveLength(2);
    expect(w.posts[1]?.headers['X-Webhook-Delivery']).toBe(w.posts[0]?.headers['X-Webhook-Delivery']);
    expect(w.posts[1]?.headers['X-Webhook-Attempt']).toBe('1');
    expect((await w.recordOf())?.status).toBe('delivered');
  });

  it('that was delivered is dropped [FAULT-5]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    w.put('first', message());

    await w.runAndDie('first');
    w.time.now += 120_000;
    await w.run('first');

    expect(w.posts).toHaveLength(1);
    expect(w.counters.get('duplicate_dropped')).toBe(1);
  });

  it('in the same batch waits for the other one [FAULT-5]', async () => {
    const w = await newWorld();
    w.put('first', message(), message());

    const response = await w.run('first');

    expect(w.posts).toHaveLength(1);
    expect(response.batchItemFailures).toHaveLength(1);
  });

  it('that succeeded wins over one that failed, in either order [FAULT-9]', async () => {
    for (const statuses of [
      [500, 200],
      [200, 500],
    ]) {
      const w = await newWorld();
      onTestFinished(() => w.close());
      await w.addWebhook();
      const answers = [...statuses];
      const gates: (() => void)[] = [];
      w.customer.answer = async () => {
        const status = answers.shift() ?? 500;
        await new Promise<void>((resolve) => gates.push(resolve));
        return answered(status);
      };
      w.put('first', message());
      const first = w.runAndDie('first');
      while (gates.length < 1) await new Promise(setImmediate);
      w.time.now += 120_000;
      const second = w.runAndDie('first');
      while (gates.length < 2) await new Promise(setImmediate);
      gates[0]?.();
      await first;
      gates[1]?.();
      await second;

      expect((await w.recordOf())?.status).toBe('delivered');
    }
  });
});

describe('a webhook that changed meanwhile', () => {
  const retry = message({ attempt: 2 });

  it('gets nothing more once it is deleted: canceled [FAULT-28]', async () => {
    const w = await newWorld();
    w.put('retry1', retry);
    w.time.now += 1000;

    await w.run('retry1');

    expect(w.posts).toEqual([]);
    expect((await w.recordOf())?.status).toBe('canceled');
  });

  it('gets nothing more while it is disabled: held [FAULT-28]', async () => {
    const w = await newWorld();
    await w.addWebhook({ status: 'disabled' });
    w.put('retry1', retry);
    w.time.now += 1000;

    await w.run('retry1');

    expect(w.posts).toEqual([]);
    expect(await w.recordOf()).toMatchObject({ status: 'held', reason: 'the webhook is disabled' });
  });

  it('gets no retry of an event type that it no longer wants: canceled', async () => {
    const w = await newWorld();
    await w.addWebhook({ events: ['user.*'] });
    w.put('retry1', retry);
    w.time.now += 1000;

    await w.run('retry1');

    expect(w.posts).toEqual([]);
    expect(await w.recordOf()).toMatchObject({
      status: 'canceled',
      reason: 'the webhook no longer subscribes to file.uploaded',
    });
  });

  it('gets retries at its URL of now', async () => {
    const w = await newWorld();
    await w.addWebhook({ url: 'https://moved.example/hook' });
    w.put('retry1', retry);
    w.time.now += 1000;

    await w.run('retry1');

    expect(w.posts[0]?.url).toBe('https://moved.example/hook');
  });

  it('gets retries at the URL in force while another one waits for its challenge [FAULT-28]', async () => {
    const w = await newWorld();
    await w.addWebhook({ url: 'https://old.example/hook', pendingUrl: 'https://moved.example/hook' });
    w.put('retry1', retry);
    w.time.now += 1000;

    await w.run('retry1');

    expect(w.posts[0]?.url).toBe('https://old.example/hook');
  });

  it('whose secret does not open holds its own deliveries, and no others [FAULT-27]', async () => {
    const w = await newWorld();
    await w.addWebhook({ secrets: [{ dataKey: 1, sealed: 'AAAA', createdAt: '' }] });
    await w.addWebhook({ id: webhookId('wh_2') });
    w.put('retry1', retry, message({ attempt: 2, webhookId: webhookId('wh_2'), deliveryId: nth(2) }));
    w.time.now += 1000;

    await w.run('retry1');

    expect(w.posts).toHaveLength(1);
    expect(await w.recordOf()).toMatchObject({ status: 'held', reason: SECRET_UNREADABLE });
  });
});

describe('a challenge', () => {
  const body = JSON.stringify({ type: 'webhook.verification', data: { challenge: 'c-123' } });
  const challenge = message({
    kind: 'verification',
    eventId: eventId('evt_v'),
    eventType: 'webhook.verification',
    body,
  });
  const pending = {
    status: 'pending',
    verified: false,
    verification: { id: eventId('evt_v'), url: challenge.url, startedAt: '2026-01-15T10:30:00.000Z' },
  } as const;

  it('that is echoed makes its webhook active', async () => {
    const w = await newWorld();
    await w.addWebhook(pending);
    w.customer.answer = async () => answered(200, { body: '{"challenge":"c-123","more":1}' });
    w.put('first', challenge);

    await w.run('first');

    expect(await w.webhooks.get(challenge.accountId, challenge.webhookId)).toMatchObject({
      status: 'active',
      verified: true,
    });
  });

  it.each(['', 'OK', '{"challenge":"other"}', '{"data":{"challenge":"c-123"}}', '"c-123"', '[]'])(
    'that is answered with %j is tried again, and fails for good after four times [URL-16]',
    async (answer) => {
      const w = await newWorld();
      await w.addWebhook(pending);
      w.customer.answer = async () => answered(200, { body: answer });
      w.put('first', challenge);

      await w.run('first');
      for (const [queue, seconds] of [
        ['retry1', 1],
        ['retry2', 5],
        ['retry3', 30],
      ] as const) {
        w.time.now += seconds * 1000;
        await w.run(queue);
      }

      const webhook = await w.webhooks.get(challenge.accountId, challenge.webhookId);
      expect(w.posts).toHaveLength(4);
      expect(webhook).toMatchObject({ status: 'verification_failed', verified: false });
      expect(webhook?.verificationError).toContain('"challenge"');
      expect(w.counts('exhausted')).toMatchObject({ visible: 0 });
    },
  );

  it('that was answered before its environment died activates after redelivery [FAULT-11]', async () => {
    const w = await newWorld();
    await w.addWebhook(pending);
    w.customer.answer = async () => answered(200, { body: '{"challenge":"c-123"}' });
    w.put('first', challenge);
    const heal = w.intercept(down('UpdateItem'));

    await w.runAndDie('first');
    expect((await w.webhooks.get(challenge.accountId, challenge.webhookId))?.status).toBe('pending');
    heal();
    w.time.now += 120_000;
    await w.run('first');

    expect((await w.webhooks.get(challenge.accountId, challenge.webhookId))?.status).toBe('active');
  });

  it('for a new URL is sent there at every attempt, and never to the one in force [URL-16]', async () => {
    const w = await newWorld();
    const url = 'https://moved.example/hook';
    const verification = { ...pending.verification, url };
    await w.addWebhook({ url: 'https://old.example/hook', pendingUrl: url, verification });
    w.customer.answer = async () => answered(500);
    w.put('first', { ...challenge, url });

    await w.run('first');
    w.time.now += 1000;
    await w.run('retry1');

    expect(w.posts.map((post) => post.url)).toEqual([url, url]);
  });

  it('that was answered while its webhook could not be changed comes back, and activates it then [FAULT-11]', async () => {
    const w = await newWorld();
    await w.addWebhook(pending);
    w.customer.answer = async () => answered(200, { body: '{"challenge":"c-123"}' });
    w.put('first', challenge);
    const heal = w.intercept(down('UpdateItem'));

    const response = await w.run('first');
    heal();
    w.time.now += 10_000;
    await w.run('first');

    expect(response.batchItemFailures).toHaveLength(1);
    expect((await w.webhooks.get(challenge.accountId, challenge.webhookId))?.status).toBe('active');
  });

  it('that a newer one replaced activates nothing [URL-16, FAULT-11]', async () => {
    const w = await newWorld();
    await w.addWebhook({ ...pending, verification: { ...pending.verification, id: eventId('evt_newer') } });
    w.customer.answer = async () => answered(200, { body: '{"challenge":"c-123"}' });
    w.put('first', challenge);

    await w.run('first');

    expect((await w.webhooks.get(challenge.accountId, challenge.webhookId))?.status).toBe('pending');
  });
});

describe('what cannot be read', () => {
  it('is sent to the unreadable queue at once, unchanged, and its batch mates are delivered [FAULT-13]', async () => {
    const w = await newWorld();
    w.putText('first', 'not json');
    w.put('first', message());

    const response = await w.run('first');

    expect(response.batchItemFailures).toEqual([]);
    expect(w.posts).toHaveLength(1);
    const [unreadable] = w.receiveAll('unreadable');
    expect(unreadable?.body).toBe('not json');
    expect(unreadable?.attributes).toMatchObject({
      reason: { stringValue: 'the message is not JSON' },
      queue_arn: { stringValue: expect.stringContaining(':first') },
    });
  });

  it('because of its version is returned for a deployment that can read it', async () => {
    const w = await newWorld();
    const unknown = JSON.stringify({ ...JSON.parse(encodeMessage(message())), v: 99 });
    w.putText('first', unknown);

    await w.run('first');

    expect(w.receiveTexts('unreadable')).toEqual([]);
    expect(w.nextDueAt('first')).toBe(w.time.now + 10_000);
    w.time.now += 10_000;
    expect(w.receiveTexts('first')).toEqual([unknown]);
  });
});

describe('a system event whose delivery fails for the last time', () => {
  it('is recorded, and nothing is sent to the exhausted queue', async () => {
    const w = await newWorld();
    await w.addWebhook({ events: ['webhook.*'] });
    w.customer.answer = async () => answered(500);
    const last = message({ eventType: 'webhook.retry', attempt: 4 });
    w.put('retry3', last);
    w.time.now += 30_000;

    await w.run('retry3');

    expect(await w.recordOf(last)).toMatchObject({ status: 'exhausted' });
    expect(w.counts('exhausted')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });
});

describe('an event published again whose delivery is exhausted', () => {
  it('leaves one record and one message on the exhausted queue', async () => {
    const w = await newWorld();
    await w.addWebhook();
    w.customer.answer = async () => ({
      kind: 'failed',
      error: 'address_refused',
      reason: 'the address is private',
      durationMs: 1,
      reconnected: false,
    });
    w.put('first', message());
    await w.run('first');

    w.put('first', message({ rerun: true }));
    await w.run('first');

    expect(w.posts).toHaveLength(1);
    expect(w.counts('exhausted')).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
    expect(w.counts('first')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });
});

describe('an exhausted message that comes back', () => {
  it('is a new delivery that names the old one and starts over, once however often it is copied [FAULT-10]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    const old = message({ attempt: 4, exhausted: true });
    w.put('first', old);
    await w.run('first');
    w.put('first', old);
    await w.run('first');

    expect(w.posts).toHaveLength(1);
    const headers = w.posts[0]?.headers;
    expect(headers?.['X-Webhook-Attempt']).toBe('1');
    expect(headers?.['X-Webhook-Delivery']).not.toBe(old.deliveryId);
    const renamed = { ...old, deliveryId: headers?.['X-Webhook-Delivery'] } as DeliveryMessage;
    expect(await w.recordOf(renamed)).toMatchObject({ status: 'delivered', redriveOf: old.deliveryId });
  });
});

function nth(n: number) {
  return `dlv_${String(n).padStart(10, '0')}` as DeliveryMessage['deliveryId'];
}
