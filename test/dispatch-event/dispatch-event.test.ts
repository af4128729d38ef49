import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { deliveryIdOf } from '../../lambdas/shared/domain/ids.ts';
import { SECRET_UNREADABLE } from '../../lambdas/shared/domain/webhook.ts';
import { AwsError, type Interceptor } from '../../local/calls.ts';
import { accountId, eventId, message, NOW, webhookId } from '../support/builders.ts';
import { createWorld, SECRET, SYSTEM_SOURCE, type World } from '../support/world.ts';

let world: World | undefined;

async function newWorld(): Promise<World> {
  world = await createWorld();
  return world;
}

afterEach(async () => {
  await world?.close();
});

const DEADLINE = NOW + 55_000;
const BUS_ID = '6a7e8feb-b491-4cf7-a9f1-bf3703467718';

function busEvent(change: Record<string, unknown> = {}, detail: Record<string, unknown> = {}) {
  return {
    version: '0',
    id: BUS_ID,
    'detail-type': 'file.uploaded',
    source: 'ppt',
    account: '000000000000',
    time: '2026-01-15T10:30:00Z',
    region: 'us-east-1',
    resources: [],
    detail: { account_id: 'acct_1', id: 'evt_1', data: { file_id: 'file_1' }, ...detail },
    ...change,
  };
}

/** As JSON.parse makes it: JSON.stringify could not write it. */
function nested(depth: number): unknown {
  return JSON.parse('['.repeat(depth) + ']'.repeat(depth));
}

function down(...actions: string[]): Interceptor {
  return async (call, next) => {
    if (actions.includes(call.action))
      throw new AwsError({ code: 'ServiceUnavailable', message: 'down', status: 503 });
    return next();
  };
}

function parked(body: string, receiveCount = 1) {
  return {
    Records: [
      {
        messageId: 'm-1',
        receiptHandle: 'r-1',
        body,
        attributes: { ApproximateReceiveCount: String(receiveCount) },
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:parked',
      },
    ],
  };
}

