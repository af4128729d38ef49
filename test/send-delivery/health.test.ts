import { describe, expect, it } from 'vitest';
import type { DeliveryMessage } from '../../lambdas/shared/domain/delivery.ts';
import type { Webhook } from '../../lambdas/shared/domain/webhook.ts';
import type { PostRequest, PostResult } from '../../lambdas/shared/http/post.ts';
import { message, webhookId } from '../support/builders.ts';
import { actionsOf, auditOf, type Cloud, newCloud, outage, recordCalls } from '../support/new-cloud.ts';
import { answered } from '../support/post-results.ts';
import { nthDeliveryId, TIMED_OUT, VISIBILITY_MS } from './builders.ts';

const MINUTE = 60_000;
const DISABLE_AFTER = { exhausted: 4, hours: 1 };
const SYSTEM_EVENTS = ['webhook.retry', 'webhook.exhausted', 'webhook.warned', 'webhook.disabled'];

/** The last attempt of a delivery. */
function last(n: number, change: Partial<DeliveryMessage> = {}): DeliveryMessage {
  return message({
    deliveryId: nthDeliveryId(n),
    attempt: 4,
    subscribedSystemEvents: SYSTEM_EVENTS,
    ...change,
  });
}

async function run(cloud: Cloud, ...messages: DeliveryMessage[]): Promise<void> {
  cloud.put('slow', ...messages);
  await cloud.run('slow');
}

/** Exhausts one delivery for each number. */
async function exhaust(cloud: Cloud, ...numbers: number[]): Promise<void> {
  cloud.customer.answer = async () => answered(500);
  await run(cloud, ...numbers.map((n) => last(n)));
}

async function stored(cloud: Cloud): Promise<Webhook> {
  const webhook = await cloud.webhooks.get(message().accountId, message().webhookId);
  if (webhook === undefined) throw new Error('the webhook does not exist');
  return webhook;
}

function typesPublished(cloud: Cloud): string[] {
  return cloud.published.map(({ 'detail-type': type }) => type);
}

/** The data of the system events of a type. */
function published(cloud: Cloud, type: string): unknown[] {
  return cloud.published
    .filter((event) => event['detail-type'] === type)
    .map(({ detail }) => Reflect.get(Object(detail), 'data'));
}

async function failingCloud(): Promise<Cloud> {
  const cloud = await newCloud({ disableAfter: DISABLE_AFTER });
  await cloud.addWebhook({ events: ['*', 'webhook.*'] });
  return cloud;
}

describe('an exhausted delivery', () => {
  it('is counted, with one write for the deliveries of a batch', async () => {
    const cloud = await failingCloud();
    const calls = recordCalls(cloud);

    await exhaust(cloud, 1, 2, 3);

    expect(await stored(cloud)).toMatchObject({
      exhaustedInRow: 3,
      failingSince: new Date(cloud.time.now + 20).toISOString(),
    });
    const writes = calls.filter(
      ({ action, input }) => action === 'UpdateItem' && /webhooks/.test(String(input.TableName)),
    );
    expect(writes).toHaveLength(1);
  });

  it.each([
    ['a test', { kind: 'test' as const }],
    ['a challenge', { kind: 'verification' as const }],
    ['a system event', { eventType: 'webhook.exhausted' }],
    ['an event of the canary', { eventType: 'webhook.canary' }],
  ])('does not count when it is %s', async (_, change) => {
    const cloud = await failingCloud();
    cloud.customer.answer = async () => answered(500);
    cloud.put('first', message({ maxAttempts: 1, ...change }));

    await cloud.run('first');

    expect(await cloud.recordOf()).toMatchObject({ status: 'exhausted' });
    expect((await stored(cloud)).exhaustedInRow).toBeUndefined();
  });

  it('counts once when its message is delivered again [FAULT-41]', async () => {
    const cloud = await failingCloud();
    await exhaust(cloud, 1);
    cloud.time.now += 10 * VISIBILITY_MS;

    await exhaust(cloud, 1);
    cloud.put('slow', last(1));
    await cloud.runAndDie('slow');
    cloud.time.now += 10 * VISIBILITY_MS;
    await cloud.run('slow');

    expect(await stored(cloud)).toMatchObject({ exhaustedInRow: 1 });
  });

  it('does not count when its record could not be written [FAULT-41]', async () => {
    const cloud = await failingCloud();
    const endOutage = cloud.intercept(outage('UpdateItem'));

    await exhaust(cloud, 1);
    endOutage();

    expect((await stored(cloud)).exhaustedInRow).toBeUndefined();
    expect(cloud.receiveMessages('exhausted')).toHaveLength(1);
  });

  it('is sent to the exhausted queue and acknowledged when it cannot be counted [FAULT-41]', async () => {
    const cloud = await failingCloud();
    cloud.intercept(async (call, next) =>
      /webhooks/.test(String(call.input.TableName)) ? outage('UpdateItem')(call, next) : next(),
    );
    cloud.customer.answer = async () => answered(500);
    cloud.put('slow', last(1));

    const response = await cloud.run('slow');

    expect(response.batchItemFailures).toEqual([]);
    expect(cloud.receiveMessages('exhausted')).toHaveLength(1);
    expect(cloud.counters.get('health_lost')).toBe(1);
  });
});

