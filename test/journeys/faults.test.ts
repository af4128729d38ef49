import { describe, it, type TestContext } from 'vitest';
import { putWebhooks } from '../../fixtures/put-webhooks.ts';
import { AwsError } from '../../local/aws-calls.ts';
import type { CloudSettings } from '../../local/cloud.ts';
import type { Request } from '../support/http-server.ts';
import { until } from '../support/until.ts';
import type { Customer } from './support/customer.ts';
import { type Journey, startJourney } from './support/journey.ts';

async function start(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  settings: Partial<CloudSettings> = {},
): Promise<Journey> {
  const journey = await startJourney({
    maximumEnvironments: 2,
    // The tests cause failures on purpose: do not print them.
    onProblem: () => undefined,
    ...settings,
  });
  onTestFinished(() => journey.close());
  return journey;
}

/** Creates `count` webhooks of one account. Returns their paths. */
async function putManyWebhooks(journey: Journey, customer: Customer, count: number): Promise<string[]> {
  const paths = Array.from({ length: count }, (_, n) => `/${n}`);
  await putWebhooks(journey.cloud, journey.accountId, paths.map(customer.url));
  return paths;
}

/** Registers a webhook, and waits until its challenge is recorded, so that no fault affects the challenge. */
async function registerOne(journey: Journey, customer: Customer): Promise<string> {
  const { id } = await journey.register({ url: customer.url(), events: ['*'] });
  await journey.untilIdle();
  return id;
}

const attemptsOf = (requests: readonly Request[]) =>
  requests.map(({ headers }) => headers['x-webhook-attempt']);
const deliveriesOf = (requests: readonly Request[]) =>
  new Set(requests.map(({ headers }) => headers['x-webhook-delivery']));

/**
 * Records all receipts from now on. The returned function makes the messages that are still in flight visible at
 * once. Without it, the messages of a killed function become visible after two minutes.
 */
function trackReceipts({ cloud }: Journey): () => void {
  const receipts: { queueUrl: string; handle: string }[] = [];
  cloud.calls.use(async (call, next) => {
    const output = await next();
    for (const message of Array.isArray(output.Messages) ? output.Messages : []) {
      receipts.push({ queueUrl: String(call.input.QueueUrl), handle: String(message.ReceiptHandle) });
    }
    return output;
  });
  return () => {
    for (const { queueUrl, handle } of receipts.splice(0)) {
      try {
        cloud.queues.changeVisibility(queueUrl, handle, 0);
      } catch (error) {
        // The message was deleted.
        if (!(error instanceof AwsError)) throw error;
      }
    }
  };
}

/** Waits until no invocation of a function is in progress. */
async function untilIdleFunction({ cloud }: Journey, name: string): Promise<void> {
  const isIdle = () =>
    cloud
      .findFunction(name)
      .environments()
      .every(({ busy }) => !busy);
  await until(`the end of ${name}'s invocations`, () => isIdle() || undefined);
}

async function untilRecord(
  journey: Journey,
  webhookId: string,
  status: string,
): Promise<Record<string, unknown>> {
  const isExpected = (record: Record<string, unknown>): boolean =>
    record.status === status && record.event_type === 'file.uploaded';
  const look = async () => (await journey.records(webhookId)).find(isExpected);
  return until(`a record that is ${status}`, look);
}

describe.concurrent('a dispatch', () => {
  it('that is killed in the middle of 200 webhooks is completed by its next run, without duplicates [FAULT-8]', async ({
    expect,
    onTestFinished,
  }) => {
    const journey = await start({ onTestFinished });
    const customer = await journey.startCustomer();
    const paths = await putManyWebhooks(journey, customer, 200);
    const added = journey.cloud.faults.add('kill DispatchEvent before sqs:SendMessageBatch nth=12');
    const makeVisible = trackReceipts(journey);

    await journey.publish('file.uploaded', { data: {} });

    await until('the fault', () => added.fired === 1 || undefined);
    await untilIdleFunction(journey, 'DispatchEvent');
    makeVisible();
    // The messages of the second run have a delay of 30 s. The deliveries of the first run are recorded by then.
    await customer.received(200);
    await journey.untilIdle();
    expect(added.fired).toBe(1);
    expect(customer.requests.map(({ path }) => path).sort()).toEqual(paths.toSorted());
    expect(deliveriesOf(customer.requests).size).toBe(200);
  });

  it('of an event that the bus delivers twice makes the same deliveries [FAULT-7]', async ({
    expect,
    onTestFinished,
  }) => {
    const journey = await start({ onTestFinished });
    const customer = await journey.startCustomer();
    const paths = await putManyWebhooks(journey, customer, 5);
    const added = journey.cloud.faults.add('twice event');

    await journey.publish('file.uploaded', { data: {} });

    await customer.received(5);
    await until(
      'the second run',
      () => journey.cloud.logs('FirstLane').some((line) => line.includes('duplicate_dropped')) || undefined,
    );
    await journey.untilIdle();
    expect(added.fired).toBe(1);
    expect(customer.requests.map(({ path }) => path).sort()).toEqual(paths);
    expect(deliveriesOf(customer.requests).size).toBe(5);
  });

  it('sends only the 3 of 10 messages again that SQS refused [FAULT-15]', async ({
    expect,
    onTestFinished,
  }) => {
    const journey = await start({ onTestFinished });
    const customer = await journey.startCustomer();
    const paths = await putManyWebhooks(journey, customer, 10);
    const added = journey.cloud.faults.add('partial sqs:SendMessageBatch 3/10 by DispatchEvent');

    await journey.publish('file.uploaded', { data: {} });

    await customer.received(10);
    await journey.untilIdle();
    expect(added.fired).toBe(1);
    expect(customer.requests.map(({ path }) => path).sort()).toEqual(paths);
  });

  it('that gets no response to its write of the event continues, and delivers once', async ({
    expect,
    onTestFinished,
  }) => {
    const journey = await start({ onTestFinished });
    const customer = await journey.startCustomer();
    await registerOne(journey, customer);
    const added = journey.cloud.faults.add('cut dynamodb:PutItem by DispatchEvent');

    await journey.publish('file.uploaded', { id: 'evt_cut', data: {} });

    await customer.received(1);
    await journey.untilIdle();
    expect(added.fired).toBe(1);
    expect(customer.requests).toHaveLength(1);
  });
});

