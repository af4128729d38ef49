import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CANARY_ACCOUNT, CANARY_TYPE } from '../../../lambdas/shared/domain/canary.ts';
import type { DeliveryMessage } from '../../../lambdas/shared/domain/delivery.ts';
import { repeatedDeliveryId } from '../../../lambdas/shared/domain/ids.ts';
import { decodeMessage, encodeMessage } from '../../../lambdas/shared/domain/message.ts';
import { ADMINISTRATOR } from '../../../local/aws-calls.ts';
import type { Journey } from '../../journeys/support/journey.ts';
import { until } from '../../support/until.ts';
import type { Endpoint } from './endpoint.ts';
import type { Usage } from './usage.ts';

const LANE_QUEUES = ['First', 'Retry1', 'Retry2', 'Retry3', 'Later', 'Slow'];

/** Makes the functions do everything once that operators, producers, customers and faults can cause. */
export async function exerciseEverything(journey: Journey, endpoint: Endpoint, usage: Usage): Promise<void> {
  await manageWebhooks(journey, endpoint);
  await sendInvalidInput(journey);
  await Promise.all([
    exhaustDeliveries(journey, endpoint).then(async (messages) => {
      await redrive(journey, usage, messages);
      await postponeByRetryAfter(journey, endpoint, messages);
    }),
    callSlowEndpoints(journey, endpoint),
    publishTwice(journey, endpoint),
    repeatDeliveries(journey, endpoint),
    failChallenges(journey, endpoint),
    disableWebhooks(journey, endpoint),
    listen(journey),
    signIn(journey),
    receiveCanary(journey),
  ]);
  await returnEvent(journey, usage);
}

/** Calls every operation of the API: in an environment that creates the data key, and in one that reads it. */
async function manageWebhooks(journey: Journey, endpoint: Endpoint): Promise<void> {
  const { api } = journey;
  const { id } = await journey.register({ url: endpoint.url('ok'), events: ['user.*'] });
  await api('GET', '/v1/webhooks');
  await api('PATCH', `/v1/webhooks/${id}`, { description: 'changed' });
  await api('POST', `/v1/webhooks/${id}/verify`);
  await api('GET', `/v1/webhooks/${id}/health`);
  await api('GET', `/v1/webhooks/${id}/recoveries`);
  const server = journey.cloud.findFunction('ServeApi');
  while (await server.killEnvironment());
  await api('POST', `/v1/webhooks/${id}/secret/rotate`, {});
  const test = await api('POST', '/v1/webhooks/test', { webhook_id: id, event_type: 'user.registered' });
  await api('GET', `/v1/events/${test.body.event_id}`);
  await api('GET', `/v1/webhooks/${id}/deliveries`);
  await api('GET', `/v1/webhooks/${id}/deliveries/${test.body.delivery_id}`);
  const headers = { 'idempotency-key': 'repeated' };
  for (let n = 0; n < 2; n++) {
    await api('POST', `/v1/webhooks/${id}/test`, { event_type: 'user.registered' }, { headers });
  }
  await api('DELETE', `/v1/webhooks/${id}`, undefined, { headers: { 'if-match': '*' } });
}

/** Publishes an unknown event type, an event of an account without webhooks and invalid data, and sends messages that cannot be read. */
async function sendInvalidInput(journey: Journey): Promise<void> {
  await journey.publish('no.such.type', { data: {} });
  await journey.publish('file.uploaded', { account_id: 'acct_none', data: { file_id: 7 } });
  for (const queue of ['First', 'Retry1', 'Slow']) await send(journey, queue, 'not a message');
}

/** Exhausts the deliveries of several webhooks. One webhook also receives system events. */
async function exhaustDeliveries(journey: Journey, endpoint: Endpoint): Promise<DeliveryMessage[]> {
  const key = await journey.newAccount('acct_fails');
  const register = (part: string, events: string[]) =>
    journey.register({ url: endpoint.url('fails', part), events }, { key });
  await register('listener', ['file.uploaded', 'webhook.*']);
  const parts = Array.from({ length: 2 * LANE_QUEUES.length }, (_, n) => String(n));
  await Promise.all(parts.map((part) => register(part, ['file.uploaded'])));

  await journey.publish('file.uploaded', { account_id: 'acct_fails', data: {} });

  const exhausted: DeliveryMessage[] = [];
  return until('exhausted deliveries', async () => {
    for (const text of await journey.receive(journey.cloud.outputs.ExhaustedQueueUrl)) {
      const decoded = decodeMessage(text);
      if (!decoded.ok) continue;
      // Without those of other accounts, whose webhooks may be disabled by now.
      const { accountId, eventType } = decoded.message;
      if (accountId === 'acct_fails' && eventType === 'file.uploaded') exhausted.push(decoded.message);
    }
    return exhausted.length >= parts.length ? exhausted : undefined;
  });
}

