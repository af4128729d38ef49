import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { synthesize } from '../../local/assembly/synthesize.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';
import type { Customer } from './support/customer.ts';
import { type Journey, startJourney } from './support/journey.ts';

let journey: Journey;

/** Deliveries a second of a recovery. A step enqueues those of 20 s. */
const RATE = 1;
const PER_STEP = 20 * RATE;
/** Exhausted deliveries in a row after which the service disables a webhook. */
const DISABLE_AFTER = 4;

beforeAll(async () => {
  const assemblyDirectory = await synthesize({
    outputDirectory: join(temporaryDirectory(), 'cdk.out'),
    variables: {
      WEBHOOK_FANOUT_ALLOW_PRIVATE_ENDPOINTS: 'true',
      WEBHOOK_FANOUT_RECOVERY_RATE: String(RATE),
      WEBHOOK_FANOUT_RETRY_DELAYS: '1,1,1',
      WEBHOOK_FANOUT_DISABLE_AFTER: JSON.stringify({ exhausted: DISABLE_AFTER, hours: 0 }),
    },
  });
  journey = await startJourney({ assemblyDirectory });
});

afterAll(() => journey.close());

/** The ids of the events that the endpoint received and answered with 200, in their order. */
function delivered(customer: Customer, isDown: (at: number) => boolean): string[] {
  return customer.requests.flatMap(({ headers }, index) =>
    isDown(index) ? [] : [String(headers['webhook-id'])],
  );
}

const ids = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `evt_${prefix}_${n}`);

/** A customer of its own, whose endpoint can be down. */
async function givenCustomer(account_id: string) {
  const state = { isDown: false };
  const failed = new Set<number>();
  const customer = await journey.startCustomer(() => {
    if (state.isDown) failed.add(customer.requests.length - 1);
    return state.isDown ? { status: 503, body: 'the database is down' } : { status: 200 };
  });
  const key = await journey.newAccount(account_id);
  const { id } = await journey.register({ url: customer.url(), events: ['file.*'] }, { key });
  const api = (method: string, path: string, body?: unknown) => journey.api(method, path, body, { key });
  const publishAll = async (eventIds: readonly string[]): Promise<void> => {
    for (const eventId of eventIds) {
      await journey.publish('file.uploaded', { account_id, id: eventId, data: {} });
    }
  };
  const untilRecorded = (status: string, count: number) =>
    until(`${count} deliveries that are ${status}`, async () => {
      const records = await journey.records(id, account_id);
      return records.filter((record) => record.status === status).length >= count || undefined;
    });
  return {
    ...{ id, key, state, api, publishAll, untilRecorded, customer },
    delivered: () => delivered(customer, (index) => failed.has(index)),
    untilDelivered: (count: number) =>
      until(
        `${count} events`,
        () => delivered(customer, (index) => failed.has(index)).length >= count || undefined,
      ),
    untilEnded: (recoveryId: string) =>
      until('the end of the recovery', async () => {
        const { body } = await api('GET', `/v1/recoveries/${recoveryId}`);
        return body.status === 'running' ? undefined : body;
      }),
  };
}

/** What a customer's operators receive: events about their webhooks. */
async function givenOperators(account: { readonly key: string }) {
  const operators = await journey.startCustomer();
  await journey.register({ url: operators.url(), events: ['webhook.*'] }, account);
  const isOf = (type: string) => (request: (typeof operators.requests)[number]) =>
    request.headers['x-webhook-event'] === type;
  return {
    /** The data of the only event of a type, once it has arrived. */
    async dataOf(type: string) {
      await operators.received(1, isOf(type));
      const [first, ...others] = operators.requests.filter(isOf(type));
      if (first === undefined || others.length > 0) throw new Error(`${others.length + 1} ${type} arrived`);
      return JSON.parse(first.body.toString()).data;
    },
  };
}

