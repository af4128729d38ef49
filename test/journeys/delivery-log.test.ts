import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { run } from '../../command/main.ts';
import { announceCloud } from '../../local/running-clouds.ts';
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

describe('an operator without an API key of the customer', () => {
  /** Runs the command against the local cloud, and returns its exit status and its JSON. */
  async function command(...args: string[]) {
    const output = { out: '', error: '' };
    const code = await run([...args, '--port', String(journey.cloud.apiPort), '--json'], {
      out: (text) => {
        output.out += text;
      },
      error: (text) => {
        output.error += text;
      },
      isTerminal: false,
    });
    return { code, error: output.error, json: output.out === '' ? undefined : JSON.parse(output.out) };
  }

  it('reads the delivery log, sends a delivery again and counts what a recovery would repeat [API-38]', async () => {
    const { apiPort, awsEndpoint, region, outputs } = journey.cloud;
    const cloud = { pid: process.pid, apiPort, awsEndpoint, region, outputs, accountId: 'acct_1' };
    onTestFinished(await announceCloud(cloud));
    const customer = await journey.startCustomer();
    const webhook = await journey.register({ url: customer.url('/operated'), events: ['ppt.*'] });
    const at = ['--webhook', webhook.id];
    await journey.publish('ppt.generation.completed', { id: 'evt_operated', data: {} });
    // The challenge is in the list, too.
    const first = await until('the delivery to be recorded', async () => {
      const { json } = await command('deliveries', 'list', ...at, '--status', 'delivered', '--since', '1h');
      return json.deliveries.find(({ event_id }: { event_id: string }) => event_id === 'evt_operated');
    });

    const shown = await command('deliveries', 'show', first.id, ...at);
    const resent = await command('resend', first.id, ...at);
    const requests = await customer.received(2);
    const counted = await command('recover', ...at, '--since', '1h', '--dry-run');
    const healthy = await command('doctor', ...at);
    const missing = await command('resend', 'dlv_missing', ...at);
    const keys = await command('keys', 'list', '--account', 'acct_1', '--all');

    expect(first).toMatchObject({ event_id: 'evt_operated', status: 'delivered' });
    expect(shown).toMatchObject({ code: 0, json: { id: first.id, attempts: [{ number: 1 }] } });
    expect(resent).toMatchObject({ code: 0, json: { event_id: 'evt_operated' } });
    expect(requests[1]?.headers['x-webhook-delivery']).toBe(resent.json.delivery_id);
    expect(counted).toMatchObject({ code: 0, json: { count: 0 } });
    expect(healthy).toMatchObject({ code: 0, error: '' });
    const statusOf = (name: string) =>
      healthy.json.checks.find((check: { name: string }) => check.name === name)?.status;
    expect(['test delivery', 'API keys', 'poison queue', 'alarms'].map(statusOf)).toEqual(
      Array(4).fill('ok'),
    );
    expect(missing.code).toBe(1);
    expect(JSON.parse(missing.error).error).toMatch(/^the API refused the request \(404\): /);
    const ownKeys = keys.json.keys.filter((key: { valid_until: unknown }) => key.valid_until !== null);
    expect(ownKeys.length).toBeGreaterThan(5);
    expect(ownKeys.filter((key: { revoked_at: unknown }) => key.revoked_at === null)).toEqual([]);
  });
});
