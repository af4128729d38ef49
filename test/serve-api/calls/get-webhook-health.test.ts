import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attempt, DeliveryKind, DeliveryStatus } from '../../../lambdas/shared/domain/delivery.ts';
import {
  type DeliveryId,
  newDeliveryId,
  newEventId,
  type WebhookId,
} from '../../../lambdas/shared/domain/ids.ts';
import { inChunks } from '../../../lambdas/shared/runtime/chunks.ts';
import {
  attemptAttribute,
  attemptMap,
  headerAttributes,
} from '../../../lambdas/shared/store/delivery-item.ts';
import { encodeItem } from '../../../lambdas/shared/store/items.ts';
import { deliveryKey } from '../../../lambdas/shared/store/keys.ts';
import { attempt, NOW, webhook } from '../../support/builders.ts';
import { type Api, type Caller, startApi } from '../support/start-api.ts';
import { storeWebhooks } from '../support/store-webhooks.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

interface Given {
  /** Milliseconds since 1970: when its event was accepted, and when its last attempt began. */
  readonly at: number;
  readonly status: DeliveryStatus;
  readonly attempts?: readonly Attempt[];
  readonly kind?: DeliveryKind;
  /** The delivery that repeats it. */
  readonly resentAs?: DeliveryId;
}

const ok = (at: number, durationMs = 20): Given => ({
  at,
  status: 'delivered',
  attempts: [success(at, durationMs)],
});
const success = (at: number, durationMs: number): Attempt => ({ number: 1, at, durationMs, status: 200 });
const failed = (at: number): Given => ({ at, status: 'exhausted', attempts: [attempt({ at, number: 4 })] });

/** Stores records as the senders write them. */
async function store(caller: Caller, webhookId: WebhookId, given: readonly Given[]): Promise<void> {
  for (const chunk of inChunks(given, 25)) {
    const puts = chunk.map(({ at, status, attempts = [], kind = 'event', resentAs }) => {
      const header = {
        kind,
        trigger: kind,
        acceptedAt: at,
        eventType: 'file.uploaded',
        eventId: newEventId(),
      };
      const names = { accountId: caller.account, webhookId, deliveryId: newDeliveryId(at) };
      const item = encodeItem({
        ...deliveryKey(names.accountId, names.webhookId, names.deliveryId),
        ...headerAttributes({ ...header, ...names }, 30),
        status,
        ...(resentAs === undefined ? {} : { resent_as: resentAs }),
        ...Object.fromEntries(attempts.map((one) => [attemptAttribute(one.number), attemptMap(one)])),
      });
      return { PutRequest: { Item: item } };
    });
    await api.dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [api.deliveriesTable]: puts } }));
  }
}

async function givenHealth(given: readonly Given[]) {
  const caller = await api.newCaller();
  const [id] = await storeWebhooks(api, caller, 1);
  if (id === undefined) throw new Error('no webhook was stored');
  await store(caller, id, given);
  const answer = await caller.call('GET', `/v1/webhooks/${id}/health`);
  return { id, answer, body: Object(answer.body) };
}

