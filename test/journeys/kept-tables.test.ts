import { createHmac } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { startDynamoDB } from '../support/dynamodb.ts';
import { type JourneySettings, startJourney } from './support/journey.ts';

it('a second cloud on the same DynamoDB tables uses the webhooks and secrets of the first one', async () => {
  const dynamodb = await startDynamoDB();
  onTestFinished(() => dynamodb.stop());
  const settings: JourneySettings = { dynamodbEndpoint: dynamodb.endpoint };
  const first = await startJourney(settings);
  const customer = await first.startCustomer();
  const secret = await first
    .register({ url: customer.url(), events: ['*'], secret: 'a secret of the customer' })
    .then((webhook) => String(webhook.secret));
  // Not the journey: the customer's server must still run.
  await first.cloud.close();

  const second = await startJourney(settings);
  onTestFinished(() => second.close());
  await second.publish('file.uploaded', { id: 'evt_second', data: {} });
  const [request] = await customer.received(1);
  const next = await second.register({ url: customer.url('/next'), events: ['file.deleted'] });

  const signed = createHmac('sha256', secret)
    .update(`${request?.headers['x-webhook-timestamp']}.${request?.body}`)
    .digest('hex');
  expect(request?.headers['x-webhook-signature']).toBe(`sha256=${signed}`);
  expect(request?.headers['webhook-id']).toBe('evt_second');
  expect(next.status).toBe('active');
  await first.close();
});