describe('a delivery that no endpoint answered', () => {
  const unanswered = async (cloud: Cloud): Promise<void> => {
    cloud.customer.answer = async () => TIMED_OUT;
    await run(cloud, last(1));
  };
  const otherAnswers = async (cloud: Cloud): Promise<void> => {
    await cloud.addWebhook({ id: webhookId('wh_2'), url: 'https://other.example/' });
    cloud.customer.answer = async () => answered(200);
    await run(cloud, last(2, { webhookId: webhookId('wh_2') }));
  };

  it('does not count: the fault may be in our own network [FAULT-40]', async () => {
    const cloud = await failingCloud();

    await unanswered(cloud);

    expect((await stored(cloud)).exhaustedInRow).toBeUndefined();
  });

  it('counts when another host answered within the last minute [FAULT-40]', async () => {
    const cloud = await failingCloud();
    await otherAnswers(cloud);
    cloud.time.now += MINUTE - 1;

    await unanswered(cloud);

    expect(await stored(cloud)).toMatchObject({ exhaustedInRow: 1 });
  });

  it('does not count when the other host answered earlier, or only its own host did [FAULT-40]', async () => {
    const cloud = await failingCloud();
    await otherAnswers(cloud);
    cloud.time.now += MINUTE;
    cloud.customer.answer = async () => answered(200);
    await run(cloud, last(3));

    await unanswered(cloud);

    expect((await stored(cloud)).exhaustedInRow).toBeUndefined();
  });

  it('counts when an earlier attempt was answered', async () => {
    const cloud = await failingCloud();
    cloud.customer.answer = async () => TIMED_OUT;
    const earlier = {
      number: 1,
      at: cloud.time.now,
      durationMs: 5,
      status: 500,
      error: 'http_status' as const,
    };

    await run(cloud, last(1, { history: [earlier] }));

    expect(await stored(cloud)).toMatchObject({ exhaustedInRow: 1 });
  });
});

describe('a delivery that succeeds', () => {
  const failing = {
    exhaustedInRow: 3,
    failingSince: '2026-01-15T10:00:00.000Z',
    warnedAt: '2026-01-15T10:10:00.000Z',
  };
  const cleared = (webhook: Webhook): boolean =>
    [webhook.exhaustedInRow, webhook.failingSince, webhook.warnedAt].every((value) => value === undefined);

  it.each([
    ['a retry', 'retry1' as const, { attempt: 2 }],
    ['a first attempt that was dispatched to a failing webhook', 'first' as const, { failing: true }],
  ])('clears the failures of its webhook: %s', async (_, queue, change) => {
    const cloud = await newCloud();
    await cloud.addWebhook(failing);
    cloud.put(queue, message(change));
    cloud.time.now += 1_000;

    await cloud.run(queue);

    expect(cleared(await stored(cloud))).toBe(true);
  });

  it('writes no webhook when the webhook is healthy: neither a first attempt nor a retry', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.put('first', message());
    cloud.put('retry1', message({ attempt: 2, deliveryId: nthDeliveryId(2) }));
    const calls = recordCalls(cloud);

    await cloud.run('first');
    cloud.time.now += 1_000;
    await cloud.run('retry1');

    const tables = calls
      .filter(({ action }) => action === 'UpdateItem')
      .map(({ input }) => String(input.TableName));
    expect(tables.filter((name) => /webhooks/.test(name))).toEqual([]);
    expect(actionsOf(calls)).toContain('BatchWriteItem');
  });

  it('clears once for all deliveries of a batch', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook(failing);
    const calls = recordCalls(cloud);

    cloud.put('first', ...[1, 2, 3].map((n) => message({ deliveryId: nthDeliveryId(n), failing: true })));
    await cloud.run('first');

    expect(actionsOf(calls).filter((action) => action === 'UpdateItem')).toHaveLength(1);
  });

  it('does not clear when it is a test', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook(failing);

    await run(cloud, message({ kind: 'test', attempt: 2 }));

    expect(await stored(cloud)).toMatchObject(failing);
  });
});

