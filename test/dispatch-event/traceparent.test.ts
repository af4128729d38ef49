import { describe, expect, it } from 'vitest';
import { accountId, eventId } from '../support/builders.ts';
import { newCloud, outage } from '../support/new-cloud.ts';
import { busEvent } from './builders.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

describe('an event with a traceparent', () => {
  it('is stored with it, and its messages have it; tracestate is not kept anywhere [API-47]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();

    await cloud.dispatch(busEvent({}, { traceparent: TRACEPARENT, tracestate: 'vendor=secret' }));

    const [text = ''] = cloud.receiveTexts('first');
    const stored = await cloud.deliveries.getEvent(accountId(), eventId(), cloud.time.now);
    expect(JSON.parse(text)).toMatchObject({ v: 2, traceparent: TRACEPARENT });
    expect(stored?.traceparent).toBe(TRACEPARENT);
    expect(text + JSON.stringify(stored)).not.toContain('vendor');
    // Customers get the same body as without a trace.
    expect(stored?.body).not.toContain(TRACE);
  });

  it('keeps the first one when it is published again with another', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const second = TRACEPARENT.replaceAll('4', '5');

    await cloud.dispatch(busEvent({}, { traceparent: TRACEPARENT }));
    await cloud.dispatch(busEvent({}, { traceparent: second }));
    cloud.time.now += 30_000;

    expect(cloud.receiveMessages('first').map(({ traceparent }) => traceparent)).toEqual([
      TRACEPARENT,
      TRACEPARENT,
    ]);
    expect(cloud.counters.get('event_id_conflict')).toBeUndefined();
  });

  it('has its trace in the log line of a failure, and in the attributes of an undispatched event', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const endOutage = cloud.intercept(outage('Query'));
    await cloud.dispatch(busEvent({}, { traceparent: TRACEPARENT }));
    endOutage();
    await cloud.dispatch(busEvent({ 'detail-type': 'unknown' }, { traceparent: TRACEPARENT }));

    expect(cloud.logged.map(({ trace_id }) => trace_id)).toEqual([TRACE, TRACE]);
    const [{ attributes } = { attributes: {} }] = cloud.receiveAll('undispatched');
    expect(Reflect.get(attributes, 'trace_id')).toMatchObject({ stringValue: TRACE });
  });
});

describe('a traceparent that is not valid', () => {
  it('is ignored, counted and logged: the event is delivered [API-47]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();

    await cloud.dispatch(busEvent({}, { traceparent: `${TRACEPARENT}-more` }));
    await cloud.dispatch(busEvent({}, { id: 'evt_2', traceparent: 7 }));

    expect(cloud.receiveMessages('first').map(({ traceparent }) => traceparent)).toEqual([
      undefined,
      undefined,
    ]);
    expect(cloud.counters.get('traceparent_invalid')).toBe(2);
    expect(cloud.logged).toMatchObject([
      {
        level: 'warn',
        message: 'the traceparent of an event is not valid and is ignored',
        event_id: 'evt_1',
      },
    ]);
  });

  it('is not one that is absent or null', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();

    await cloud.dispatch(busEvent(), busEvent({}, { id: 'evt_2', traceparent: null }));

    expect(cloud.counters.get('traceparent_invalid')).toBeUndefined();
  });
});
