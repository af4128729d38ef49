import { beforeAll, describe, expect, it } from 'vitest';
import type { DataValidators } from '../../lambdas/dispatch-event/check-data.ts';
import { dataValidators } from '../support/data-validators.ts';
import { newCloud, outage } from '../support/new-cloud.ts';
import { BUS_ID, busEvent, busEventWithData } from './builders.ts';

const EVENT_IDS = {
  event_id: 'evt_1',
  account_id: 'acct_1',
  event_type: 'file.uploaded',
  bus_event_id: BUS_ID,
};
const INVALID = { file_id: 7 };

let validators: DataValidators;
beforeAll(async () => {
  validators = await dataValidators({
    'file.uploaded': {
      type: 'object',
      properties: { file_id: { type: 'string' }, bytes: { type: 'integer' }, ratio: { type: 'number' } },
      required: ['file_id'],
    },
  });
});

describe('an event of an account without a webhook', () => {
  it('is counted, and logged with its ids', async () => {
    const cloud = await newCloud();

    await cloud.dispatch(busEvent());

    expect(cloud.counters.get('unmatched')).toBe(1);
    expect(cloud.logged).toEqual([
      {
        level: 'info',
        message: 'an event is not delivered: its account has no webhook',
        ...EVENT_IDS,
        omitted_before: 0,
      },
    ]);
  });

  it('is counted each time, and logged for one event of an account in ten minutes [API-36]', async () => {
    const cloud = await newCloud();
    const events = [1, 2, 3].map((n) => busEvent({}, { id: `evt_${n}` }));

    await cloud.dispatch(...events, busEvent({}, { id: 'evt_4', account_id: 'acct_2' }));
    cloud.time.now += 599_000;
    await cloud.dispatch(busEvent({}, { id: 'evt_5' }));
    cloud.time.now += 1_000;
    await cloud.dispatch(busEvent({}, { id: 'evt_6' }));

    expect(cloud.counters.get('unmatched')).toBe(6);
    expect(cloud.logged).toMatchObject([
      { event_id: 'evt_1', account_id: 'acct_1', omitted_before: 0 },
      { event_id: 'evt_4', account_id: 'acct_2', omitted_before: 2 },
      { event_id: 'evt_6', account_id: 'acct_1', omitted_before: 1 },
    ]);
  });

  it('causes at most ten log lines in a minute, for any number of accounts [API-36]', async () => {
    const cloud = await newCloud();
    const events = Array.from({ length: 15 }, (_, n) => busEvent({}, { account_id: `acct_${n}` }));

    cloud.publish(...events);
    await cloud.runDispatcher();
    await cloud.runDispatcher();

    expect(cloud.counters.get('unmatched')).toBe(15);
    expect(cloud.logged).toHaveLength(10);
  });
});

describe('an event whose id is taken by another event', () => {
  it('is counted, and logged with the reason', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await cloud.dispatch(busEvent());

    await cloud.dispatch(
      busEvent({ id: '7b7e8feb-b491-4cf7-a9f1-bf3703467718' }, { data: { file_id: 'b' } }),
    );

    expect(cloud.counters.get('event_id_conflict')).toBe(1);
    expect(cloud.logged).toMatchObject([
      { level: 'error', event_id: 'evt_1', why: expect.stringContaining('under this id before') },
    ]);
  });
});