describe('an event', () => {
  it('becomes one signed delivery for each active webhook of its account that subscribed to it', async () => {
    const w = await newWorld();
    await w.addWebhook({ id: webhookId('wh_exact'), events: ['file.uploaded'] });
    await w.addWebhook({ id: webhookId('wh_prefix'), events: ['file.*'] });
    await w.addWebhook({ id: webhookId('wh_all'), events: ['*'] });
    await w.addWebhook({ id: webhookId('wh_other'), events: ['user.*'] });
    await w.addWebhook({ id: webhookId('wh_foreign'), accountId: accountId('acct_2') });
    await w.addWebhook({ id: webhookId('wh_pending'), status: 'pending', verified: false });

    await w.dispatch(busEvent(), DEADLINE);

    const messages = w.receiveMessages('first');
    expect(messages.map((one) => one.webhookId).sort()).toEqual(['wh_all', 'wh_exact', 'wh_prefix']);
    const [one] = messages;
    const body =
      '{"id":"evt_1","type":"file.uploaded","created":"2026-01-15T10:30:00Z","data":{"file_id":"file_1"}}';
    expect(one).toMatchObject({ attempt: 1, kind: 'event', rerun: false, body, maxAttempts: 4 });
    const hex = createHmac('sha256', SECRET)
      .update(`${NOW / 1000}.${body}`)
      .digest('hex');
    expect(one?.signed.hex).toBe(hex);
    const verify = new StandardWebhook(SECRET, { format: 'raw' });
    expect(verify.sign('evt_1', new Date(NOW), body)).toBe(one?.signed.standard);
  });

  it.each(['pending', 'verification_failed'] as const)(
    'leaves nothing at all for a webhook that nobody verified: %s',
    async (status) => {
      const w = await newWorld();
      await w.addWebhook({ status, verified: false });

      await w.dispatch(busEvent(), DEADLINE);

      expect(w.counts('first')).toMatchObject({ visible: 0 });
      expect(w.counters.get('held')).toBeUndefined();
    },
  );

  it("without an id and a time takes the bus's", async () => {
    const w = await newWorld();
    await w.addWebhook();

    await w.dispatch(busEvent({}, { id: undefined, created: undefined }), DEADLINE);

    expect(w.receiveMessages('first')[0]).toMatchObject({
      eventId: 'evt_6a7e8febb4914cf7a9f1bf3703467718',
      body: expect.stringContaining('"created":"2026-01-15T10:30:00Z"'),
    });
  });

  it.each([
    ['before the first computers', '1969-12-31T23:59:59Z'],
    ['longer ago than any queue keeps it, as from an archive', '2025-12-31T10:29:00Z'],
    ['in the far future', '2099-01-01T00:00:00Z'],
  ])('with a time %s counts as accepted now, and is created when its publisher says', async (_, time) => {
    const w = await newWorld();
    await w.addWebhook();

    await w.dispatch(busEvent({ time }), DEADLINE);

    const [message] = w.receiveMessages('first');
    expect(message).toMatchObject({ acceptedAt: NOW, body: expect.stringContaining(`"created":"${time}"`) });
  });

  it('that waited for two weeks keeps the time at which the bus accepted it', async () => {
    const w = await newWorld();
    await w.addWebhook();
    const time = new Date(NOW - 14 * 86_400_000).toISOString();

    await w.dispatch(busEvent({ time }), DEADLINE);

    expect(w.receiveMessages('first')[0]?.acceptedAt).toBe(Date.parse(time));
  });

  it('for a disabled webhook is recorded as held, and goes to the slow queue for a slow one', async () => {
    const w = await newWorld();
    const disabled = await w.addWebhook({ id: webhookId('wh_off'), status: 'disabled' });
    await w.addWebhook({ id: webhookId('wh_slow'), slowSince: '2026-01-15T10:00:00.000Z' });

    await w.dispatch(busEvent(), DEADLINE);

    const [slow] = w.receiveMessages('slow');
    expect(slow?.webhookId).toBe('wh_slow');
    expect(w.counts('first')).toMatchObject({ visible: 0 });
    expect(w.counters.get('held')).toBe(1);
    expect(disabled.status).toBe('disabled');
  });

  it('goes to the URL in force while another one waits for its challenge', async () => {
    const w = await newWorld();
    await w.addWebhook({ url: 'https://old.example/hook', pendingUrl: 'https://moved.example/hook' });

    await w.dispatch(busEvent(), DEADLINE);

    expect(w.receiveMessages('first').map(({ url }) => url)).toEqual(['https://old.example/hook']);
  });

  it('says which system events the account wants, unless it is one itself', async () => {
    const w = await newWorld();
    await w.addWebhook({ id: webhookId('wh_1'), events: ['*', 'webhook.retry'] });

    await w.dispatch(busEvent(), DEADLINE);
    await w.dispatch(
      busEvent(
        { 'detail-type': 'webhook.retry', source: SYSTEM_SOURCE },
        { id: 'evt_2', about_webhook_id: 'wh_1' },
      ),
      DEADLINE,
    );

    const [event, systemEvent] = w.receiveMessages('first');
    expect(event).toMatchObject({ wantedSystemEvents: ['webhook.retry'], maxAttempts: 4 });
    expect(systemEvent).toMatchObject({ eventType: 'webhook.retry', wantedSystemEvents: [], maxAttempts: 1 });
  });

  it('goes to any number of webhooks once each, in batches of ten', async () => {
    const w = await newWorld();
    for (let n = 0; n < 25; n++) await w.addWebhook({ id: webhookId(`wh_${n}`) });
    const made: string[] = [];
    w.intercept(async (call, next) => {
      made.push(call.action);
      return next();
    });

    await w.dispatch(busEvent(), DEADLINE);

    expect(new Set(w.receiveMessages('first').map((one) => one.deliveryId)).size).toBe(25);
    expect(made.filter((action) => action === 'SendMessageBatch')).toHaveLength(3);
  });
});

describe('an event that is run again', () => {
  it('makes the same deliveries, marked as a re-run, whatever changed meanwhile', async () => {
    const w = await newWorld();
    await w.addWebhook({ id: webhookId('wh_1') });
    await w.dispatch(busEvent(), DEADLINE);
    await w.addWebhook({ id: webhookId('wh_later') });

    w.time.now += 60_000;
    await w.dispatch(busEvent({ id: 'another', time: '2026-01-15T10:31:00Z' }), DEADLINE);

    const [first, again, ...more] = w.receiveMessages('first');
    expect(more).toEqual([]);
    expect(again).toMatchObject({ rerun: true, deliveryId: first?.deliveryId, body: first?.body });
  });

  it('is no other event where its publisher gives no time, and the bus another one', async () => {
    const w = await newWorld();
    await w.addWebhook();
    await w.dispatch(busEvent(), DEADLINE);

    await w.dispatch(busEvent({ id: 'another', time: '2026-01-15T10:31:00Z' }), DEADLINE);

    expect(w.counters.get('event_rerun')).toBe(1);
    expect(w.counters.get('event_id_conflict')).toBeUndefined();
  });

  it('keeps the first body under its id, and counts another one', async () => {
    const w = await newWorld();
    await w.addWebhook();
    await w.dispatch(busEvent(), DEADLINE);

    await w.dispatch(busEvent({}, { data: { file_id: 'another' } }), DEADLINE);

    const [first, again] = w.receiveMessages('first');
    expect(again?.body).toBe(first?.body);
    expect(w.counters.get('event_id_conflict')).toBe(1);
  });

  it('completes what a crash left half done, between storing and enqueueing', async () => {
    const w = await newWorld();
    for (let n = 0; n < 25; n++) await w.addWebhook({ id: webhookId(`wh_${n}`) });
    let sends = 0;
    const heal = w.intercept(async (call, next) => {
      if (call.action === 'SendMessageBatch' && ++sends > 1)
        throw new AwsError({ code: 'Crash', message: 'gone' });
      return next();
    });

    await expect(w.dispatch(busEvent(), DEADLINE)).rejects.toThrow('15 of 25 deliveries were not enqueued');
    heal();
    await w.dispatch(busEvent(), DEADLINE);

    const ids = w.receiveMessages('first').map((one) => one.deliveryId);
    expect(ids).toHaveLength(35);
    expect(new Set(ids).size).toBe(25);
  });

  it('records a delivery as canceled when its webhook was deleted in between', async () => {
    const w = await newWorld();
    const { accountId: account, id } = await w.addWebhook();
    await w.dispatch(busEvent(), DEADLINE);
    const [message] = w.receiveMessages('first');
    await w.webhooks.remove(account, id);

    await w.dispatch(busEvent(), DEADLINE);

    expect(await w.recordOf(message)).toMatchObject({
      status: 'canceled',
      reason: 'the webhook was deleted',
    });
  });
});