describe('GET /v1/webhooks/{webhook_id}/health', () => {
  it('shows the success rate and the response times of the last hour and the last day', async () => {
    const lastHour = [1, 2, 3].map((n) => ok(NOW - n * MINUTE, n * 10));
    const lastDay = [failed(NOW - 2 * HOUR), ok(NOW - 23 * HOUR, 1_000)];
    const before = [failed(NOW - 25 * HOUR)];

    const { answer, body } = await givenHealth([...lastHour, ...lastDay, ...before]);

    expect(answer.status).toBe(200);
    expect(body.last_hour).toEqual({
      since: new Date(NOW - HOUR).toISOString(),
      complete: true,
      delivered: 3,
      exhausted: 0,
      success_rate: 1,
      p50_ms: 20,
      p99_ms: 30,
    });
    expect(body.last_day).toEqual({
      since: new Date(NOW - 24 * HOUR).toISOString(),
      complete: true,
      delivered: 4,
      exhausted: 1,
      success_rate: 0.8,
      p50_ms: 20,
      p99_ms: 1_000,
    });
  });

  it('shows the last success and the last failure, with its reason, also from before the last day', async () => {
    const { body } = await givenHealth([ok(NOW - 2 * MINUTE), ok(NOW - MINUTE), failed(NOW - 48 * HOUR)]);

    expect(body.last_success).toMatchObject({ at: new Date(NOW - MINUTE).toISOString(), status: 200 });
    expect(body.last_failure).toMatchObject({
      at: new Date(NOW - 48 * HOUR).toISOString(),
      status: 500,
      error: 'http_status',
      reason: 'it answered 500',
    });
  });

  it('divides the last day into hours, with failed attempts by class, and held deliveries that were not repeated', async () => {
    const retried: Given = {
      at: NOW - HOUR,
      status: 'delivered',
      attempts: [attempt({ at: NOW, error: 'timeout' }), { ...success(NOW, 9), number: 2 }],
    };
    const { body } = await givenHealth([
      ok(NOW - MINUTE),
      { at: NOW - 2 * MINUTE, status: 'held' },
      { at: NOW - 3 * MINUTE, status: 'held', resentAs: newDeliveryId(NOW) },
      ...[retried, failed(NOW - HOUR), failed(NOW - 24 * HOUR), failed(NOW - 24 * HOUR - 1)],
    ]);

    const none = { delivered: 0, retrying: 0, exhausted: 0, held: 0, failed_attempts: {} };
    const start = (hoursAgo: number) => new Date(NOW - 30 * MINUTE - hoursAgo * HOUR).toISOString();
    expect(body.hours).toHaveLength(25);
    expect(body.hours[24]).toEqual({ ...none, start: start(0), delivered: 1, held: 1 });
    expect(body.hours[23]).toEqual({
      ...{ start: start(1), delivered: 1, retrying: 0, exhausted: 1, held: 0 },
      failed_attempts: { timeout: 1, http_status: 1 },
    });
    expect(body.hours[22]).toEqual({ ...none, start: start(2) });
    expect(body.hours[0]).toEqual({
      ...{ ...none, start: start(24), exhausted: 1 },
      failed_attempts: { http_status: 1 },
    });
  });

  it('counts what a recovery would repeat, from the oldest one on', async () => {
    const { body } = await givenHealth([
      ...[ok(NOW - MINUTE), failed(NOW - 3 * HOUR), failed(NOW - 50 * HOUR)],
      { at: NOW - 2 * HOUR, status: 'held' },
      { ...failed(NOW - 60 * HOUR), resentAs: newDeliveryId(NOW) },
      { at: NOW - 61 * HOUR, status: 'held', resentAs: newDeliveryId(NOW) },
      { ...failed(NOW - 62 * HOUR), kind: 'test' },
      { at: NOW - MINUTE, status: 'retrying', attempts: [attempt({ at: NOW - MINUTE })] },
    ]);

    expect(body.recoverable).toEqual({
      ...{ held: 1, exhausted: 2, complete: true },
      since: new Date(NOW - 50 * HOUR).toISOString(),
    });
  });

  it('finds the beginning of an outage that is older than a day, also after a success', async () => {
    // The first 250 records have a success and a failure, and reach back more than a day.
    const repeated = { ...failed(NOW - 2 * MINUTE), resentAs: newDeliveryId(NOW) };
    const held = Array.from({ length: 255 }, (_, n): Given => ({ at: NOW - 25 * HOUR - n, status: 'held' }));

    const { body } = await givenHealth([ok(NOW - MINUTE), repeated, ...held, failed(NOW - 70 * HOUR)]);

    expect(body.recoverable).toEqual({
      ...{ held: 255, exhausted: 1, complete: true },
      since: new Date(NOW - 70 * HOUR).toISOString(),
    });
  });

  it('does not count tests, challenges, and deliveries that have not ended', async () => {
    const other: Given[] = [
      { ...failed(NOW - MINUTE), kind: 'test' },
      { ...failed(NOW - MINUTE), kind: 'verification' },
      { at: NOW - MINUTE, status: 'held' },
      { at: NOW - MINUTE, status: 'retrying', attempts: [attempt({ at: NOW - MINUTE })] },
    ];

    const { body } = await givenHealth(other);

    expect(body.last_hour).toMatchObject({ delivered: 0, exhausted: 0, success_rate: null });
  });

  it('says from when on its figures are when the window has more than 2,000 records', async () => {
    const given = Array.from({ length: 2_300 }, (_, n): Given => {
      const at = NOW - n * SECOND;
      return n < 1_990 ? ok(at) : { at, status: 'held' };
    });

    const { body } = await givenHealth(given);

    expect(body.last_hour).toMatchObject({ complete: false, delivered: 1_990 });
    expect(body.last_hour.since).toBe(new Date(NOW - 1_999 * SECOND).toISOString());
    expect(body.last_day).toEqual(body.last_hour);
    expect(body.recoverable).toEqual({
      ...{ held: 10, exhausted: 0, complete: false },
      since: new Date(NOW - 1_999 * SECOND).toISOString(),
    });
  });

  it('answers for a webhook without deliveries', async () => {
    const { id, body } = await givenHealth([]);

    expect(body).toMatchObject({
      webhook_id: id,
      as_of: new Date(NOW).toISOString(),
      status: 'active',
      last_hour: { complete: true, success_rate: null, p50_ms: null, p99_ms: null },
      recoverable: { held: 0, exhausted: 0, since: null, complete: true },
      last_success: null,
      last_failure: null,
      exhausted_in_row: 0,
      failing_since: null,
      disable_after: { exhausted: 20, hours: 1 },
      disabled_by: null,
    });
  });

  it('shows how close the webhook is to being disabled, and why it was', async () => {
    const caller = await api.newCaller();
    const one = webhook({
      accountId: caller.account,
      status: 'disabled',
      exhaustedInRow: 21,
      failingSince: '2026-01-15T09:00:00.000Z',
      warnedAt: '2026-01-15T09:40:00.000Z',
      disabledReason: '21 deliveries in a row were exhausted',
      disabledAt: '2026-01-15T10:20:00.000Z',
    });
    await api.webhooks.create(one);

    const health = await caller.call('GET', `/v1/webhooks/${one.id}/health`);
    const got = await caller.call('GET', `/v1/webhooks/${one.id}`);

    const marks = {
      exhausted_in_row: 21,
      failing_since: '2026-01-15T09:00:00.000Z',
      warned_at: '2026-01-15T09:40:00.000Z',
      disabled_by: 'service',
      disabled_reason: '21 deliveries in a row were exhausted',
      disabled_at: '2026-01-15T10:20:00.000Z',
    };
    expect(health.body).toMatchObject(marks);
    expect(got.body).toMatchObject(marks);
  });

  it('is limited for each account [API-33]', async () => {
    const caller = await api.newCaller();
    const [id] = await storeWebhooks(api, caller, 1);
    const path = `/v1/webhooks/${id}/health`;

    const statuses = [];
    for (let n = 0; n <= 60; n++) statuses.push((await caller.call('GET', path)).status);

    expect(statuses.slice(0, 60).every((status) => status === 200)).toBe(true);
    expect(statuses[60]).toBe(429);
  });
});