describe('a webhook that keeps failing', () => {
  it('is warned about at half of both thresholds, once, and disabled at both [NET-26]', async () => {
    const cloud = await failingCloud();
    await exhaust(cloud, 1, 2, 3);
    expect(typesPublished(cloud)).not.toContain('webhook.warned');

    cloud.time.now += 30 * MINUTE + 100;
    await exhaust(cloud, 4);
    await exhaust(cloud, 5);
    const warned = await stored(cloud);
    cloud.time.now += 30 * MINUTE;
    await exhaust(cloud, 6);

    expect(warned).toMatchObject({ status: 'active', exhaustedInRow: 5, warnedAt: expect.any(String) });
    expect(published(cloud, 'webhook.warned')).toEqual([
      {
        original_event_id: message().eventId,
        webhook_id: message().webhookId,
        delivery_id: nthDeliveryId(4),
        exhausted_in_row: 4,
        failing_since: warned.failingSince,
        disable_after: DISABLE_AFTER,
        reason: expect.stringMatching(/^4 deliveries in a row were exhausted since .*answered 500/),
      },
    ]);
    const disabled = await stored(cloud);
    expect(disabled).toMatchObject({
      status: 'disabled',
      disabledReason: expect.stringMatching(/^6 deliveries in a row were exhausted since /),
      disabledAt: new Date(cloud.time.now).toISOString(),
    });
    expect(published(cloud, 'webhook.disabled')).toEqual([
      {
        original_event_id: message().eventId,
        webhook_id: message().webhookId,
        delivery_id: nthDeliveryId(6),
        disabled_at: disabled.disabledAt,
        exhausted_in_row: 6,
        failing_since: warned.failingSince,
        reason: disabled.disabledReason,
      },
    ]);
  });

  it('is not disabled after a success in between [NET-26]', async () => {
    const cloud = await failingCloud();
    await exhaust(cloud, 1, 2, 3);
    cloud.time.now += 59 * MINUTE;
    cloud.customer.answer = async () => answered(200);
    await run(cloud, last(4));

    cloud.time.now += 59 * MINUTE;
    await exhaust(cloud, 5, 6, 7, 8);

    expect(await stored(cloud)).toMatchObject({ status: 'active', exhaustedInRow: 4 });
  });

  it('has its next deliveries held', async () => {
    const cloud = await failingCloud();
    await exhaust(cloud, 1, 2, 3, 4);
    cloud.time.now += 60 * MINUTE + 100;
    await exhaust(cloud, 5);

    const next = last(6);
    await run(cloud, next);

    expect(await cloud.recordOf(next)).toMatchObject({ status: 'held', reason: 'the webhook is disabled' });
  });

  it('is never disabled where the operator turned it off', async () => {
    const cloud = await newCloud({ disableAfter: false });
    await cloud.addWebhook();
    await exhaust(cloud, ...Array.from({ length: 8 }, (_, n) => n));
    cloud.time.now += 100 * 60 * MINUTE;
    await exhaust(cloud, 40);
    cloud.customer.answer = async () => answered(410);
    await run(cloud, last(41));

    expect(await stored(cloud)).toMatchObject({ status: 'active', exhaustedInRow: 10 });
    expect(typesPublished(cloud)).not.toContain('webhook.warned');
  });

  it('is disabled, and publishes nothing, when no webhook subscribes to the event', async () => {
    const cloud = await failingCloud();
    cloud.customer.answer = async () => answered(410);

    await run(cloud, last(1, { subscribedSystemEvents: [] }));

    expect(await stored(cloud)).toMatchObject({ status: 'disabled' });
    expect(cloud.published).toEqual([]);
  });
});