describe('an event that cannot be run now', () => {
  it.each(['Query', 'PutItem', 'SendMessageBatch', 'Decrypt'])(
    'fails its invocation while %s is down',
    async (action) => {
      const w = await newWorld();
      await w.addWebhook();
      const heal = w.intercept(down(action));

      await expect(w.dispatch(busEvent(), DEADLINE)).rejects.toThrow();

      expect(w.counts('first')).toMatchObject({ visible: 0 });
      heal();
      await w.dispatch(busEvent(), DEADLINE);
      expect(w.receiveMessages('first')).toHaveLength(1);
    },
  );

  it('is run from the parked queue in either shape, and goes back while it still cannot', async () => {
    const w = await newWorld();
    await w.addWebhook();
    const asEvent = JSON.stringify(busEvent({}, { id: 'evt_a' }));
    const asFailedInvocation = JSON.stringify({
      version: '1.0',
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: busEvent({}, { id: 'evt_b' }),
      responsePayload: null,
    });
    const heal = w.intercept(down('Query'));

    expect(await w.dispatch(parked(asEvent), DEADLINE)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm-1' }],
    });
    heal();
    expect(await w.dispatch(parked(asEvent), DEADLINE)).toEqual({ batchItemFailures: [] });
    expect(await w.dispatch(parked(asFailedInvocation), DEADLINE)).toEqual({ batchItemFailures: [] });

    expect(w.receiveMessages('first').map((one) => one.eventId)).toEqual([
      eventId('evt_a'),
      eventId('evt_b'),
    ]);
  });
});

describe('events that could not be run before', () => {
  it('are run one after another, so that a few large ones do not all run out of time', async () => {
    const w = await newWorld();
    await w.addWebhook();
    let [now, most] = [0, 0];
    w.intercept(async ({ action }, next) => {
      if (action !== 'Query') return next();
      now++;
      most = Math.max(most, now);
      const output = await next();
      now--;
      return output;
    });
    const bodies = ['evt_a', 'evt_b', 'evt_c'].map((id) => JSON.stringify(busEvent({}, { id })));

    await w.dispatch({ Records: bodies.flatMap((body) => parked(body).Records) }, DEADLINE);

    expect(most).toBe(1);
    expect(w.receiveMessages('first')).toHaveLength(3);
  });

  it('go back without being begun when the time is up', async () => {
    const w = await newWorld();
    await w.addWebhook();
    let queries = 0;
    w.intercept(async ({ action }, next) => {
      if (action === 'Query' && ++queries === 1) w.time.now = DEADLINE;
      return next();
    });
    const bodies = ['evt_a', 'evt_b'].map((id) => JSON.stringify(busEvent({}, { id })));

    await w.dispatch({ Records: bodies.flatMap((body) => parked(body).Records) }, DEADLINE);

    expect(queries).toBe(1);
  });
});

describe('a parked event that goes back', () => {
  it('waits for longer each time', async () => {
    const w = await newWorld();
    const waits: unknown[] = [];
    w.intercept(down('Query'));
    w.intercept(async (call, next) => {
      if (call.action === 'ChangeMessageVisibilityBatch') {
        const entries = call.input.Entries as { VisibilityTimeout: number }[];
        waits.push(...entries.map(({ VisibilityTimeout }) => VisibilityTimeout));
      }
      return next();
    });

    for (const receiveCount of [1, 2, 3, 20]) {
      await w.dispatch(parked(JSON.stringify(busEvent()), receiveCount), DEADLINE);
    }

    expect(waits).toEqual([10, 20, 40, 900]);
  });

  it("goes back when the function's own time is up, too", async () => {
    const w = await newWorld();
    w.intercept((call, next) => (call.action === 'Query' ? new Promise(() => undefined) : next()));

    const answer = await w.dispatch(parked(JSON.stringify(busEvent())), w.time.now + 20);

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
  });
});

