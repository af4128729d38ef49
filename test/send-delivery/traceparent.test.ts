import { describe, expect, it } from 'vitest';
import { repeatedDeliveryId } from '../../lambdas/shared/domain/ids.ts';
import { encodeMessage } from '../../lambdas/shared/domain/message.ts';
import { parseTraceparent, spanIdOf } from '../../lambdas/shared/domain/traceparent.ts';
import { message } from '../support/builders.ts';
import { newCloud, outage } from '../support/new-cloud.ts';
import { answered } from '../support/post-results.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = parseTraceparent(`00-${TRACE}-00f067aa0ba902b7-01`);
if (TRACEPARENT === undefined) throw new Error('it is valid');
const traced = message({ traceparent: TRACEPARENT, subscribedSystemEvents: ['webhook.retry'] });
const sentBy = (attempt: number, deliveryId = traced.deliveryId) =>
  `00-${TRACE}-${spanIdOf(deliveryId, attempt)}-01`;

describe('the traceparent of an event', () => {
  it('is not sent to endpoints unless the operator chose it [API-47]', async () => {
    const cloud = await newCloud();
    cloud.put('first', traced);

    await cloud.run('first');

    expect(JSON.stringify(cloud.posts)).not.toContain(TRACE);
  });

  it('is sent when the operator chose it, with a span for each attempt, also after a redrive', async () => {
    const cloud = await newCloud({ forwardTraceparent: true, retryDelaysSeconds: [1] });
    await cloud.addWebhook();
    cloud.customer.answer = async () => answered(500);
    cloud.put('first', { ...traced, maxAttempts: 2 });

    await cloud.run('first');
    cloud.time.now += 1_000;
    await cloud.run('retry1');
    const [exhausted] = cloud.receiveMessages('exhausted');
    cloud.put('first', exhausted ?? traced);
    await cloud.run('first');

    expect(cloud.posts.map(({ headers }) => headers.traceparent)).toEqual([
      sentBy(1),
      sentBy(2),
      sentBy(1, repeatedDeliveryId(traced.deliveryId)),
    ]);
    expect(cloud.posts.some(({ headers }) => 'tracestate' in headers)).toBe(false);
  });

  it('is not generated for an event without one', async () => {
    const cloud = await newCloud({ forwardTraceparent: true });
    cloud.put('first', message());

    await cloud.run('first');

    expect(cloud.posts[0]?.headers).not.toHaveProperty('traceparent');
  });

  it('is continued by the system events about its delivery', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.customer.answer = async () => answered(500);
    cloud.put('first', traced);

    await cloud.run('first');

    expect(cloud.published).toMatchObject([{ detail: { traceparent: sentBy(1) } }]);
  });

  it('is in every log line of its delivery, with the span of the attempt', async () => {
    const cloud = await newCloud();
    cloud.intercept(outage('BatchGetItem'));
    cloud.put('first', { ...traced, rerun: true });

    await cloud.run('first');

    expect(cloud.logged).toMatchObject([
      {
        event_id: traced.eventId,
        delivery_id: traced.deliveryId,
        webhook_id: traced.webhookId,
        account_id: traced.accountId,
        trace_id: TRACE,
        span_id: spanIdOf(traced.deliveryId, 1),
      },
    ]);
  });

  it('is in the log line and the attributes of a message that cannot be read', async () => {
    const cloud = await newCloud();
    cloud.putText('first', JSON.stringify({ ...JSON.parse(encodeMessage(traced)), attempt: 'first' }));

    await cloud.run('first');

    expect(cloud.logged).toMatchObject([{ trace_id: TRACE }]);
    const [{ attributes } = { attributes: {} }] = cloud.receiveAll('unreadable');
    expect(Reflect.get(attributes, 'trace_id')).toMatchObject({ stringValue: TRACE });
  });

  it('does not make a message unreadable when it is not valid', async () => {
    const cloud = await newCloud();
    cloud.putText('first', JSON.stringify({ ...JSON.parse(encodeMessage(message())), traceparent: 'no' }));

    await cloud.run('first');

    expect(cloud.posts).toHaveLength(1);
  });
});
