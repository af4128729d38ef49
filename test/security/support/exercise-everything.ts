import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DeliveryMessage } from '../../../lambdas/shared/domain/delivery.ts';
import { repeatedDeliveryId } from '../../../lambdas/shared/domain/ids.ts';
import { decodeMessage, encodeMessage } from '../../../lambdas/shared/domain/message.ts';
import type { Journey } from '../../journeys/support/journey.ts';
import { until } from '../../support/until.ts';
import type { Endpoint } from './endpoint.ts';
import type { Usage } from './usage.ts';

const LANE_QUEUES = ['First', 'Retry1', 'Retry2', 'Retry3', 'Slow'];

/** One of everything that operators, producers, customers and faults make the functions do. */
export async function exerciseEverything(journey: Journey, endpoint: Endpoint, usage: Usage): Promise<void> {
  await manageWebhooks(journey, endpoint);
  await setAside(journey);
  await Promise.all([
    failThroughTheRetryLane(journey, endpoint).then((messages) => redrive(journey, usage, messages)),
    meetSlowEndpoints(journey, endpoint),
    publishTwice(journey, endpoint),
    repeatDeliveries(journey, endpoint),
    verifyLateOrNever(journey, endpoint),
  ]);
  await postponeAnEvent(journey, usage);
}

/** Every call of the API, on a first environment and on one that finds the data key made. */
async function manageWebhooks(journey: Journey, endpoint: Endpoint): Promise<void> {
  const { api } = journey;
  const { id } = await journey.register({ url: endpoint.url('ok'), events: ['user.*'] });
  await api('GET', '/v1/webhooks');
  await api('PATCH', `/v1/webhooks/${id}`, { description: 'changed' });
  await api('POST', `/v1/webhooks/${id}/verify`);
  const server = journey.cloud.findFunction('ServeApi');
  while (await server.killEnvironment());
  await api('POST', '/v1/webhooks/test', { webhook_id: id, event_type: 'user.registered' });
  await api('DELETE', `/v1/webhooks/${id}`);
}

/** An unknown event type, and messages that cannot be read. */
async function setAside(journey: Journey): Promise<void> {
  await journey.publish('no.such.type', { data: {} });
  for (const queue of ['First', 'Retry1', 'Slow']) await send(journey, queue, 'not a message');
}

/** Webhooks whose deliveries all fail. One of them also receives system events. */
async function failThroughTheRetryLane(journey: Journey, endpoint: Endpoint): Promise<DeliveryMessage[]> {
  const key = await journey.newAccount('acct_fails');
  const register = (part: string, events: string[]) =>
    journey.register({ url: endpoint.url('fails', part), events }, { key });
  await register('told', ['file.uploaded', 'webhook.*']);
  const parts = Array.from({ length: 2 * LANE_QUEUES.length }, (_, n) => String(n));
  await Promise.all(parts.map((part) => register(part, ['file.uploaded'])));

  await journey.publish('file.uploaded', { account_id: 'acct_fails', data: {} });

  const exhausted: DeliveryMessage[] = [];
  return until('exhausted deliveries', async () => {
    for (const text of await journey.receive(journey.cloud.outputs.ExhaustedQueueUrl)) {
      const decoded = decodeMessage(text);
      if (decoded.ok && decoded.message.eventType === 'file.uploaded') exhausted.push(decoded.message);
    }
    return exhausted.length >= parts.length ? exhausted : undefined;
  });
}

/**
 * An operator moves exhausted deliveries back to any lane: some while DynamoDB is down for the senders, which
 * receive them again after ten seconds, and some afterwards.
 */
async function redrive(journey: Journey, usage: Usage, exhausted: readonly DeliveryMessage[]): Promise<void> {
  const outage = journey.cloud.faults.add('fail dynamodb:BatchGetItem by SendDelivery always');
  const moveTo = (messages: readonly DeliveryMessage[]) =>
    Promise.all(messages.map((message, n) => send(journey, LANE_QUEUES[n] ?? '', encodeMessage(message))));
  await moveTo(exhausted.slice(0, LANE_QUEUES.length));
  const postponed = () =>
    [...usage.requests.values()].flat().filter(({ action }) => action === 'sqs:ChangeMessageVisibility');
  const queues = () => new Set(postponed().map(({ resource }) => resource));
  await until(
    'messages of all lanes to be postponed',
    () => queues().size >= LANE_QUEUES.length || undefined,
  );
  outage.remove();
  await moveTo(exhausted.slice(LANE_QUEUES.length, 2 * LANE_QUEUES.length));
  // Messages that were sent to the slow lane when their webhook was marked slow. It is not marked any more.
  const [message] = exhausted;
  if (message === undefined) return;
  const { exhausted: _, ...open } = message;
  for (const attempt of [2, 3]) {
    const deliveryId = repeatedDeliveryId(
      repeatedDeliveryId(exhausted[attempt]?.deliveryId ?? message.deliveryId),
    );
    const history = message.history.slice(0, attempt - 1);
    await send(journey, 'Slow', encodeMessage({ ...open, deliveryId, attempt, history }));
  }
}

