import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { type Journey, startJourney } from './support/journey.ts';

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
});

afterAll(() => journey.close());

describe('a customer who asks whether an event arrived', () => {
  it('reads where it arrived, where it is retried, where it is held, and why the others got nothing', async () => {
    const good = await journey.startCustomer();
    const bad = await journey.startCustomer(() => ({ status: 503, body: 'maintenance until noon' }));
    const register = (url: string, type: string) => journey.register({ url, events: [type] });
    const arrived = await register(good.url('/arrived'), 'file.uploaded');
    const failing = await register(bad.url('/failing'), 'file.uploaded');
    const disabled = await register(good.url('/disabled'), 'file.uploaded');
    const other = await register(good.url('/other'), 'user.registered');
    await journey.api('PATCH', `/v1/webhooks/${disabled.id}`, { status: 'disabled' });

    await journey.publish('file.uploaded', { id: 'evt_asked', data: { file_id: 'file_1' } });

    const event = await until('each delivery to have a record', async () => {
      const { status, body } = await journey.api('GET', '/v1/events/evt_asked');
      const isRecorded = ({ status: state }: { status: string }) => state !== 'queued';
      return status === 200 && body.deliveries.every(isRecorded) ? body : undefined;
    });
    const [first, second, third] = event.deliveries;
    expect(event).toMatchObject({
      id: 'evt_asked',
      type: 'file.uploaded',
      data: { file_id: 'file_1' },
      not_matched: [{ webhook_id: other.id, reason: 'type' }],
    });
    expect(first).toMatchObject({ webhook_id: arrived.id, status: 'delivered', attempts: 1 });
    expect(second).toMatchObject({
      webhook_id: failing.id,
      // Exhausted where the machine is very slow.
      status: expect.stringMatching(/^(retrying|exhausted)$/),
      last_attempt: { error: 'http_status', response: { status: 503 } },
    });
    expect(third).toMatchObject({
      webhook_id: disabled.id,
      status: 'held',
      reason: 'the webhook is disabled',
      attempts: 0,
    });

    const path = `/v1/webhooks/${failing.id}/deliveries`;
    const list = await journey.api(
      'GET',
      `${path}?status=retrying&status=exhausted&event_type=file.uploaded`,
    );
    const one = await journey.api('GET', `${path}/${second.delivery_id}`);
    expect(list.body.data).toMatchObject([
      { id: second.delivery_id, event_id: 'evt_asked', trigger: 'event' },
    ]);
    expect(one.body.attempts[0]).toMatchObject({
      number: 1,
      response: { status: 503, body: 'maintenance until noon', body_truncated: false },
    });
  });
});
