import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, inject, it, type TestContext } from 'vitest';
import { type PatchedAssembly, patchAssembly } from '../../local/assembly/patch.ts';
import type { CloudSettings } from '../../local/cloud.ts';
import type { Customer, Request } from './support/customer.ts';
import { type Journey, startJourney } from './support/journey.ts';
import { until } from './support/until.ts';

/** Instead of the two minutes after which the messages of a killed function come back. */
const VISIBILITY_SECONDS = 6;
/** A machine that does much else at the same time. */
const WITHIN_MS = 45_000;
/** After the first run, so that the second copy of an event is not in its batch. */
const COPY_AFTER_MS = 4_000;
/** The messages of a re-run are enqueued with a delay of 30 s. */
const RERUN_WITHIN_MS = 30_000 + WITHIN_MS;
/** Long enough for a copy that should not come to be on its way. */
const QUIET_MS = 2_500;

let impatient: PatchedAssembly;

beforeAll(async () => {
  impatient = await patchAssembly(inject('privateAssembly'), ({ Resources }) => {
    for (const { Type, Properties } of Object.values(Resources)) {
      if (Type === 'AWS::SQS::Queue' && Properties.VisibilityTimeout !== undefined) {
        Properties.VisibilityTimeout = VISIBILITY_SECONDS;
      }
    }
  });
});

afterAll(() => impatient.remove());

async function start(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  settings: Partial<CloudSettings> = {},
): Promise<Journey> {
  const journey = await startJourney({
    maximumEnvironments: 2,
    // Runs that were killed on purpose are no news.
    onProblem: () => undefined,
    ...settings,
  });
  onTestFinished(() => journey.close());
  return journey;
}

/** Webhooks of one account, a path each. */
async function registerMany(journey: Journey, customer: Customer, count: number): Promise<string[]> {
  const paths = Array.from({ length: count }, (_, n) => `/${n}`);
  const ids: string[] = [];
  for (let first = 0; first < count; first += 20) {
    const some = paths.slice(first, first + 20);
    await Promise.all(
      some.map(async (path) => {
        const { body } = await journey.api('POST', '/v1/webhooks', {
          url: customer.url(path),
          events: ['*'],
        });
        ids.push(body.id);
      }),
    );
  }
  // One after the other: to ask for all at once would keep the API busy with nothing else.
  for (const id of ids) await journey.untilStatus(id, 'active');
  return paths;
}

/** Registers a webhook, and waits until its challenge is over and done with: no fault is meant for that. */
async function registerOne(journey: Journey, customer: Customer): Promise<string> {
  const { id } = await journey.register({ url: customer.url(), events: ['*'] });
  await until('the record of the challenge', async () => (await journey.records(id))[0], WITHIN_MS);
  return id;
}

const attemptsOf = (requests: readonly Request[]) =>
  requests.map(({ headers }) => headers['x-webhook-attempt']);
const deliveriesOf = (requests: readonly Request[]) =>
  new Set(requests.map(({ headers }) => headers['x-webhook-delivery']));

/** Counts what is sent to a queue from now on. */
function countEntries(journey: Journey, queueUrl: string | undefined): () => number {
  let count = 0;
  journey.cloud.calls.use((call, next) => {
    const { QueueUrl, Entries } = call.input;
    if (call.action === 'SendMessageBatch' && QueueUrl === queueUrl && Array.isArray(Entries)) {
      count += Entries.length;
    }
    return next();
  });
  return () => count;
}

async function untilRecord(
  journey: Journey,
  webhookId: string,
  status: string,
): Promise<Record<string, unknown>> {
  const isWanted = (record: Record<string, unknown>): boolean =>
    record.status === status && record.event_type === 'file.uploaded';
  const look = async () => (await journey.records(webhookId)).find(isWanted);
  return until(`a record that is ${status}`, look, WITHIN_MS);
}