/** Endpoints that hang on the first lane and on the retry lane, and their follow-ups on the slow lane. */
async function meetSlowEndpoints(journey: Journey, endpoint: Endpoint): Promise<void> {
  const key = await journey.newAccount('acct_slow');
  const url = endpoint.url('hangs_first');
  const { id } = await journey.register({ url, events: ['file.*'] }, { key });
  await journey.register({ url: endpoint.url('hangs_second'), events: ['file.uploaded'] }, { key });
  // A subscriber of system events: only then does each lane publish them.
  await journey.register({ url: endpoint.url('ok'), events: ['webhook.*'] }, { key });

  await journey.publish('file.uploaded', { account_id: 'acct_slow', data: {} });
  await until('the attempt that hung', async () => {
    const records = await journey.records(id, 'acct_slow');
    return records.some(({ event_type }) => event_type === 'file.uploaded') || undefined;
  });
  await journey.publish('file.deleted', { account_id: 'acct_slow', data: {} });
  await journey.api('PATCH', `/v1/webhooks/${id}`, { url: endpoint.url('ok', 'moved') }, { key });
}

async function publishTwice(journey: Journey, endpoint: Endpoint): Promise<void> {
  const key = await journey.newAccount('acct_twice');
  await journey.register({ url: endpoint.url('ok'), events: ['*'] }, { key });
  const { id } = await journey.register({ url: endpoint.url('ok'), events: ['*'] }, { key });
  await journey.api('PATCH', `/v1/webhooks/${id}`, { status: 'disabled' }, { key });
  for (let n = 0; n < 2; n++) {
    await journey.publish('file.uploaded', { account_id: 'acct_twice', id: 'evt_twice', data: {} });
  }
}

/** Held deliveries are sent again: one by a resend, the other by a recovery. */
async function repeatDeliveries(journey: Journey, endpoint: Endpoint): Promise<void> {
  const account = 'acct_repeats';
  const key = await journey.newAccount(account);
  const api = (method: string, path: string, body?: unknown) => journey.api(method, path, body, { key });
  const { id } = await journey.register({ url: endpoint.url('ok'), events: ['*'] }, { key });
  const since = new Date().toISOString();
  await api('PATCH', `/v1/webhooks/${id}`, { status: 'disabled' });
  for (const event of ['evt_resent', 'evt_recovered']) {
    await journey.publish('file.uploaded', { account_id: account, id: event, data: {} });
  }
  const held = await until('two held deliveries', async () => {
    const records = (await journey.records(id, account)).filter(({ status }) => status === 'held');
    return records.length >= 2 ? records : undefined;
  });
  await api('PATCH', `/v1/webhooks/${id}`, { status: 'active' });
  const deliveryId = String(held[0]?.sk).replace('DELIVERY#', '');
  await api('POST', `/v1/webhooks/${id}/deliveries/${deliveryId}/resend`);
  await api('POST', `/v1/webhooks/${id}/recover`, { since, dry_run: true });
  const { body } = await api('POST', `/v1/webhooks/${id}/recover`, { since });
  await until('a recovered delivery', async () => {
    const records = await journey.records(id, account);
    return (
      records.some(({ trigger, status }) => trigger === 'recovery' && status === 'delivered') || undefined
    );
  });
  // Its message was received so often that it is replaced.
  await journey.cloud.findFunction('RecoverDeliveries').invoke({
    Records: [
      {
        messageId: 'long',
        receiptHandle: 'long',
        body: JSON.stringify({ v: 1, account_id: account, recovery_id: body.id }),
        attributes: { ApproximateReceiveCount: '900' },
      },
    ],
  });
  await api('GET', `/v1/recoveries/${body.id}`);
  await api('DELETE', `/v1/recoveries/${body.id}`);
}

async function verifyLateOrNever(journey: Journey, endpoint: Endpoint): Promise<void> {
  const key = await journey.newAccount('acct_late');
  await journey.register({ url: endpoint.url('answers_late'), events: ['*'] }, { key });
  const { body } = await journey.api(
    'POST',
    '/v1/webhooks',
    { url: endpoint.url('never_answers'), events: ['*'] },
    { key },
  );
  await journey.untilStatus(body.id, 'verification_failed', { key });
}

/** DynamoDB is down for the dispatcher: the event is returned to its queue. */
async function postponeAnEvent(journey: Journey, usage: Usage): Promise<void> {
  const outage = journey.cloud.faults.add('fail dynamodb:Query by DispatchEvent always');
  const name = journey.cloud.findFunction('DispatchEvent').settings.name;
  await journey.publish('file.uploaded', { data: {} });
  const isPostponed = () =>
    usage.requests.get(name)?.some(({ action }) => action === 'sqs:ChangeMessageVisibility');
  await until('the event to be returned', () => isPostponed() || undefined);
  outage.remove();
}

async function send(journey: Journey, queue: string, body: string): Promise<void> {
  const { awsEndpoint: endpoint, region, outputs } = journey.cloud;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'any' };
  const sqs = new SQSClient({ endpoint, region, credentials });
  await sqs.send(new SendMessageCommand({ QueueUrl: outputs[`${queue}QueueUrl`], MessageBody: body }));
  sqs.destroy();
}
