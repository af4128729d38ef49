import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataValidators } from '../../lambdas/dispatch-event/check-data.ts';
import { generateSecret, sign, timestampOf } from '../../lambdas/shared/signing/sign.ts';
import { dataValidators } from '../support/data-validators.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';
import type { Customer } from './support/customer.ts';
import {
  buildGoPrograms,
  type Example,
  oneFileReceivers,
  producers,
  type RunningReceiver,
  receivers,
  runToEnd,
  startReceiver,
} from './support/examples.ts';
import { type Journey, startJourney } from './support/journey.ts';

const SECRET = generateSecret();
const MINUTE_MS = 60_000;

/** The event types of the journey. */
const catalogue: { name: string; schema: Record<string, unknown> }[] = JSON.parse(
  readFileSync('event-types.json', 'utf8'),
);

const goPrograms = temporaryDirectory();
let validators: DataValidators;
let journey: Journey;
/** Receives all events of the journey, too. */
let customer: Customer;

beforeAll(async () => {
  journey = await startJourney();
  customer = await journey.startCustomer();
  await journey.register({ url: customer.url(), events: ['*'] });
  buildGoPrograms(goPrograms);
  validators = await dataValidators(Object.fromEntries(catalogue.map(({ name, schema }) => [name, schema])));
});

afterAll(() => journey.close());

/** `.ci/run` sets it: there, no example may be skipped. */
const ARE_REQUIRED = process.env.REQUIRE_EXAMPLES === '1';

/**
 * Tests those that can run on this machine. The others are reported on standard error and counted as skipped; with
 * `REQUIRE_EXAMPLES=1` they fail.
 */
function describeEach<E extends Example>(kind: string, examples: readonly E[], define: (example: E) => void) {
  for (const example of examples) {
    const { name, missing } = example;
    const title = `the ${kind} in ${name}`;
    if (missing !== undefined && ARE_REQUIRED) {
      it(`${title} can be tested`, () => expect.fail(`to test it: ${missing}`));
      continue;
    }
    if (missing !== undefined) process.stderr.write(`NOT TESTED: ${title}. To test it: ${missing}\n`);
    describe.skipIf(missing !== undefined)(title, () => define(example));
  }
}

interface PostOptions {
  readonly sentBody?: string;
  readonly signedAt?: number;
  readonly eventId?: string;
}

/** Sends a request with the signatures of the receiver's secret. */
async function postTo(url: string, body: string, options: PostOptions = {}) {
  const { sentBody = body, signedAt = Date.now(), eventId = 'evt_made' } = options;
  const { hex, standard } = sign({ secrets: [SECRET], eventId, signedAt, body });
  const timestamp = String(timestampOf(signedAt));
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-webhook-timestamp': timestamp,
      'x-webhook-signature': `sha256=${hex}`,
      'webhook-id': eventId,
      'webhook-timestamp': timestamp,
      'webhook-signature': standard,
    },
    body: sentBody,
  });
  return { status: response.status, body: await response.json() };
}

describeEach('receiver', receivers(goPrograms), (example) => {
  let receiver: RunningReceiver;
  let webhookId: string;

  const post = (body: string, options: PostOptions = {}) => postTo(receiver.url, body, options);

  const untilHandled = (event: string): Promise<unknown> =>
    until(`${example.name} has handled ${event}`, () => receiver.handled().includes(event) || undefined);

  /** Waits until the first attempt to deliver an event has ended, and returns the delivery. */
  const untilAttempted = (id: string): Promise<{ status: string; attempts: number }> =>
    until(`${id} was sent to ${example.name}`, async () => {
      const { body } = await journey.api('GET', `/v1/events/${id}`);
      const deliveries: { webhook_id: string; status: string; attempts: number }[] = body.deliveries ?? [];
      return deliveries.find((delivery) => delivery.webhook_id === webhookId && delivery.status !== 'queued');
    });

  beforeAll(async () => {
    receiver = await startReceiver(example, SECRET);
    // It is active as soon as the receiver has answered the challenge.
    const webhook = await journey.register({ url: receiver.url, events: ['*'], secret: SECRET });
    webhookId = webhook.id;
  });

  afterAll(async () => {
    await journey.api('DELETE', `/v1/webhooks/${webhookId}`);
    await receiver.stop();
  });

  it('accepts and handles a delivery with characters of several bytes', async () => {
    const id = `evt_${webhookId}_1`;

    await journey.publish('file.uploaded', { id, data: { name: 'café 😀.pdf' } });

    expect(await untilAttempted(id)).toMatchObject({ status: 'delivered', attempts: 1 });
    await untilHandled(`${id} file.uploaded`);
  });

  it('answers a repetition with 200 and handles the event once', async () => {
    const body = JSON.stringify({ id: 'evt_made', type: 'file.deleted', data: {} });
    const next = JSON.stringify({ id: 'evt_next', type: 'file.deleted', data: {} });

    const statuses = [(await post(body)).status, (await post(body)).status, (await post(next)).status];

    expect(statuses).toEqual([200, 200, 200]);
    // Events are handled in the order of their arrival.
    await untilHandled('evt_next file.deleted');
    expect(receiver.handled().filter((event) => event === 'evt_made file.deleted')).toHaveLength(1);
  });

  it('refuses a changed body, a challenge without a right signature, and an old or a future timestamp', async () => {
    const body = JSON.stringify({ id: 'evt_refused', type: 'file.deleted', data: {} });
    const challenge = JSON.stringify({ type: 'webhook.verification', data: { challenge: 'stolen' } });

    const answers = [
      await post(body, { sentBody: body.replace('deleted', 'created') }),
      await post(body, { sentBody: `${body} ` }),
      await post(body, { sentBody: challenge }),
      await post(body, { signedAt: Date.now() - 6 * MINUTE_MS }),
      await post(body, { signedAt: Date.now() + 6 * MINUTE_MS }),
    ];

    expect(answers).toEqual(answers.map(() => ({ status: 400, body: { error: 'Invalid signature' } })));
    expect(receiver.handled().filter((event) => event.startsWith('evt_refused'))).toEqual([]);
  });

  it('refuses a request without signatures, and one whose signatures are not text of a signature', async () => {
    const send = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(receiver.url, { method: 'POST', headers, body: '{"type":"file.deleted"}' })).status;
    const now = String(timestampOf(Date.now()));
    const ids = { 'webhook-id': 'evt_1', 'webhook-timestamp': now, 'x-webhook-timestamp': now };

    const statuses = [
      await send({}),
      await send({ ...ids, 'webhook-signature': 'v1', 'x-webhook-signature': 'sha256=' }),
      await send({ ...ids, 'webhook-signature': 'v1,a', 'x-webhook-signature': 'sha256=é' }),
      await send({ ...ids, 'webhook-timestamp': 'now', 'x-webhook-timestamp': '' }),
    ];

    expect(statuses).toEqual([400, 400, 400, 400]);
  });

  it('refuses a body above the limit of the sender, which it accepts itself', async () => {
    const ofBytes = (bytes: number): string => {
      const event = JSON.stringify({ id: 'evt_large', type: 'file.deleted', data: { text: '' } });
      return event.replace('""', `"${'x'.repeat(bytes - event.length)}"`);
    };

    expect((await post(ofBytes(262_144))).status).toBe(200);
    expect((await fetch(receiver.url, { method: 'POST', body: ofBytes(262_145) })).status).toBe(413);
  });

  it('accepts deliveries with the earlier secret while the grace time of a rotation lasts', async () => {
    const id = `evt_${webhookId}_2`;
    const { status } = await journey.api('POST', `/v1/webhooks/${webhookId}/secret/rotate`, {});

    await journey.publish('file.uploaded', { id, data: {} });

    expect(status).toBe(200);
    expect(await untilAttempted(id)).toMatchObject({ status: 'delivered', attempts: 1 });
    await untilHandled(`${id} file.uploaded`);
  });
});