describe('an event that can never be dispatched', () => {
  it.each([
    ['an unknown type', busEvent({ 'detail-type': 'file.renamed' }), 'not in the catalogue'],
    ['a reserved type', busEvent({ 'detail-type': 'webhook.retry' }), 'reserved'],
    ['no account', busEvent({}, { account_id: undefined }), 'account_id'],
    ['an impossible account', busEvent({}, { account_id: 'a b' }), 'account_id'],
    ['an impossible id', busEvent({}, { id: 'evt 1' }), 'Detail.id'],
    ['a time without a zone', busEvent({}, { created: '2026-01-15T10:30:00' }), 'ISO 8601'],
    ['data that is no object', busEvent({}, { data: 'text' }), 'Detail.data'],
    ['no detail', busEvent({ detail: null }), 'Detail must be'],
    ['one byte too many', busEvent({}, { data: { text: 'x'.repeat(262_144) } }), 'at most 262144'],
    ['data nested 10,000 deep', busEvent({}, { data: { deep: nested(10_000) } }), 'nested too deeply'],
    [
      'an unknown type, nested 10,000 deep',
      busEvent({ 'detail-type': 'file.renamed' }, { data: { deep: nested(10_000) } }),
      'not in the catalogue',
    ],
    [
      'too many bytes in half as many characters',
      busEvent({}, { data: { text: 'é'.repeat(131_072) } }),
      'at most 262144',
    ],
    ['no shape at all', 'hello', 'not an EventBridge event'],
  ])('with %s is set aside at once with the reason', async (_, event, reason) => {
    const w = await newWorld();

    await w.dispatch(event, DEADLINE);

    const [text] = w.receiveTexts('undispatched');
    expect(JSON.parse(text ?? '{}').reason).toContain(reason);
    expect(Buffer.byteLength(text ?? '')).toBeLessThan(10_000);
  });

  it('names what can be read of it', async () => {
    const w = await newWorld();

    await w.dispatch(busEvent({ 'detail-type': 'file.renamed' }), DEADLINE);

    expect(JSON.parse(w.receiveTexts('undispatched')[0] ?? '{}')).toMatchObject({
      bus_event_id: BUS_ID,
      account_id: 'acct_1',
      event_id: 'evt_1',
      event_type: 'file.renamed',
      excerpt: expect.stringContaining('"detail-type":"file.renamed"'),
    });
  });

  it('fails its invocation while it cannot be set aside', async () => {
    const w = await newWorld();
    w.intercept(down('SendMessageBatch'));

    await expect(w.dispatch(busEvent({ 'detail-type': 'file.renamed' }), DEADLINE)).rejects.toThrow(
      'not set aside',
    );
  });

  it('is never a crash, whatever arrives', async () => {
    const w = await newWorld();

    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.anything(), async (detail, type) => {
        await w.dispatch(busEvent({ detail, 'detail-type': type }), DEADLINE);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a webhook of the account that is broken', () => {
  it('is skipped and counted when it cannot be read, and the others receive', async () => {
    const w = await newWorld();
    await w.addWebhook({ id: webhookId('wh_1') });
    // Without any secret it is no whole webhook.
    await w.addWebhook({ id: webhookId('wh_2'), secrets: [] });

    await w.dispatch(busEvent(), DEADLINE);

    expect(w.receiveMessages('first').map((one) => one.webhookId)).toEqual(['wh_1']);
    expect(w.counters.get('webhook_unreadable')).toBe(1);
  });

  it('does not keep the others from receiving', async () => {
    const w = await newWorld();
    await w.addWebhook({ id: webhookId('wh_1') });
    await w.addWebhook({ id: webhookId('wh_2'), secrets: [{ dataKey: 1, sealed: 'AAAA', createdAt: '' }] });

    await w.dispatch(busEvent(), DEADLINE);

    expect(w.receiveMessages('first').map((one) => one.webhookId)).toEqual(['wh_1']);
    expect(w.counters.get('held')).toBe(1);
    const names = { accountId: accountId(), eventId: eventId(), webhookId: webhookId('wh_2') };
    const held = message({ ...names, deliveryId: deliveryIdOf({ ...names, acceptedAt: NOW }) });
    expect(await w.recordOf(held)).toMatchObject({ status: 'held', reason: SECRET_UNREADABLE });
  });
});