describe.concurrent('a dispatch', () => {
  it('that is killed in the middle of 200 webhooks is completed by its next run, and nothing arrives twice', async ({
    expect,
    onTestFinished,
  }) => {
    const journey = await start({ onTestFinished }, { assemblyDirectory: impatient.directory });
    const customer = await journey.startCustomer();
    const paths = await registerMany(journey, customer, 200);
    const added = journey.cloud.faults.add('kill DispatchEvent before sqs:SendMessageBatch nth=12');

    await journey.publish('file.uploaded', { data: {} });

    await customer.received(200, undefined, RERUN_WITHIN_MS);
    await sleep(QUIET_MS);
    expect(added.fired).toBe(1);
    expect(customer.requests.map(({ path }) => path).sort()).toEqual([...paths].sort());
    expect(deliveriesOf(customer.requests).size).toBe(200);
  });

  it('of an event that the bus delivers twice makes the same deliveries', async ({
    expect,
    onTestFinished,
  }) => {
    const journey = await start({ onTestFinished });
    const customer = await journey.startCustomer();
    const paths = await registerMany(journey, customer, 5);
    const added = journey.cloud.faults.add(`twice event after ${COPY_AFTER_MS}ms`);

    await journey.publish('file.uploaded', { data: {} });

    await customer.received(5);
    await until(
      'the second run',
      () => journey.cloud.logs('FirstLane').some((line) => line.includes('duplicate_dropped')) || undefined,
      RERUN_WITHIN_MS,
    );
    expect(added.fired).toBe(1);
    expect(customer.requests.map(({ path }) => path).sort()).toEqual(paths);
    expect(deliveriesOf(customer.requests).size).toBe(5);
  });

  it('of which SQS refuses 3 of 10 messages sends just those again', async ({ expect, onTestFinished }) => {
    const journey = await start({ onTestFinished });
    const customer = await journey.startCustomer();
    const paths = await registerMany(journey, customer, 10);
    const added = journey.cloud.faults.add('partial sqs:SendMessageBatch 3/10 by DispatchEvent');

    await journey.publish('file.uploaded', { data: {} });

    await customer.received(10);
    await sleep(QUIET_MS);
    expect(added.fired).toBe(1);
    expect(customer.requests.map(({ path }) => path).sort()).toEqual(paths);
  });

  it('that never sees the answer to its write of the event goes on, and delivers once', async ({
    expect,
    onTestFinished,
  }) => {
    const journey = await start({ onTestFinished });
    const customer = await journey.startCustomer();
    await registerOne(journey, customer);
    const added = journey.cloud.faults.add('cut dynamodb:PutItem by DispatchEvent');

    await journey.publish('file.uploaded', { id: 'evt_cut', data: {} });

    // Written again, it is found to be stored: that is a re-run.
    await customer.received(1, undefined, RERUN_WITHIN_MS);
    await sleep(QUIET_MS);
    expect(added.fired).toBe(1);
    expect(customer.requests).toHaveLength(1);
  });
});

describe.concurrent('a sender that is killed', () => {
  it.for(['kill FirstLane after-post', 'kill FirstLane after 700ms'])(
    'before it recorded its POST (%s) sends again under the same ids, and it is one delivery',
    async (fault, { expect, onTestFinished }) => {
      const journey = await start({ onTestFinished }, { assemblyDirectory: impatient.directory });
      const customer = await journey.startCustomer(async () => {
        await sleep(1_200);
        return { status: 200 };
      });
      const id = await registerOne(journey, customer);
      const added = journey.cloud.faults.add(fault);

      await journey.publish('file.uploaded', { id: 'evt_killed', data: {} });

      await customer.received(2, undefined, WITHIN_MS);
      const record = await untilRecord(journey, id, 'delivered');
      expect(added.fired).toBe(1);
      expect(attemptsOf(customer.requests)).toEqual(['1', '1']);
      expect(deliveriesOf(customer.requests).size).toBe(1);
      expect(new Set(customer.requests.map(({ headers }) => headers['webhook-id']))).toEqual(
        new Set(['evt_killed']),
      );
      expect(record).toMatchObject({ attempt_1: { status: 200 } });
      expect(record).not.toHaveProperty('attempt_2');
    },
  );

  it('between recording a failure and scheduling its retry has it scheduled later, and sends nothing twice', async ({
    expect,
    onTestFinished,
  }) => {
    const journey = await start({ onTestFinished }, { assemblyDirectory: impatient.directory });
    const customer = await journey.startCustomer((_, nth) => ({ status: nth === 1 ? 500 : 200 }));
    const id = await registerOne(journey, customer);
    const added = journey.cloud.faults.add('kill FirstLane before sqs:SendMessageBatch');

    await journey.publish('file.uploaded', { data: {} });

    const record = await untilRecord(journey, id, 'delivered');
    expect(added.fired).toBe(1);
    expect(attemptsOf(customer.requests)).toEqual(['1', '2']);
    expect(record).toMatchObject({ attempt_1: { status: 500 }, attempt_2: { status: 200 } });
  });
});

