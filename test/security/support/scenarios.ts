import { httpAnswer } from '../../../fixtures/raw-server.ts';
import { parseAccountId, parseWebhookId } from '../../../lambdas/shared/domain/ids.ts';
import { createKeyring } from '../../../lambdas/shared/secrets/key-ring.ts';
import { ADMINISTRATOR } from '../../../local/aws-calls.ts';
import { createInProcessClient } from '../../../local/in-process-client.ts';
import { until } from '../../support/until.ts';
import { arrange, onQueue } from './arrange.ts';
import { type ObservedStack, ownSecret, type Scenario } from './observed-stack.ts';
import { REFUSALS } from './refusals.ts';

/** All ways in which the system uses a secret or a key. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  ...REFUSALS,

  async 'an event that is delivered'(stack) {
    const at = await arrange(stack, 'acct_delivered');
    const { id } = await at.register({ secret: stack.keep('an own secret', ownSecret()) });
    await at.register({});
    await at.publish('evt_delivered');
    await at.recordOf(id, 'evt_delivered', 'delivered');
    for (const path of [
      '/v1/webhooks',
      `/v1/webhooks/${id}`,
      `/v1/webhooks/${id}/health`,
      '/v1/event-types',
      '/v1/openapi.json',
    ]) {
      await at.call(200, 'GET', path);
    }
  },

  async 'an exhausted delivery, the system events about it, and its redrive'(stack) {
    const at = await arrange(stack, 'acct_exhausted', echo);
    const listener = await arrange(stack, 'acct_exhausted');
    const { id } = await at.register({ events: ['file.uploaded'] });
    await listener.register({ events: ['webhook.*'] });
    await at.publish('evt_exhausted');
    const record = await at.recordOf(id, 'evt_exhausted', 'exhausted');
    for (const type of ['webhook.retry', 'webhook.exhausted']) await listener.requestWith(type);
    const { ExhaustedQueueUrl } = stack.journey.cloud.outputs;
    const [text] = await until('the exhausted message', async () => {
      const texts = await stack.journey.receive(ExhaustedQueueUrl);
      return texts.length > 0 ? texts : undefined;
    });
    await stack.admin('sqs', 'SendMessage', {
      QueueUrl: stack.queueUrl('LanesFirst'),
      MessageBody: text,
    });
    await until('the redriven delivery', async () =>
      (await stack.journey.records(id, at.accountId)).find(
        (one) => one.resend_of !== undefined && one.event_id === record.event_id,
      ),
    );
  },

  async 'a challenge that is answered wrongly, and a new challenge'(stack) {
    const at = await arrange(stack, 'acct_unverified', echo, { answersChallenges: false });
    const body = { url: at.url, events: ['*'], secret: stack.keep('an own secret', ownSecret()) };
    const { id } = await at.call(201, 'POST', '/v1/webhooks', body);
    const isFailed = async () =>
      (await at.call(200, 'GET', `/v1/webhooks/${id}`)).status === 'verification_failed' || undefined;
    await until('the failed verification', isFailed);
    await at.call(202, 'POST', `/v1/webhooks/${id}/verify`);
    await at.call(409, 'POST', '/v1/webhooks/test', { webhook_id: id, event_type: 'file.uploaded' });
  },

  async 'a test event'(stack) {
    const at = await arrange(stack, 'acct_test');
    const { id } = await at.register({});
    await at.call(202, 'POST', '/v1/webhooks/test', { webhook_id: id, event_type: 'file.uploaded' });
    await at.requestWith('X-Webhook-Test: true');
  },

  async 'a webhook that is changed, moved to another URL, disabled and deleted'(stack) {
    const at = await arrange(stack, 'acct_changed');
    const { id } = await at.register({ secret: stack.keep('an own secret', ownSecret()) });
    const path = `/v1/webhooks/${id}`;
    await at.call(200, 'PATCH', path, { description: 'a note', events: ['file.*'] });
    await at.call(200, 'PATCH', path, { url: `${at.url}moved` });
    await until(
      'the new URL',
      async () => (await at.call(200, 'GET', path)).pending_url === null || undefined,
    );
    await at.call(200, 'PATCH', path, { status: 'disabled' });
    await at.publish('evt_held');
    await at.recordOf(id, 'evt_held', 'held');
    await at.call(200, 'PATCH', path, { status: 'active' });
    await at.call(204, 'DELETE', path);
    await at.call(404, 'GET', path);
  },

  async 'a delivery on the slow lane'(stack) {
    const at = await arrange(stack, 'acct_slow');
    const { id } = await at.register({});
    await at.change(id, 'SET slow_since = :now', { ':now': { S: new Date().toISOString() } });
    await at.publish('evt_slow');
    await at.recordOf(id, 'evt_slow', 'delivered');
    await onQueue(stack, 'LanesSlow', 'evt_slow');
  },

  async 'a delivery that is signed with two secrets'(stack) {
    const at = await arrange(stack, 'acct_rotated');
    const { id } = await at.register({});
    const keyring = createKeyring({
      dynamodb: createInProcessClient(stack.journey.cloud.calls, ADMINISTRATOR, 'dynamodb'),
      kms: createInProcessClient(stack.journey.cloud.calls, ADMINISTRATOR, 'kms'),
      tableName: stack.journey.cloud.outputs.WebhooksTableName ?? '',
    });
    const owner = { accountId: valid(parseAccountId(at.accountId)), webhookId: valid(parseWebhookId(id)) };
    const createdAt = new Date().toISOString();
    const previous = await keyring.seal(stack.keep('a previous secret', ownSecret()), owner, createdAt);
    const item = {
      data_key: { N: String(previous.dataKey) },
      sealed: { S: previous.sealed },
      created_at: { S: createdAt },
    };
    await at.change(id, 'SET secrets = list_append(secrets, :more)', { ':more': { L: [{ M: item }] } });
    await at.publish('evt_rotated');
    await at.requestWith('X-Webhook-Signature-Previous: sha256=');
  },

  async 'a secret that is rotated, and custom headers'(stack) {
    const at = await arrange(stack, 'acct_settings');
    const { id } = await at.register({
      secret: stack.keep('an own secret', ownSecret()),
      headers: { Authorization: stack.keep('a value of a custom header', ownSecret()) },
    });
    const path = `/v1/webhooks/${id}`;
    await at.call(200, 'POST', `${path}/secret/rotate`, {
      secret: stack.keep('a rotated secret', ownSecret()),
    });
    await at.publish('evt_settings');
    await at.requestWith('X-Webhook-Signature-Previous: sha256=');
    await at.call(200, 'PATCH', path, {
      headers: { 'X-Key': stack.keep('a value of a custom header', ownSecret()) },
    });
    await at.call(400, 'PATCH', path, {
      headers: { Host: stack.keep('a refused value of a header', ownSecret()) },
    });
  },

  async 'a secret that does not open'(stack) {
    const at = await arrange(stack, 'acct_unreadable');
    const { id } = await at.register({ secret: stack.keep('an own secret', ownSecret()) });
    await at.change(id, 'SET secrets[0].sealed = :other', { ':other': { S: 'A'.repeat(80) } });
    await at.publish('evt_unreadable');
    await at.recordOf(id, 'evt_unreadable', 'held');
    await at.call(409, 'PATCH', `/v1/webhooks/${id}`, { url: `${at.url}moved` });
  },

  async 'an event that is returned to its queue'(stack) {
    const at = await arrange(stack, 'acct_returned');
    const { id } = await at.register({});
    const endOutage = stack.startOutage(
      ({ action, text }) => action === 'Query' && text.includes('acct_returned'),
    );
    await at.publish('evt_returned');
    await onQueue(stack, 'DispatchEventEvents', 'evt_returned');
    await until('the event to be returned', () =>
      stack.recorder.recorded.find(
        ({ place, bytes }) => place === 'log lines' && bytes.includes('an event is returned to its queue'),
      ),
    ).finally(endOutage);
    await at.recordOf(id, 'evt_returned', 'delivered');
  },

  async 'an event that cannot be dispatched, and messages that cannot be read'(stack) {
    const at = await arrange(stack, 'acct_unprocessable');
    await at.register({});
    await stack.journey.publish('file.renamed', {
      account_id: at.accountId,
      id: 'evt_undispatched',
      data: {},
    });
    await onQueue(stack, 'Undispatched', 'evt_undispatched');
    await at.publish('evt_copied');
    const copied = await onQueue(stack, 'LanesFirst', 'evt_copied');
    const { MessageBody } = JSON.parse(copied);
    const QueueUrl = stack.queueUrl('LanesFirst');
    for (const text of ['no message', `${MessageBody}`.replace('"kind":"event"', '"kind":"unknown"')]) {
      await stack.admin('sqs', 'SendMessage', { QueueUrl, MessageBody: text });
    }
    await onQueue(stack, 'Unreadable', 'no message');
    await onQueue(stack, 'Unreadable', 'evt_copied');
  },
};

/** A record that cannot be written. Must run alone: all records of the batch are lost. */
export async function loseRecord(stack: ObservedStack): Promise<void> {
  const at = await arrange(stack, 'acct_lost');
  await at.register({});
  const endOutage = stack.startOutage(
    ({ action, text }) => action === 'BatchWriteItem' && text.includes('evt_lost'),
  );
  await at.publish('evt_lost');
  await until('the lost record', () =>
    stack.recorder.recorded.find(
      ({ place, bytes }) => place === 'log lines' && bytes.includes('could not be written'),
    ),
  );
  endOutage();
}

function echo(request: string): string {
  return httpAnswer(500, `you sent ${request}`);
}

function valid<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the test used an invalid id');
  return value;
}
