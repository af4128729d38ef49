import { describe, expect, it } from 'vitest';
import { encodeMessage } from '../../lambdas/shared/domain/message.ts';
import { eventId, message } from '../support/builders.ts';
import { newCloud, outage } from '../support/new-cloud.ts';
import { answered } from '../support/post-results.ts';
import { ADDRESS_REFUSED, TIMED_OUT } from './builders.ts';

const IDS = {
  event_id: 'evt_1',
  delivery_id: message().deliveryId,
  webhook_id: 'wh_1',
  account_id: 'acct_1',
};

const FAILED_ATTEMPT = {
  level: 'info',
  message: 'an attempt failed',
  ...IDS,
  event_type: message().eventType,
  attempt: 1,
  lane: 'first',
  error: 'http_status',
  status: 500,
};

/** A message that no deployment can read, with the ids of `message()`. */
function unreadableText(change: Record<string, unknown> = {}): string {
  return JSON.stringify({ ...JSON.parse(encodeMessage(message())), attempt: 'first', ...change });
}

describe('a log line of a delivery has the ids of event, delivery, webhook and account', () => {
  it('when the message is returned to its queue', async () => {
    const cloud = await newCloud();
    cloud.intercept(outage('BatchGetItem'));
    cloud.put('first', message({ rerun: true }));

    await cloud.run('first');

    expect(cloud.logged).toEqual([
      {
        level: 'warn',
        message: 'a message is returned to its queue',
        ...IDS,
        message_id: expect.any(String),
        receive_count: 1,
        why: 'ServiceUnavailable: simulated outage',
      },
    ]);
  });

  it('when the message is returned because of its version', async () => {
    const cloud = await newCloud();
    cloud.putText('first', unreadableText({ v: 99 }));

    await cloud.run('first');

    expect(cloud.logged).toMatchObject([{ message: 'a message is returned to its queue', ...IDS }]);
  });

  it('when the message is a redrive: the id of the new delivery', async () => {
    const cloud = await newCloud();
    cloud.intercept(outage('BatchGetItem'));
    cloud.put('first', message({ exhausted: true, attempt: 4 }));

    await cloud.run('first');

    expect(cloud.logged).toMatchObject([{ ...IDS, delivery_id: expect.any(String) }]);
    expect(cloud.logged[0]?.delivery_id).not.toBe(IDS.delivery_id);
  });

  it('when an attempt failed, and there is no line of a success', async () => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => answered(500);
    cloud.put('first', message());
    await cloud.run('first');
    cloud.customer.answer = async () => answered(200);
    cloud.put('first', message({ eventId: eventId('evt_2') }));

    await cloud.run('first');

    expect(cloud.logged).toEqual([FAILED_ATTEMPT]);
  });

  it('when the record cannot be written', async () => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => answered(500);
    cloud.intercept(outage('UpdateItem'));
    cloud.put('first', message());

    await cloud.run('first');

    expect(cloud.logged).toEqual([
      FAILED_ATTEMPT,
      {
        level: 'error',
        message: 'the record of a delivery could not be written; the delivery continued',
        ...IDS,
        why: 'ServiceUnavailable: simulated outage',
      },
    ]);
  });

  it('when the signing secret cannot be decrypted', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ secrets: [{ dataKey: 1, sealed: 'AAAA', createdAt: '' }] });
    cloud.put('first', message({ rerun: true }));

    await cloud.run('first');

    expect(cloud.logged).toEqual([
      {
        level: 'error',
        message: 'a signing secret does not open',
        ...IDS,
        why: expect.any(String),
      },
    ]);
  });

  it('when the bus refuses a system event', async () => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => answered(500);
    cloud.intercept(async (call, next) =>
      call.action === 'PutEvents'
        ? { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'busy' }] }
        : next(),
    );
    cloud.put('first', message({ subscribedSystemEvents: ['webhook.retry'] }));

    await cloud.run('first');

    expect(cloud.logged).toEqual([
      FAILED_ATTEMPT,
      {
        level: 'warn',
        message: 'a system event was not published',
        ...IDS,
        system_event_type: 'webhook.retry',
        why: 'InternalFailure: busy',
      },
    ]);
  });

  it('when the bus is unavailable', async () => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => ADDRESS_REFUSED;
    cloud.intercept(outage('PutEvents'));
    cloud.put('first', message({ subscribedSystemEvents: ['webhook.exhausted'] }));

    await cloud.run('first');

    expect(cloud.logged).toMatchObject([
      { message: 'an attempt failed', ...IDS, error: 'address_refused' },
      { ...IDS, system_event_type: 'webhook.exhausted', why: 'ServiceUnavailable: simulated outage' },
    ]);
  });

  it('when the message cannot be read, as far as the ids are valid', async () => {
    const cloud = await newCloud();
    cloud.putText('first', unreadableText());
    cloud.putText('first', unreadableText({ account_id: 'whsec_secret of somebody', event_id: 7 }));
    cloud.putText('first', 'not JSON');

    await cloud.run('first');

    const common = {
      level: 'error',
      message: 'a message cannot be read and was sent to the unreadable queue',
      message_id: expect.any(String),
    };
    const { delivery_id, webhook_id } = IDS;
    expect(cloud.logged).toHaveLength(3);
    expect(cloud.logged).toEqual(
      expect.arrayContaining([
        { ...common, ...IDS, why: 'missing or invalid: attempt' },
        { ...common, delivery_id, webhook_id, why: 'missing or invalid: account_id, event_id, attempt' },
        { ...common, why: 'the message is not JSON' },
      ]),
    );
  });
});

describe('a message to another queue has the ids of event, delivery, webhook and account', () => {
  it.each([
    ['retry1', answered(500)],
    ['slow', TIMED_OUT],
    ['exhausted', ADDRESS_REFUSED],
  ] as const)('in its body: queue %s', async (queue, response) => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => response;
    cloud.put('first', message());

    await cloud.run('first');

    cloud.time.now += 1_000;
    expect(cloud.receiveTexts(queue).map((text) => JSON.parse(text))).toMatchObject([IDS]);
  });

  it('in its body when it is forwarded to the slow queue', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ slowSince: '2026-01-15T10:00:00.000Z' });
    cloud.put('first', message({ rerun: true }));

    await cloud.run('first');

    expect(cloud.receiveTexts('slow').map((text) => JSON.parse(text))).toMatchObject([IDS]);
  });

  it('in its message attributes when it cannot be read', async () => {
    const cloud = await newCloud();
    const text = unreadableText();
    cloud.putText('first', text);

    await cloud.run('first');

    expect(cloud.receiveAll('unreadable')).toMatchObject([
      {
        body: text,
        attributes: Object.fromEntries(
          Object.entries(IDS).map(([name, stringValue]) => [name, { stringValue }]),
        ),
      },
    ]);
  });

  it('in the event when it is a system event', async () => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => answered(500);
    cloud.put('first', message({ subscribedSystemEvents: ['webhook.retry'] }));

    await cloud.run('first');

    const { event_id: original_event_id, account_id, ...data } = IDS;
    expect(cloud.published).toMatchObject([{ detail: { account_id, data: { original_event_id, ...data } } }]);
  });
});