describe('an endpoint that answers 410', () => {
  it('gets no further attempt, and its webhook is disabled at once [NET-26]', async () => {
    const cloud = await failingCloud();
    cloud.customer.answer = async () => answered(410);
    const first = message({ subscribedSystemEvents: SYSTEM_EVENTS });
    cloud.put('first', first);

    await cloud.run('first');

    expect(await cloud.recordOf(first)).toMatchObject({ status: 'exhausted' });
    expect(cloud.receiveMessages('exhausted')).toHaveLength(1);
    expect(cloud.counts('retry1')).toMatchObject({ delayed: 0, visible: 0 });
    expect(await stored(cloud)).toMatchObject({
      status: 'disabled',
      disabledReason: 'the endpoint answered 410 Gone',
    });
    expect(published(cloud, 'webhook.disabled')).toMatchObject([
      { reason: 'the endpoint answered 410 Gone', exhausted_in_row: null, failing_since: null },
    ]);
    expect(await auditOf(cloud)).toMatchObject([
      { action: 'service.disable', subject: first.webhookId, details: { delivery_id: first.deliveryId } },
    ]);
  });

  it.each(['test', 'verification'] as const)('to a %s is retried, and stays as it is', async (kind) => {
    const cloud = await failingCloud();
    cloud.customer.answer = async () => answered(410);
    cloud.put('first', message({ kind }));

    await cloud.run('first');

    expect(cloud.counts('retry1')).toMatchObject({ delayed: 1 });
    expect(await stored(cloud)).toMatchObject({ status: 'active' });
  });

  it('to a system event is disabled without another system event', async () => {
    const cloud = await failingCloud();
    cloud.customer.answer = async () => answered(410);

    await run(cloud, message({ eventType: 'webhook.exhausted', attempt: 4 }));

    expect(await stored(cloud)).toMatchObject({ status: 'disabled' });
    expect(cloud.published).toEqual([]);
  });
});

describe('the response header `webhook-delivery`', () => {
  const answers = (result: PostResult) => async (_: PostRequest) => result;

  it.each([200, 500])('with `disable` disables the webhook, after status %i', async (status) => {
    const cloud = await newCloud({ disableAfter: false });
    await cloud.addWebhook();
    cloud.customer.answer = answers(answered(status, { control: 'disable' }));
    cloud.put('first', message({ subscribedSystemEvents: SYSTEM_EVENTS }));

    await cloud.run('first');

    const reason = 'the endpoint asked for it with the header "webhook-delivery: disable"';
    expect(await stored(cloud)).toMatchObject({ status: 'disabled', disabledReason: reason });
    expect(published(cloud, 'webhook.disabled')).toMatchObject([{ reason }]);
    expect(await cloud.recordOf()).toMatchObject({ status: status === 200 ? 'delivered' : 'retrying' });
  });

  it('with `disable` leaves other webhooks as they are, also at the same URL [NET-25]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await cloud.addWebhook({ id: webhookId('wh_2') });
    cloud.customer.answer = answers(answered(200, { control: 'disable' }));

    cloud.put('first', message());
    await cloud.run('first');

    expect(await stored(cloud)).toMatchObject({ status: 'disabled' });
    expect((await cloud.webhooks.get(message().accountId, webhookId('wh_2')))?.status).toBe('active');
  });

  it('with `abort` ends a failed delivery, also when the message is delivered again after a crash', async () => {
    const cloud = await failingCloud();
    cloud.customer.answer = answers(answered(500, { control: 'abort' }));
    cloud.put('first', message());
    cloud.intercept(outage('SendMessageBatch'));
    await cloud.run('first');
    const record = await cloud.recordOf();

    expect(record).toMatchObject({ status: 'exhausted', attempts: [{ control: 'abort' }] });
    expect(await stored(cloud)).toMatchObject({ status: 'active', exhaustedInRow: 1 });
  });

  it('with `abort` has no effect on a success', async () => {
    const cloud = await failingCloud();
    cloud.customer.answer = answers(answered(200, { control: 'abort' }));
    cloud.put('first', message());

    await cloud.run('first');

    expect(await cloud.recordOf()).toMatchObject({ status: 'delivered' });
    expect(await stored(cloud)).toMatchObject({ status: 'active' });
  });

  it.each(['test', 'verification'] as const)('with `disable` has no effect in a %s', async (kind) => {
    const cloud = await failingCloud();
    cloud.customer.answer = answers(answered(500, { control: 'disable' }));
    cloud.put('first', message({ kind }));

    await cloud.run('first');

    expect(await stored(cloud)).toMatchObject({ status: 'active' });
  });
});