/**
 * Moves exhausted deliveries back to every lane, as an operator does. The first ones are moved while DynamoDB fails
 * for the senders. These receive them again after ten seconds.
 */
async function redrive(journey: Journey, usage: Usage, exhausted: readonly DeliveryMessage[]): Promise<void> {
  const outage = journey.cloud.faults.add('fail dynamodb:BatchGetItem by SendDelivery always');
  const moveTo = (messages: readonly DeliveryMessage[]) =>
    Promise.all(messages.map((message, n) => send(journey, LANE_QUEUES[n] ?? '', encodeMessage(message))));
  await moveTo(exhausted.slice(0, LANE_QUEUES.length));
  const returnedMessages = () =>
    [...usage.requests.values()]
      .flat()
      .filter(
        ({ action, resource }) => action === 'sqs:ChangeMessageVisibility' && resource.includes('Lanes'),
      );
  const queues = () => new Set(returnedMessages().map(({ resource }) => resource));
  await until('messages of all lanes to be returned', () => queues().size >= LANE_QUEUES.length || undefined);
  outage.remove();
  await moveTo(exhausted.slice(LANE_QUEUES.length, 2 * LANE_QUEUES.length));
  // The slow lane also receives messages of webhooks that are no longer marked as slow.
  const [message] = exhausted;
  if (message === undefined) return;
  const { exhausted: _, ...unfinished } = message;
  for (const attempt of [2, 3]) {
    const deliveryId = repeatedDeliveryId(
      repeatedDeliveryId(exhausted[attempt]?.deliveryId ?? message.deliveryId),
    );
    const history = message.history.slice(0, attempt - 1);
    await send(journey, 'Slow', encodeMessage({ ...unfinished, deliveryId, attempt, history }));
  }
}

/** Delivers to endpoints that hang on the first lane and on the retry lane. The slow lane makes the next attempts. */
async function callSlowEndpoints(journey: Journey, endpoint: Endpoint): Promise<void> {
  const key = await journey.newAccount('acct_slow');
  const url = endpoint.url('hangs_first');
  const { id } = await journey.register({ url, events: ['file.*'] }, { key });
  await journey.register({ url: endpoint.url('hangs_second'), events: ['file.uploaded'] }, { key });
  // The lanes publish system events only if a webhook subscribes to them.
  await journey.register({ url: endpoint.url('ok'), events: ['webhook.*'] }, { key });

  await journey.publish('file.uploaded', { account_id: 'acct_slow', data: {} });
  await until('the attempt that hung', async () => {
    const records = await journey.records(id, 'acct_slow');
    return records.some(({ event_type }) => event_type === 'file.uploaded') || undefined;
  });
  await journey.publish('file.deleted', { account_id: 'acct_slow', data: {} });
  await journey.api('PATCH', `/v1/webhooks/${id}`, { url: endpoint.url('ok', 'moved') }, { key });
}

/**
 * An endpoint that requests a later retry from all lanes. The slow lane gets a message although its webhook is not
 * slow.
 */