describe.concurrent('a sender that is killed', () => {
  it.for([
    ['during its POST', undefined],
    ['after its POST, before the record', 'kill FirstLane after-post'],
  ] as const)(
    '%s sends again under the same ids, and has one record [FAULT-2]',
    async ([, fault], context) => {
      const { expect } = context;
      const journey = await start(context);
      const kill = () => journey.cloud.findFunction('FirstLane').killEnvironment();
      const customer = await journey.startCustomer(async (_, nth) => {
        if (nth === 1 && fault === undefined) await kill();
        return { status: 200 };
      });
      const id = await registerOne(journey, customer);
      const added = fault === undefined ? undefined : journey.cloud.faults.add(fault);
      const makeVisible = trackReceipts(journey);

      await journey.publish('file.uploaded', { id: 'evt_killed', data: {} });

      await customer.received(1);
      await untilIdleFunction(journey, 'FirstLane');
      makeVisible();
      await customer.received(2);
      const record = await untilRecord(journey, id, 'delivered');
      await journey.untilIdle();
      expect(added?.fired).toBe(fault && 1);
      expect(attemptsOf(customer.requests)).toEqual(['1', '1']);
      expect(deliveriesOf(customer.requests).size).toBe(1);
      expect(new Set(customer.requests.map(({ headers }) => headers['webhook-id']))).toEqual(
        new Set(['evt_killed']),
      );
      expect(record).toMatchObject({ attempt_1: { status: 200 } });
      expect(record).not.toHaveProperty('attempt_2');
    },
  );
});

describe.concurrent('a message that SQS delivers twice', () => {
  it('in parallel is sent twice, and only one copy is retried [FAULT-5]', async ({
    expect,
    onTestFinished,
  }) => {
    const journey = await start({ onTestFinished });
    const customer = await journey.startCustomer(async (_, nth) => {
      if (nth > 2) return { status: 200 };
      // Answer no copy before both have been received.
      await customer.received(2);
      return { status: 500 };
    });
    const id = await registerOne(journey, customer);
    const added = journey.cloud.faults.add('twice sqs FirstQueue parallel');
    const makeVisible = trackReceipts(journey);

    await journey.publish('file.uploaded', { data: {} });

    const record = await untilRecord(journey, id, 'delivered');
    await untilIdleFunction(journey, 'FirstLane');
    makeVisible();
    await journey.untilIdle();
    expect(added.fired).toBe(1);
    expect(attemptsOf(customer.requests)).toEqual(['1', '1', '2']);
    expect(record).not.toHaveProperty('attempt_3');
  });

  it('in parallel, answered 200 and then 500, is delivered and not retried [FAULT-9]', async ({
    expect,
    onTestFinished,
  }) => {
    const journey = await start({ onTestFinished });
    let id = '';
    const customer = await journey.startCustomer(async (_, nth) => {
      if (nth === 2) return { status: 200 };
      await untilRecord(journey, id, 'delivered');
      return { status: 500 };
    });
    id = await registerOne(journey, customer);
    const added = journey.cloud.faults.add('twice sqs FirstQueue parallel');
    const makeVisible = trackReceipts(journey);

    await journey.publish('file.uploaded', { data: {} });

    await untilRecord(journey, id, 'delivered');
    await untilIdleFunction(journey, 'FirstLane');
    makeVisible();
    await journey.untilIdle();
    expect(added.fired).toBe(1);
    expect(attemptsOf(customer.requests)).toEqual(['1', '1']);
    expect(deliveriesOf(customer.requests).size).toBe(1);
  });
});

describe.concurrent('functions at their concurrency limit', () => {
  it('keep events and messages in their queues: none is lost, and none is on a dead-letter queue [FAULT-30]', async ({
    expect,
    onTestFinished,
  }) => {
    const journey = await start({ onTestFinished });
    const customer = await journey.startCustomer();
    await registerOne(journey, customer);
    const [dispatcher, lane] = ['DispatchEvent', 'FirstLane'].map((name) =>
      journey.cloud.faults.add(`concurrency ${name} 0 for 60m`),
    );
    const waiting = () => journey.cloud.queues.counts(journey.cloud.outputs.FirstQueueUrl ?? '').visible;
    const ids = Array.from({ length: 12 }, (_, n) => `evt_${n}`);

    for (const id of ids) await journey.publish('file.uploaded', { id, data: {} });
    dispatcher?.remove();
    await until('all deliveries to wait', () => waiting() === ids.length || undefined);
    const before = customer.requests.length;
    lane?.remove();

    await customer.received(ids.length);
    await journey.untilIdle();
    expect(before).toBe(0);
    expect(customer.requests.map(({ headers }) => headers['webhook-id']).sort()).toEqual(ids.toSorted());
    const { PoisonQueueUrl, UndispatchedQueueUrl, EventsQueueUrl } = journey.cloud.outputs;
    for (const url of [PoisonQueueUrl, UndispatchedQueueUrl, EventsQueueUrl]) {
      expect(await journey.receive(url)).toEqual([]);
    }
  });
});
