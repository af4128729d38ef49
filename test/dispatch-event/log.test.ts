import { describe, expect, it } from 'vitest';
import { deliveryIdOf } from '../../lambdas/shared/domain/ids.ts';
import { AwsError } from '../../local/aws-calls.ts';
import { accountId, eventId, NOW, webhookId } from '../support/builders.ts';
import { DEFECT_SECRET, defect, newCloud, outage } from '../support/new-cloud.ts';
import { BUS_ID, busEvent } from './builders.ts';

const EVENT_IDS = {
  event_id: 'evt_1',
  account_id: 'acct_1',
  event_type: 'file.uploaded',
  bus_event_id: BUS_ID,
};

const DELIVERY_IDS = {
  event_id: 'evt_1',
  delivery_id: deliveryIdOf({
    accountId: accountId(),
    eventId: eventId(),
    webhookId: webhookId(),
    acceptedAt: NOW,
  }),
  webhook_id: 'wh_1',
  account_id: 'acct_1',
};

const RETURNED = {
  level: 'warn',
  message: 'an event is returned to its queue',
  message_id: expect.any(String),
  receive_count: 1,
};

describe('the log line of an event that is returned to its queue', () => {
  it.each(['Query', 'PutItem'])('has the ids of the event when %s fails', async (action) => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.intercept(outage(action));

    await cloud.dispatch(busEvent());

    expect(cloud.logged).toEqual([
      { ...RETURNED, ...EVENT_IDS, why: 'ServiceUnavailable: simulated outage' },
    ]);
  });

  it('has the ids of the event when it cannot be sent to the undispatched queue', async () => {
    const cloud = await newCloud();
    cloud.intercept(outage('SendMessageBatch'));

    await cloud.dispatch(busEvent({ 'detail-type': 'file.renamed' }));

    expect(cloud.logged).toEqual([
      {
        ...RETURNED,
        ...EVENT_IDS,
        event_type: 'file.renamed',
        why: 'the event could not be sent to the undispatched queue: ServiceUnavailable: simulated outage',
      },
    ]);
  });

  it('has the ids of the delivery when the delivery was not enqueued', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.intercept(outage('SendMessageBatch'));

    await cloud.dispatch(busEvent());

    expect(cloud.logged).toEqual([
      {
        ...RETURNED,
        ...EVENT_IDS,
        ...DELIVERY_IDS,
        why: 'a delivery was not enqueued: ServiceUnavailable: simulated outage',
      },
    ]);
  });

  it('has the ids of the delivery when its record as held was not written', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ status: 'disabled' });
    cloud.intercept(async ({ action, input }, next) => {
      if (action === 'PutItem' && JSON.stringify(input).includes('held')) {
        throw new AwsError({ code: 'ServiceUnavailable', message: 'simulated outage', status: 503 });
      }
      return next();
    });

    await cloud.dispatch(busEvent());

    expect(cloud.logged).toEqual([
      { ...RETURNED, ...EVENT_IDS, ...DELIVERY_IDS, why: 'ServiceUnavailable: simulated outage' },
    ]);
  });
});

describe('the log line', () => {
  it('of a secret that cannot be decrypted has the ids of event, delivery, webhook and account', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ secrets: [{ dataKey: 1, sealed: 'AAAA', createdAt: '' }] });

    await cloud.dispatch(busEvent());

    expect(cloud.logged).toEqual([
      {
        level: 'error',
        message: 'a signing secret does not open',
        ...DELIVERY_IDS,
        why: expect.any(String),
      },
    ]);
  });

  it('of an event that is sent to the undispatched queue has the ids of the event', async () => {
    const cloud = await newCloud();

    await cloud.dispatch(busEvent({ 'detail-type': 'file.renamed' }));

    expect(cloud.logged).toEqual([
      {
        level: 'error',
        message: 'an event cannot be dispatched and was sent to the undispatched queue',
        ...EVENT_IDS,
        event_type: 'file.renamed',
        why: expect.stringContaining('not in the catalogue'),
      },
    ]);
  });
});

describe('a message to a lane', () => {
  it.each([
    ['first', {}],
    ['slow', { slowSince: '2026-01-15T10:00:00.000Z' }],
  ] as const)('has the ids of event, delivery, webhook and account: queue %s', async (queue, change) => {
    const cloud = await newCloud();
    await cloud.addWebhook(change);

    await cloud.dispatch(busEvent());

    expect(cloud.receiveTexts(queue).map((text) => JSON.parse(text))).toMatchObject([DELIVERY_IDS]);
  });
});

describe('an error of our own', () => {
  it.each([
    ['PutItem', EVENT_IDS, 'TypeError', 'shared/store/'],
    ['SendMessageBatch', DELIVERY_IDS, 'a delivery was not enqueued: TypeError', 'shared/runtime/queues'],
  ])('in %s is logged with where it was thrown, without its message', async (action, ids, why, where) => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.intercept(defect(action));

    await cloud.dispatch(busEvent());

    expect(cloud.logged).toMatchObject([{ ...RETURNED, ...ids, why }]);
    expect(cloud.logged[0]?.stack).toContainEqual(expect.stringContaining(`lambdas/${where}`));
    expect(JSON.stringify(cloud.logged)).not.toContain(DEFECT_SECRET);
  });

  it('that keeps a refused event from the undispatched queue is logged with where it was thrown', async () => {
    const cloud = await newCloud();
    cloud.intercept(defect('SendMessageBatch'));

    await cloud.dispatch(busEvent({ 'detail-type': 'file.renamed' }));

    expect(cloud.logged).toMatchObject([{ ...RETURNED, event_id: 'evt_1', account_id: 'acct_1' }]);
    expect(cloud.logged[0]?.stack).toContainEqual(
      expect.stringMatching(/^lambdas\/shared\/runtime\/queues\.ts:/),
    );
  });

  it.each(['warn', 'refuse'] as const)(
    'in a validator is logged with where it was thrown: %s',
    async (validateEvents) => {
      const validate = (): boolean => {
        throw new TypeError(DEFECT_SECRET);
      };
      const validators = { 'file.uploaded': { validate, names: [] } };
      const cloud = await newCloud({ dispatcher: { validateEvents, validators } });
      await cloud.addWebhook();

      await cloud.dispatch(busEvent());

      expect(cloud.logged).toMatchObject([{ ...EVENT_IDS, why: expect.stringContaining('TypeError') }]);
      expect(cloud.logged[0]?.stack).toContainEqual(expect.stringContaining('log.test.ts'));
      expect(JSON.stringify(cloud.logged)).not.toContain(DEFECT_SECRET);
    },
  );
});