async function postponeByRetryAfter(
  journey: Journey,
  endpoint: Endpoint,
  [message]: readonly DeliveryMessage[],
): Promise<void> {
  const account_id = 'acct_busy';
  const key = await journey.newAccount(account_id);
  const { id } = await journey.register({ url: endpoint.url('busy'), events: ['file.uploaded'] }, { key });
  await journey.publish('file.uploaded', { account_id, data: {} });
  if (message === undefined) return;
  const first = { ...message, deliveryId: repeatedDeliveryId(message.deliveryId), attempt: 1, history: [] };
  const { exhausted: _, ...fields } = JSON.parse(encodeMessage(first));
  await send(journey, 'Slow', JSON.stringify({ ...fields, account_id, webhook_id: id, rerun: true }));
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

async function failChallenges(journey: Journey, endpoint: Endpoint): Promise<void> {
  const key = await journey.newAccount('acct_late');
  await journey.register({ url: endpoint.url('fails_first_challenge'), events: ['*'] }, { key });
  const { body } = await journey.api(
    'POST',
    '/v1/webhooks',
    { url: endpoint.url('always_fails'), events: ['*'] },
    { key },
  );
  await journey.untilStatus(body.id, 'verification_failed', { key });
}

/** An account with a listener alone. Its second poll confirms the delivery of the first one. */
async function listen(journey: Journey): Promise<void> {
  const key = await journey.newAccount('acct_listens');
  const api = (method: string, path: string, body?: unknown) => journey.api(method, path, body, { key });
  const { body: listener } = await api('POST', '/v1/listeners', { events: ['*'] });
  await journey.publish('file.uploaded', { account_id: 'acct_listens', data: {} });
  const path = `/v1/listeners/${listener.id}`;
  const cursor = await until('a delivery to the listener', async () => {
    const { body } = await api('GET', `${path}/deliveries`);
    return body.next_cursor ?? undefined;
  });
  await api('GET', `${path}/deliveries?cursor=${cursor}`);
  await api('DELETE', path);
}

/** Begins sessions with the code of a link and with an API key, and ends them. */
async function signIn(journey: Journey): Promise<void> {
  const { cloud } = journey;
  const key = await journey.newAccount('acct_session');
  const { Payload } = await cloud.calls.call({
    principal: ADMINISTRATOR,
    service: 'lambda',
    action: 'Invoke',
    input: {
      FunctionName: cloud.outputs.PortalFunctionName,
      Payload: JSON.stringify({ account: 'acct_session', actor: 'ann' }),
    },
  });
  const { hash } = new URL(JSON.parse(String(Payload)).url);
  for (const input of [{ code: new URLSearchParams(hash.slice(1)).get('code') }, { api_key: key }]) {
    const { body } = await journey.api('POST', '/v1/sessions', input);
    await journey.api('GET', '/v1/webhooks', undefined, { key: body.token });
    await journey.api('DELETE', '/v1/session', undefined, { key: body.token });
  }
}

/** Every lane counts an exhausted delivery and disables its webhook. */
async function disableWebhooks(journey: Journey, endpoint: Endpoint): Promise<void> {
  const key = await journey.newAccount('acct_gone');
  const behaviours = ['gone_at_first', 'gone_at_retry', 'gone_when_slow'] as const;
  const webhooks = await Promise.all(
    behaviours.map((behaviour) =>
      journey.register({ url: endpoint.url(behaviour), events: ['file.uploaded'] }, { key }),
    ),
  );
  await journey.publish('file.uploaded', { account_id: 'acct_gone', data: {} });
  for (const { id } of webhooks) await journey.untilStatus(id, 'disabled', { key });
}

/** Registers the canary's webhook as the command does, and waits until it has received the scheduled event. */
async function receiveCanary(journey: Journey): Promise<void> {
  const key = await journey.newAccount(CANARY_ACCOUNT);
  const url = journey.cloud.outputs.CanaryUrl;
  const { id } = await journey.register({ url, events: [CANARY_TYPE] }, { key });
  await journey.cloud.runSchedules();
  await until('the event of the canary', async () => {
    const records = await journey.records(id, CANARY_ACCOUNT);
    return (
      records.some(({ event_type: type, status }) => type === CANARY_TYPE && status === 'delivered') ||
      undefined
    );
  });
}

/** Publishes an event while DynamoDB fails for the dispatcher, which returns the event to its queue. */
async function returnEvent(journey: Journey, usage: Usage): Promise<void> {
  const outage = journey.cloud.faults.add('fail dynamodb:Query by DispatchEvent always');
  const name = journey.cloud.findFunction('DispatchEvent').settings.name;
  await journey.publish('file.uploaded', { data: {} });
  const isReturned = () =>
    usage.requests.get(name)?.some(({ action }) => action === 'sqs:ChangeMessageVisibility');
  await until('the event to be returned', () => isReturned() || undefined);
  outage.remove();
}

async function send(journey: Journey, queue: string, body: string): Promise<void> {
  const { awsEndpoint: endpoint, region, outputs } = journey.cloud;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'any' };
  const sqs = new SQSClient({ endpoint, region, credentials });
  await sqs.send(new SendMessageCommand({ QueueUrl: outputs[`${queue}QueueUrl`], MessageBody: body }));
  sqs.destroy();
}
