import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { synthesize } from '../../local/assembly/synthesize.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';
import type { Customer } from './support/customer.ts';
import { type Journey, startJourney } from './support/journey.ts';

let journey: Journey;

/** Deliveries a second of a recovery. A step enqueues those of 20 s. */
const RATE = 5;
const PER_STEP = 20 * RATE;

beforeAll(async () => {
  const assemblyDirectory = await synthesize({
    outputDirectory: join(temporaryDirectory(), 'cdk.out'),
    variables: {
      WEBHOOK_FANOUT_ALLOW_PRIVATE_ENDPOINTS: 'true',
      WEBHOOK_FANOUT_RECOVERY_RATE: String(RATE),
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
    return { status: state.isDown ? 503 : 200 };
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
    ...{ id, state, api, publishAll, untilRecorded, customer },
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

describe('an outage of an endpoint', () => {
  it('is repaired by a recovery: every event arrives once, and live events meanwhile', async () => {
    const { id, state, api, publishAll, untilRecorded, untilDelivered, delivered, untilEnded } =
      await givenCustomer('acct_outage');
    const since = new Date().toISOString();
    const exhausted = ids('exhausted', 5);
    const held = ids('held', 5);
    const live = ids('live', 5);

    state.isDown = true;
    await publishAll(exhausted);
    await untilRecorded('exhausted', exhausted.length);
    await api('PATCH', `/v1/webhooks/${id}`, { status: 'disabled' });
    await publishAll(held);
    await untilRecorded('held', held.length);
    const early = await api('POST', `/v1/webhooks/${id}/recover`, { since });
    state.isDown = false;
    const enabled = await api('PATCH', `/v1/webhooks/${id}`, { status: 'active' });
    const dryRun = await api('POST', `/v1/webhooks/${id}/recover`, { since, dry_run: true });
    const started = await api('POST', `/v1/webhooks/${id}/recover`, { since });
    await publishAll(live);

    expect(early.status).toBe(409);
    expect(enabled.body).toMatchObject({ status: 'active', held: held.length });
    expect([dryRun.status, dryRun.body]).toEqual([200, { count: 10 }]);
    expect(started).toMatchObject({ status: 202, body: { status: 'running' } });
    await untilDelivered(15);
    expect(await untilEnded(started.body.id)).toMatchObject({
      status: 'done',
      ...{ found: 10, enqueued: 10, delivered: 10, failed: 0 },
    });
    await journey.untilIdle();
    expect(delivered().toSorted()).toEqual([...exhausted, ...held, ...live].toSorted());
    expect((await api('POST', `/v1/webhooks/${id}/recover`, { since, dry_run: true })).body).toEqual({
      count: 0,
    });
  });

  it('with many held events delays no live event, and its recovery can be stopped and repeated', async () => {
    const { id, api, publishAll, untilRecorded, untilDelivered, delivered, untilEnded } =
      await givenCustomer('acct_many');
    const since = new Date().toISOString();
    const held = ids('held', PER_STEP + 30);
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
    const stopped = await api('DELETE', `/v1/recoveries/${first.body.id}`);
    await publishAll(live);
    await untilDelivered(PER_STEP + live.length);
    const beforeSecond = delivered();
    const second = await api('POST', `/v1/webhooks/${id}/recover`, { since });
    await untilDelivered(held.length + live.length);

    expect(stopped.body).toMatchObject({ status: 'stopped', enqueued: PER_STEP });
    expect(beforeSecond).toHaveLength(PER_STEP + live.length);
    // The recovered events were enqueued before the live ones, and the last of them arrived after those.
    const lastLive = Math.max(...live.map((eventId) => beforeSecond.indexOf(eventId)));
    expect(lastLive).toBeLessThan(beforeSecond.length - 1);
    expect(await untilEnded(second.body.id)).toMatchObject({ status: 'done', found: 30, delivered: 30 });
    await journey.untilIdle();
    expect(delivered().toSorted()).toEqual([...held, ...live].toSorted());
  });
});