describe('an event whose data does not satisfy the schema of its type', () => {
  it('is delivered, counted and logged with path and reason by default [API-34]', async () => {
    const cloud = await newCloud({ dispatcher: { validators } });
    await cloud.addWebhook();

    await cloud.dispatch(busEvent({}, { data: INVALID }), busEvent({}, { id: 'evt_2' }));

    expect(cloud.receiveMessages('first').map(({ eventId }) => eventId)).toEqual(['evt_1', 'evt_2']);
    expect(cloud.counters.get('event_data_invalid')).toBe(1);
    expect(cloud.logged).toEqual([
      {
        level: 'warn',
        message: 'the data of an event does not satisfy the schema of its type, or was not checked',
        ...EVENT_IDS,
        path: 'data/file_id',
        why: 'must be string',
        omitted_before: 0,
      },
    ]);
  });

  it('is sent to the undispatched queue with the reason when events are refused [API-34]', async () => {
    const cloud = await newCloud({ dispatcher: { validators, validateEvents: 'refuse' } });
    await cloud.addWebhook();
    const event = busEvent({}, { data: INVALID });

    await cloud.dispatch(event, busEvent({}, { id: 'evt_2' }));

    expect(cloud.receiveUndispatched()).toEqual([
      {
        text: JSON.stringify(event),
        reason: 'Detail.data/file_id does not satisfy the schema of its type: must be string',
        ...EVENT_IDS,
      },
    ]);
    expect(cloud.receiveMessages('first').map(({ eventId }) => eventId)).toEqual(['evt_2']);
    expect(cloud.counters.get('event_data_invalid')).toBe(1);
    expect(cloud.counters.get('undispatched')).toBe(1);
  });

  it('is not noticed when events are not validated', async () => {
    const cloud = await newCloud({ dispatcher: { validators, validateEvents: 'off' } });
    await cloud.addWebhook();

    await cloud.dispatch(busEvent({}, { data: INVALID }));

    expect(cloud.receiveMessages('first')).toHaveLength(1);
    expect([cloud.counters.get('event_data_invalid'), cloud.logged]).toEqual([undefined, []]);
  });

  it('is reported by the run that dispatches it, not by one that fails', async () => {
    const cloud = await newCloud({ dispatcher: { validators } });
    await cloud.addWebhook();
    const endOutage = cloud.intercept(outage('Query'));
    await cloud.dispatch(busEvent({}, { data: INVALID }));
    const afterFailure = cloud.counters.get('event_data_invalid');

    endOutage();
    cloud.time.now += 10_000;
    await cloud.runDispatcher();

    expect([afterFailure, cloud.counters.get('event_data_invalid')]).toEqual([undefined, 1]);
  });

  it('is logged once in ten minutes for each type, path and reason, and counted each time [API-36]', async () => {
    const cloud = await newCloud({ dispatcher: { validators } });
    await cloud.addWebhook();
    const events = [1, 2, 3].map((n) => busEvent({}, { id: `evt_${n}`, data: INVALID }));

    await cloud.dispatch(...events, busEvent({}, { id: 'evt_4', data: {} }));

    expect(cloud.counters.get('event_data_invalid')).toBe(4);
    expect(cloud.logged).toMatchObject([
      { event_id: 'evt_1', path: 'data/file_id' },
      { event_id: 'evt_4', path: 'data', omitted_before: 2 },
    ]);
  });
});

describe('the validation', () => {
  it('accepts numbers that a double cannot hold, and delivers them digit for digit [API-13]', async () => {
    const cloud = await newCloud({ dispatcher: { validators, validateEvents: 'refuse' } });
    await cloud.addWebhook();
    const data = '{"file_id":"a","bytes":12345678901234567890,"ratio":1e400,"more":1.0}';

    await cloud.dispatch(busEventWithData(data));

    expect(cloud.receiveMessages('first').map(({ body }) => body)).toEqual([expect.stringContaining(data)]);
    expect(cloud.receiveUndispatched()).toEqual([]);
  });

  it('does not apply to system events', async () => {
    const cloud = await newCloud({ dispatcher: { validators, validateEvents: 'refuse' } });
    await cloud.addWebhook({ events: ['webhook.retry'] });

    await cloud.dispatch(busEvent({ 'detail-type': 'webhook.retry', source: 'webhook-fanout.test' }));

    expect(cloud.receiveUndispatched()).toEqual([]);
    expect(cloud.receiveMessages('first')).toHaveLength(1);
  });
});
