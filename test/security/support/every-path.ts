import { randomBytes } from 'node:crypto';
import { parseAccountId, parseWebhookId } from '../../../lambdas/shared/domain/ids.ts';
import { createApiKeyStore } from '../../../lambdas/shared/store/api-keys.ts';
import { createKeyring } from '../../../lambdas/shared/store/keyring.ts';
import { ADMINISTRATOR, type Json } from '../../../local/calls.ts';
import { createInProcessClient } from '../../../local/in-process-client.ts';
import { until } from '../../journeys/support/until.ts';
import { httpAnswer, type RawServer } from '../../support/raw-server.ts';
import { ownSecret, type Stage } from './stage.ts';

type Path = (stage: Stage) => Promise<void>;

/** Every path that a secret or a key could leave by. Each ends when it was seen to be taken. */
export const PATHS: Readonly<Record<string, Path>> = {
  async 'an event that is delivered'(stage) {
    const at = await arrange(stage, 'acct_delivered');
    const { id } = await at.register({ secret: stage.keep('an own secret', ownSecret()) });
    await at.register({});
    await at.publish('evt_delivered');
    await at.recordOf(id, 'evt_delivered', 'delivered');
    for (const path of ['/v1/webhooks', `/v1/webhooks/${id}`, '/v1/event-types', '/v1/openapi.json']) {
      await at.call(200, 'GET', path);
    }
  },

  async 'an event that is given up, the system events about it, and its redrive'(stage) {
    const at = await arrange(stage, 'acct_exhausted', echo);
    const listener = await arrange(stage, 'acct_exhausted');
    const { id } = await at.register({ events: ['file.uploaded'] });
    await listener.register({ events: ['webhook.*'] });
    await at.publish('evt_exhausted');
    const record = await at.recordOf(id, 'evt_exhausted', 'exhausted');
    for (const type of ['webhook.retry', 'webhook.exhausted']) await listener.requestWith(type);
    const { ExhaustedQueueUrl } = stage.journey.cloud.outputs;
    const [text] = await until('the exhausted message', async () => {
      const texts = await stage.journey.receive(ExhaustedQueueUrl);
      return texts.length > 0 ? texts : undefined;
    });
    await stage.admin('sqs', 'SendMessage', {
      QueueUrl: stage.queueUrl('LanesFirst'),
      MessageBody: text,
    });
    await until('the redriven delivery', async () =>
      (await stage.journey.records(id, at.accountId)).find(
        (one) => one.redrive_of !== undefined && one.event_id === record.event_id,
      ),
    );
  },

  async 'a challenge that is answered wrongly, and asked for again'(stage) {
    const at = await arrange(stage, 'acct_unverified', echo, { answersChallenges: false });
    const body = { url: at.url, events: ['*'], secret: stage.keep('an own secret', ownSecret()) };
    const { id } = await at.call(201, 'POST', '/v1/webhooks', body);
    const isFailed = async () =>
      (await at.call(200, 'GET', `/v1/webhooks/${id}`)).status === 'verification_failed' || undefined;
    await until('the failed verification', isFailed);
    await at.call(202, 'POST', `/v1/webhooks/${id}/verify`);
    await at.call(409, 'POST', '/v1/webhooks/test', { webhook_id: id, event_type: 'file.uploaded' });
  },

  async 'a test event'(stage) {
    const at = await arrange(stage, 'acct_test');
    const { id } = await at.register({});
    await at.call(202, 'POST', '/v1/webhooks/test', { webhook_id: id, event_type: 'file.uploaded' });
    await at.requestWith('X-Webhook-Test: true');
  },

  async 'a webhook that changes, moves, rests and goes'(stage) {
    const at = await arrange(stage, 'acct_changed');
    const { id } = await at.register({ secret: stage.keep('an own secret', ownSecret()) });
    const path = `/v1/webhooks/${id}`;
    await at.call(200, 'PATCH', path, { description: 'a note', events: ['file.*'] });
    await at.call(200, 'PATCH', path, { url: `${at.url}moved` });
    await until('the move', async () => (await at.call(200, 'GET', path)).pending_url === null || undefined);
    await at.call(200, 'PATCH', path, { status: 'disabled' });
    await at.publish('evt_held');
    await at.recordOf(id, 'evt_held', 'held');
    await at.call(200, 'PATCH', path, { status: 'active' });
    await at.call(204, 'DELETE', path);
    await at.call(404, 'GET', path);
  },

  async 'a delivery on the slow lane'(stage) {
    const at = await arrange(stage, 'acct_slow');
    const { id } = await at.register({});
    await at.change(id, 'SET slow_since = :now', { ':now': { S: new Date().toISOString() } });
    await at.publish('evt_slow');
    await at.recordOf(id, 'evt_slow', 'delivered');
    await onQueue(stage, 'LanesSlow', 'evt_slow');
  },

  async 'a delivery that is signed with two secrets'(stage) {
    const at = await arrange(stage, 'acct_rotated');
    const { id } = await at.register({});
    const keyring = createKeyring({
      dynamodb: createInProcessClient(stage.journey.cloud.calls, ADMINISTRATOR, 'dynamodb'),
      kms: createInProcessClient(stage.journey.cloud.calls, ADMINISTRATOR, 'kms'),
      tableName: stage.journey.cloud.outputs.WebhooksTableName ?? '',
    });
    const owner = { accountId: known(parseAccountId(at.accountId)), webhookId: known(parseWebhookId(id)) };
    const createdAt = new Date().toISOString();
    const previous = await keyring.seal(stage.keep('a previous secret', ownSecret()), owner, createdAt);
    const item = {
      data_key: { N: String(previous.dataKey) },
      sealed: { S: previous.sealed },
      created_at: { S: createdAt },
    };
    await at.change(id, 'SET secrets = list_append(secrets, :more)', { ':more': { L: [{ M: item }] } });
    await at.publish('evt_rotated');
    await at.requestWith('X-Webhook-Signature-Previous: sha256=');
  },

  async 'a secret that does not open'(stage) {
    const at = await arrange(stage, 'acct_unreadable');
    const { id } = await at.register({ secret: stage.keep('an own secret', ownSecret()) });
    await at.change(id, 'SET secrets[0].sealed = :other', { ':other': { S: 'A'.repeat(80) } });
    await at.publish('evt_unreadable');
    await at.recordOf(id, 'evt_unreadable', 'held');
    await at.call(409, 'PATCH', `/v1/webhooks/${id}`, { url: `${at.url}moved` });
  },

  async 'input that is refused'(stage) {
    const at = await arrange(stage, 'acct_refused');
    const { id } = await at.register({});
    const whole = { url: at.url, events: ['*'] };
    const refused = (secret: string) => stage.keep('a refused secret', secret);
    const secrets = [
      refused(randomBytes(10).toString('base64').slice(0, 15)),
      refused(randomBytes(150).toString('hex')),
      refused(`ü${randomBytes(24).toString('base64')}`),
      refused(`whsec_${randomBytes(20).toString('hex')}!`),
      refused(`whsec_${randomBytes(12).toString('base64')}`),
    ];
    for (const secret of secrets) {
      await at.call(400, 'POST', '/v1/webhooks', { ...whole, secret });
      await at.call(400, 'POST', '/v1/webhooks', { ...whole, secret: [secret] });
      await at.call(400, 'POST', '/v1/webhooks', { ...whole, signing_secret: secret });
      await at.call(400, 'PATCH', `/v1/webhooks/${id}`, { secret });
      await at.call(400, 'POST', '/v1/webhooks', `{"secret": "${secret}"`);
      await at.call(400, 'POST', '/v1/webhooks', JSON.stringify(secret));
      await at.call(400, 'POST', `/v1/webhooks/test`, { webhook_id: id, event_type: secret });
    }
    await at.call(413, 'POST', '/v1/webhooks', `"${secrets.join().repeat(200)}"`);
  },

  async 'keys that are refused'(stage) {
    const at = await arrange(stage, 'acct_keys');
    const { id } = await at.register({});
    const { cloud } = stage.journey;
    const keys = createApiKeyStore({
      dynamodb: createInProcessClient(cloud.calls, ADMINISTRATOR, 'dynamodb'),
      tableName: cloud.outputs.WebhooksTableName ?? '',
    });
    const revoked = await stage.newAccount('acct_revoked');
    await keys.revoke(revoked, Date.now());
    const unknown = stage.keep('an unknown key', `whk_${randomBytes(24).toString('base64url')}`);
    for (const authorization of [
      `Bearer ${revoked}`,
      `Bearer ${unknown}`,
      `Bearer ${unknown}${unknown}`,
      `Basic ${Buffer.from(`:${unknown}`).toString('base64')}`,
      unknown,
    ]) {
      const answer = await stage.api('GET', `/v1/webhooks/${id}`, { headers: { authorization } });
      expectStatus(answer.status, 401);
    }
    const foreign = await stage.api('GET', `/v1/webhooks/${id}`, {
      key: await stage.newAccount('acct_foreign'),
    });
    expectStatus(foreign.status, 404);
    await at.call(400, 'GET', `/v1/webhooks?api_key=${unknown}`);
    await at.call(400, 'GET', `/v1/webhooks?cursor=${unknown}`);
    expectStatus((await stage.api('GET', `/v1/webhooks?key=${unknown}`, { headers: {} })).status, 401);
  },

  async 'an event that waits in the parked queue'(stage) {
    const at = await arrange(stage, 'acct_parked');
    const { id } = await at.register({});
    const heal = stage.breakDown(({ action, text }) => action === 'Query' && text.includes('acct_parked'));
    const parked = onQueue(stage, 'Parked', 'evt_parked').finally(heal);
    await at.publish('evt_parked');
    await parked;
    await at.recordOf(id, 'evt_parked', 'delivered');
  },

  async 'what can never be dispatched or read'(stage) {
    const at = await arrange(stage, 'acct_poison');
    await at.register({});
    await stage.journey.publish('file.renamed', {
      account_id: at.accountId,
      id: 'evt_undispatched',
      data: {},
    });
    await onQueue(stage, 'Undispatched', 'evt_undispatched');
    await at.publish('evt_copied');
    const copied = await onQueue(stage, 'LanesFirst', 'evt_copied');
    const { MessageBody } = JSON.parse(copied);
    const QueueUrl = stage.queueUrl('LanesFirst');
    for (const text of ['no message', `${MessageBody}`.replace('"v":1', '"v":999')]) {
      await stage.admin('sqs', 'SendMessage', { QueueUrl, MessageBody: text });
    }
    await onQueue(stage, 'Poison', 'no message');
    await onQueue(stage, 'Poison', 'evt_copied');
  },

  async 'a record that cannot be written'(stage) {
    const at = await arrange(stage, 'acct_lost');
    await at.register({});
    const heal = stage.breakDown(
      ({ action, text }) => action === 'BatchWriteItem' && text.includes('evt_lost'),
    );
    await at.publish('evt_lost');
    await until('the lost record', () =>
      stage.witness.seen.find(
        ({ place, bytes }) => place === 'log lines' && bytes.includes('record could not be written'),
      ),
    );
    heal();
  },
};