describe.concurrent('a message that SQS hands out twice', () => {
  it('in parallel is sent twice, and one of the two goes on', async ({ expect, onTestFinished }) => {
    const journey = await start({ onTestFinished });
    const customer = await journey.startCustomer(async (_, nth) => {
      await sleep(nth <= 2 ? 1_500 : 0);
      return { status: nth <= 2 ? 500 : 200 };
    });
    const id = await registerOne(journey, customer);
    const added = journey.cloud.faults.add('twice sqs FirstQueue parallel');
    const scheduled = countEntries(journey, journey.cloud.outputs.Retry1QueueUrl);

    await journey.publish('file.uploaded', { data: {} });

    const record = await untilRecord(journey, id, 'delivered');
    await sleep(QUIET_MS);
    expect(added.fired).toBe(1);
    expect(attemptsOf(customer.requests)).toEqual(['1', '1', '2']);
    expect(scheduled()).toBe(1);
    expect(record).not.toHaveProperty('attempt_3');
  });

  it('in turn, answered 500 and then 200, is delivered and not tried again', async ({
    expect,
    onTestFinished,
  }) => {
    const journey = await start({ onTestFinished });
    const customer = await journey.startCustomer((_, nth) => ({ status: nth === 1 ? 500 : 200 }));
    const id = await registerOne(journey, customer);
    const added = journey.cloud.faults.add('twice sqs FirstQueue in-turn');

    await journey.publish('file.uploaded', { data: {} });

    await untilRecord(journey, id, 'delivered');
    await sleep(QUIET_MS);
    expect(added.fired).toBe(1);
    expect(attemptsOf(customer.requests)).toEqual(['1', '1']);
    expect(deliveriesOf(customer.requests).size).toBe(1);
  });
});

describe.concurrent('functions at their concurrency limit', () => {
  it('let events and messages wait; none is lost, none on a dead-letter queue', async ({
    expect,
    onTestFinished,
  }) => {
    const journey = await start({ onTestFinished }, { assemblyDirectory: impatient.directory });
    const customer = await journey.startCustomer();
    await registerOne(journey, customer);
    journey.cloud.faults.add('concurrency DispatchEvent 0 for 1s');
    journey.cloud.faults.add(`concurrency FirstLane 0 for ${VISIBILITY_SECONDS + 2}s`);

    const startedAt = Date.now();
    for (let n = 0; n < 12; n++) await journey.publish('file.uploaded', { id: `evt_${n}`, data: {} });
    await customer.received(12);

    const firstAt = Math.min(...customer.requests.map(({ at }) => at));
    expect(firstAt - startedAt).toBeGreaterThan(VISIBILITY_SECONDS * 1_000);
    expect(customer.requests).toHaveLength(12);
    const { PoisonQueueUrl, UndispatchedQueueUrl, EventsQueueUrl } = journey.cloud.outputs;
    for (const url of [PoisonQueueUrl, UndispatchedQueueUrl, EventsQueueUrl]) {
      expect(await journey.receive(url)).toEqual([]);
    }
  });
});