// At the same time: a recovery counts its results once a minute.
describe.concurrent('an outage of an endpoint', () => {
  it('is repaired by a recovery: every event arrives once, and live events meanwhile', async () => {
    const customer = await givenCustomer('acct_outage');
    const { id, state, api, publishAll, untilRecorded, untilDelivered, delivered, untilEnded } = customer;
    const operators = await givenOperators(customer);
    const webhook = `/v1/webhooks/${id}`;
    const since = new Date().toISOString();
    const exhausted = ids('exhausted', DISABLE_AFTER);
    const held = ids('held', 12);
    const live = ids('live', 5);
    const outage = exhausted.length + held.length;

    state.isDown = true;
    // Half of them at a time, so that it is warned about before it is disabled.
    await publishAll(exhausted.slice(0, DISABLE_AFTER / 2));
    await untilRecorded('exhausted', DISABLE_AFTER / 2);
    await publishAll(exhausted.slice(DISABLE_AFTER / 2));
    const disabled = await journey.untilStatus(id, 'disabled', customer);
    await publishAll(held);
    await untilRecorded('held', held.length);
    const early = await api('POST', `${webhook}/recover`, { since });
    state.isDown = false;
    const enabled = await api('PATCH', webhook, { status: 'active' });
    const dryRun = await api('POST', `${webhook}/recover`, { since, dry_run: true });
    const started = await api('POST', `${webhook}/recover`, { since });
    await publishAll(live);

    // The service, and not the customer, disabled it.
    expect(disabled).toMatchObject({
      disabled_by: 'service',
      disabled_reason: expect.stringContaining('503'),
      exhausted_in_row: DISABLE_AFTER,
    });
    expect(Date.parse(disabled.warned_at)).toBeLessThan(Date.parse(disabled.disabled_at));
    expect(await operators.dataOf('webhook.warned')).toMatchObject({ webhook_id: id });
    expect(await operators.dataOf('webhook.disabled')).toMatchObject({
      webhook_id: id,
      reason: disabled.disabled_reason,
    });
    expect(early.status).toBe(409);
    expect(enabled.body).toMatchObject({ status: 'active', held: held.length, exhausted_in_row: 0 });
    expect([dryRun.status, dryRun.body]).toEqual([200, { count: outage }]);
    expect(started).toMatchObject({ status: 202, body: { status: 'running' } });
    await untilDelivered(outage + live.length);
    const arrived = delivered();
    const lastOf = (group: readonly string[]) => Math.max(...group.map((event) => arrived.indexOf(event)));
    expect(lastOf(live)).toBeLessThan(lastOf([...exhausted, ...held]));
    expect(await untilEnded(started.body.id)).toMatchObject({
      status: 'done',
      ...{ found: outage, enqueued: outage, delivered: outage, failed: 0 },
    });
    expect(delivered().toSorted()).toEqual([...exhausted, ...held, ...live].toSorted());
    expect((await api('POST', `${webhook}/recover`, { since, dry_run: true })).body).toEqual({ count: 0 });

    // The log contains all of these steps.
    const log: Record<string, string>[] = (await api('GET', `${webhook}/deliveries?limit=100`)).body.data;
    const resultsOf = (event: string) =>
      log
        .filter((entry) => entry.event_id === event)
        .map(({ status, trigger }) => `${trigger}: ${status}`)
        .toSorted();
    for (const event of exhausted)
      expect(resultsOf(event)).toEqual(['event: exhausted', 'recovery: delivered']);
    for (const event of held) expect(resultsOf(event)).toEqual(['event: held', 'recovery: delivered']);
    for (const event of live) expect(resultsOf(event)).toEqual(['event: delivered']);
    for (const { trigger, resend_of: old, event_id: event } of log) {
      const repeated = log.find((entry) => entry.id === old);
      if (trigger === 'recovery') expect(repeated).toMatchObject({ event_id: event, trigger: 'event' });
    }
    const failed = log.find(({ status }) => status === 'exhausted');
    const detail = await api('GET', `${webhook}/deliveries/${failed?.id}`);
    expect(detail.body.attempts.map(({ response }: { response: object }) => response)).toMatchObject(
      [1, 2, 3, 4].map(() => ({ status: 503, body: 'the database is down' })),
    );
    expect(log.find(({ status }) => status === 'held')?.reason).toBe('the webhook is disabled');
    const event = await api('GET', `/v1/events/${held[0]}`);
    expect(event.body.deliveries.map(({ status }: { status: string }) => status)).toContain('delivered');
    const health = await api('GET', `${webhook}/health`);
    expect(health.body).toMatchObject({
      status: 'active',
      last_success: { status: 200 },
      last_failure: { status: 503 },
      exhausted_in_row: 0,
    });
  });

  it('with many held events delays no live event, and its recovery can be stopped and repeated', async () => {
    const { id, api, publishAll, untilRecorded, untilDelivered, delivered, untilEnded } =
      await givenCustomer('acct_many');
    const since = new Date().toISOString();
    const held = ids('many', PER_STEP + 10);
    const live = ids('live', 5);
    await api('PATCH', `/v1/webhooks/${id}`, { status: 'disabled' });
    await publishAll(held);
    await untilRecorded('held', held.length);
    await api('PATCH', `/v1/webhooks/${id}`, { status: 'active' });

    const first = await api('POST', `/v1/webhooks/${id}/recover`, { since });
    await until('the first step', async () => {
      const { body } = await api('GET', `/v1/recoveries/${first.body.id}`);
      return body.enqueued > 0 || undefined;
    });
    // On a busy machine the next step, after 20 s, could run before the recovery is stopped.
    const pause = journey.cloud.faults.add('concurrency RecoverDeliveries 0 for 60m');
    const stopped = await api('DELETE', `/v1/recoveries/${first.body.id}`);
    pause.remove();
    await publishAll(live);
    const second = await api('POST', `/v1/webhooks/${id}/recover`, { since });
    await untilDelivered(held.length + live.length);
    const arrived = delivered();

    expect(stopped.body).toMatchObject({ status: 'stopped', enqueued: PER_STEP });
    // The first recovery's events were enqueued before the live ones, and the last of them arrived after those.
    const lastOf = (group: readonly string[]) => Math.max(...group.map((event) => arrived.indexOf(event)));
    expect(lastOf(live)).toBeLessThan(lastOf(held.slice(0, PER_STEP)));
    expect(await untilEnded(second.body.id)).toMatchObject({ status: 'done', found: 10, delivered: 10 });
    await journey.untilIdle();
    expect(delivered().toSorted()).toEqual([...held, ...live].toSorted());
  });
});