/** Runs alone and first, while there is no data key yet: a creation that fails at each of its steps. */
export async function failToCreate(stage: Stage): Promise<void> {
  const at = await arrange(stage, 'acct_failing');
  for (const broken of ['GenerateDataKey', 'PutItem', 'SendMessageBatch']) {
    const heal = stage.breakDown(({ action }) => action === broken);
    const secret = stage.keep('a secret of a webhook that was not created', ownSecret());
    await at.call(503, 'POST', '/v1/webhooks', { url: at.url, events: ['*'], secret });
    await at.call(503, 'POST', '/v1/webhooks', { url: at.url, events: ['*'] });
    heal();
  }
}

function echo(request: string): string {
  return httpAnswer(500, `you sent ${request}`);
}

/** One account with its key and an endpoint. */
async function arrange(
  stage: Stage,
  accountId: string,
  answer?: (request: string) => string,
  options?: { answersChallenges: boolean },
) {
  const key = await stage.newAccount(accountId);
  const endpoint: RawServer = await stage.startEndpoint(answer, options);
  const url = `http://127.0.0.1:${endpoint.port}/`;
  const { journey } = stage;
  const call = async (status: number, method: string, path: string, body?: unknown): Promise<Json> => {
    const answered = await stage.api(method, path, { key, ...(body === undefined ? {} : { body }) });
    expectStatus(answered.status, status, `${method} ${path}`);
    return answered.body;
  };
  return {
    accountId,
    url,
    call,
    async register(input: Json): Promise<{ id: string }> {
      const created = await call(201, 'POST', '/v1/webhooks', { url, events: ['*'], ...input });
      const id = String(created.id);
      const isActive = async () =>
        (await call(200, 'GET', `/v1/webhooks/${id}`)).status === 'active' || undefined;
      await until(`${accountId} has an active webhook`, isActive);
      return { id };
    },
    publish: (id: string) => journey.publish('file.uploaded', { account_id: accountId, id, data: {} }),
    recordOf: (webhookId: string, eventId: string, status: string) =>
      until(`${eventId} is ${status}`, async () =>
        (await journey.records(webhookId, accountId)).find(
          (record) => record.event_id === eventId && record.status === status,
        ),
      ),
    requestWith: (text: string) =>
      until(`a request with ${text}`, () => endpoint.received().includes(text) || undefined),
    change: (webhookId: string, expression: string, values: Json) =>
      stage.admin('dynamodb', 'UpdateItem', {
        TableName: journey.cloud.outputs.WebhooksTableName,
        Key: { pk: { S: `ACCOUNT#${accountId}` }, sk: { S: `WEBHOOK#${webhookId}` } },
        UpdateExpression: expression,
        ExpressionAttributeValues: values,
      }),
  };
}

/** The message of that queue that holds a text, once it was sent. */
async function onQueue(stage: Stage, queue: string, text: string): Promise<string> {
  const url = stage.queueUrl(queue);
  const found = await until(`${text} on ${queue}`, () =>
    stage.witness.seen.find(
      ({ place, what, bytes }) => place === 'queue messages' && what === url && bytes.includes(text),
    ),
  );
  return found.bytes.toString();
}

function expectStatus(got: number, expected: number, what = 'the call'): void {
  if (got !== expected) throw new Error(`${what} was answered with ${got} instead of ${expected}`);
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the test built an id that is none');
  return value;
}