describeEach('receiver in one file', oneFileReceivers(goPrograms), (example) => {
  let receiver: RunningReceiver;

  beforeAll(async () => {
    receiver = await startReceiver(example, SECRET);
  });
  afterAll(() => receiver.stop());

  it('passes the verification of a webhook, and accepts its events, also while a rotation lasts', async () => {
    // It is active as soon as the receiver has answered the challenge.
    const { id } = await journey.register({ url: receiver.url, events: ['file.*'], secret: SECRET });

    const rotated = await journey.api('POST', `/v1/webhooks/${id}/secret/rotate`, {});
    const test = await journey.api('POST', `/v1/webhooks/${id}/test`, { event_type: 'file.uploaded' });

    expect([rotated.status, test.status]).toEqual([200, 202]);
    const delivery = await until(`a test event was sent to ${example.name}`, async () => {
      const { status, body } = await journey.api(
        'GET',
        `/v1/webhooks/${id}/deliveries/${test.body.delivery_id}`,
      );
      return status === 200 ? body : undefined;
    });
    expect(delivery).toMatchObject({ status: 'delivered', attempts: [{ number: 1 }] });
    await journey.api('DELETE', `/v1/webhooks/${id}`);
  });

  it('refuses a changed body, a challenge without a right signature, other timestamps, and a large body', async () => {
    const body = JSON.stringify({ id: 'evt_refused', type: 'file.deleted', data: {} });
    const challenge = JSON.stringify({ type: 'webhook.verification', data: { challenge: 'stolen' } });

    const answers = [
      await postTo(receiver.url, body, { sentBody: `${body} ` }),
      await postTo(receiver.url, body, { sentBody: challenge }),
      await postTo(receiver.url, body, { signedAt: Date.now() - 6 * MINUTE_MS }),
      await postTo(receiver.url, body, { signedAt: Date.now() + 6 * MINUTE_MS }),
      await postTo(receiver.url, body),
    ];
    const large = await fetch(receiver.url, { method: 'POST', body: 'x'.repeat(262_145) });

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 200]);
    expect(large.status).toBe(413);
  });

  it('refuses a request without signatures, and one whose headers are no signature', async () => {
    const now = String(timestampOf(Date.now()));
    const send = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(receiver.url, { method: 'POST', headers, body: '{"type":"file.deleted"}' })).status;

    const statuses = [
      await send({}),
      await send({ 'x-webhook-timestamp': now, 'x-webhook-signature': 'sha256=é' }),
      await send({ 'x-webhook-timestamp': 'now', 'x-webhook-signature': 'sha256=' }),
    ];

    expect(statuses).toEqual([400, 400, 400]);
  });
});

describeEach('producer', producers, (example) => {
  it('publishes an event that is delivered and satisfies its schema', async () => {
    const { awsEndpoint, region, outputs } = journey.cloud;

    const { code, output } = await runToEnd(example, {
      AWS_ENDPOINT_URL: awsEndpoint,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'any',
      EVENT_BUS_NAME: outputs.EventBusName ?? '',
      EVENTS_QUEUE_URL: outputs.EventsQueueUrl ?? '',
    });

    expect({ code, output }).toMatchObject({ code: 0 });
    const [request] = await customer.received(1, ({ headers }) => headers['webhook-id'] === example.eventId);
    expect(JSON.parse(String(request?.body))).toMatchObject({
      id: example.eventId,
      type: 'file.uploaded',
      data: { name: 'café.pdf' },
    });
    expect(validators['file.uploaded']?.validate(JSON.parse(String(request?.body)).data)).toBe(true);
  });
});
