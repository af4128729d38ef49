import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { encodeMessage } from '../../lambdas/shared/domain/message.ts';
import { createAuditLog } from '../../lambdas/shared/store/audit-log.ts';
import { encodeItem } from '../../lambdas/shared/store/items.ts';
import { webhookItem } from '../../lambdas/shared/store/webhook-item.ts';
import { AwsError } from '../../local/aws-calls.ts';
import { attempt, message, webhook } from '../support/builders.ts';
import { startHttpServer } from '../support/http-server.ts';
import { type OperatorsConsole, startOperatorsConsole } from './support/operators-console.ts';

/** Puts a message on a queue, with message attributes. */
async function put(
  { services, queueUrl }: OperatorsConsole,
  queue: string,
  body: string,
  attributes: Readonly<Record<string, string>> = {},
): Promise<void> {
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
  await services
    .sqsOf()
    .send(new SendMessageCommand({ QueueUrl: queueUrl(queue), MessageBody: body, MessageAttributes }));
}

const event = (id: string, account = 'acct_1'): string =>
  JSON.stringify({ 'detail-type': 'order.paid', detail: { id, account_id: account, data: {} } });

const countsOf = ({ services, queueUrl }: OperatorsConsole, queue: string) =>
  services.engine.counts(queueUrl(queue));

describe('calls of the API in the operators’ console', () => {
  it('are passed on with a key of the chosen account, which is revoked at the end [API-38, API-60]', async () => {
    const apiAnswer = () => ({ status: 207, body: '{"a":1}', headers: { etag: '"7"', 'x-request-id': 'r' } });
    const console = await startOperatorsConsole({ apiAnswer });
    const { send, token, origin, host, api, apiKeys } = console;

    const answer = await send(
      'PATCH',
      '/v1/webhooks/wh_1?a=%2F',
      {
        ...{ host, origin, authorization: `Bearer ${token}.acct_1`, cookie: 'a=1' },
        ...{ 'content-type': 'application/json', 'if-match': '"6"', 'idempotency-key': 'k' },
      },
      '{"events":["*"]}',
    );
    await console.call('GET', '/v1/webhooks', undefined, 'acct_1');

    const [passed, again] = api.requests;
    expect(answer).toMatchObject({
      status: 207,
      text: '{"a":1}',
      headers: { etag: '"7"', 'x-request-id': 'r' },
    });
    expect(passed).toMatchObject({
      path: '/v1/webhooks/wh_1?a=%2F',
      headers: { 'content-type': 'application/json', 'if-match': '"6"', 'idempotency-key': 'k' },
    });
    expect(passed?.body.toString()).toBe('{"events":["*"]}');
    expect(passed?.headers.cookie).toBeUndefined();
    expect(passed?.headers.origin).toBeUndefined();
    const key = String(passed?.headers.authorization).replace('Bearer ', '');
    expect(key).toMatch(/^whk_/);
    expect(JSON.stringify(answer)).not.toContain(key);
    expect(again?.headers.authorization).toBe(passed?.headers.authorization);
    expect(await apiKeys.find(key, Date.now())).toMatchObject({
      accountId: 'acct_1',
      name: expect.stringMatching(/^webhook-fanout console by /),
      ofCommand: true,
      revoked: false,
    });
    await console.endKeys();
    expect(await apiKeys.find(key, Date.now())).toMatchObject({ revoked: true });
  });

  it('of a page that are made at the same time create one key', async () => {
    const { call, apiKeys } = await startOperatorsConsole();

    await Promise.all(['a', 'b', 'c'].map((name) => call('GET', `/v1/${name}`, undefined, 'acct_1')));
    await call('GET', '/v1/d', undefined, 'acct_2');

    expect((await apiKeys.list()).map(({ accountId }) => accountId).toSorted()).toEqual(['acct_1', 'acct_2']);
  });

  it('need an account, and reach nothing but the API', async () => {
    const { call, api } = await startOperatorsConsole();

    const answers = await Promise.all([
      call('GET', '/v1/webhooks'),
      call('GET', '/v1/../secret', undefined, 'acct_1'),
      call('GET', '/other', undefined, 'acct_1'),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([400, 404, 404]);
    expect(api.requests).toEqual([]);
  });

  it('whose key is refused, or that get no answer, do not end the session of the page', async () => {
    const refused = await startOperatorsConsole({ apiAnswer: () => ({ status: 401, body: '{}' }) });

    const answer = await refused.call('GET', '/v1/webhooks', undefined, 'acct_1');

    expect(answer).toMatchObject({
      status: 502,
      body: { detail: expect.stringContaining('refused the key') },
    });
  });

  it('that may change something are refused with --read-only', async () => {
    const { call, api, url } = await startOperatorsConsole({ readOnly: true });

    const changed = await call('POST', '/v1/webhooks/test', {}, 'acct_1');
    const read = await call('GET', '/v1/webhooks', undefined, 'acct_1');
    const moved = await call('POST', '/operator/queues/exhausted/moves', { confirm: true, limit: 1 });
    const counted = await call('POST', '/operator/queues/exhausted/moves', { confirm: false, limit: 1 });

    expect([changed, read, moved, counted].map(({ status }) => status)).toEqual([403, 200, 403, 200]);
    expect(changed.body.type).toBe('urn:webhook-fanout:problem:read-only');
    expect(api.requests.map(({ path }) => path)).toEqual(['/v1/webhooks']);
    expect(url).toContain('&read_only=1');
  });
});

describe('the accounts', () => {
  it('are listed with their problems, and with the price of the read', async () => {
    const { call, dynamodb } = await startOperatorsConsole();
    const item = encodeItem(webhookItem(webhook({ failingSince: '2026-01-15T10:30:00.000Z' })));
    await dynamodb.send(new PutItemCommand({ TableName: 'webhooks', Item: item }));

    const all = await call('GET', '/operator/accounts');
    const invalid = await call('GET', '/operator/accounts?after=x');

    expect(all.body).toMatchObject({
      accounts: [{ account_id: 'acct_1', webhooks: 1, active: 1, failing: 1, disabled: 0 }],
      next: null,
    });
    expect(all.body.read_usd).toBeCloseTo((all.body.read_units * 0.125) / 1e6, 12);
    expect(invalid.status).toBe(400);
  });
});

describe('the queues', () => {
  it('are counted', async () => {
    const console = await startOperatorsConsole();
    await put(console, 'poison', 'x');

    const { body } = await console.call('GET', '/operator/queues');

    const none = { messages: 0, in_flight: 0, retention_days: 4 };
    expect(body.queues).toEqual([
      { name: 'undispatched', ...none },
      { name: 'poison', ...none, messages: 1 },
      { name: 'unreadable', ...none },
      { name: 'exhausted', ...none },
    ]);
  });

  it('show their messages with reasons, and keep all of them', async () => {
    const console = await startOperatorsConsole();
    const failed = attempt({ error: 'http_status', status: 500, reason: 'status 500' });
    await put(console, 'undispatched', event('evt_1'), { reason: 'unknown type' });
    await put(console, 'unreadable', '{"v":', { reason: 'no JSON', account_id: 'acct_2' });
    await put(console, 'exhausted', encodeMessage(message({ exhausted: true, history: [failed] })));
    await put(console, 'poison', encodeMessage(message()));
    const read = async (queue: string) =>
      (await console.call('POST', `/operator/queues/${queue}/messages`, { limit: 50 })).body;

    const [undispatched, unreadable, exhausted, poison] = [
      await read('undispatched'),
      await read('unreadable'),
      await read('exhausted'),
      await read('poison'),
    ];

    expect(undispatched).toMatchObject({
      messages: [
        { reason: 'unknown type', event_id: 'evt_1', account_id: 'acct_1', event_type: 'order.paid' },
      ],
      may_have_more: false,
    });
    expect(undispatched.messages[0]).toMatchObject({ body: event('evt_1'), is_cut: false, receive_count: 1 });
    expect(unreadable.messages).toMatchObject([{ reason: 'no JSON', account_id: 'acct_2', body: '{"v":' }]);
    expect(exhausted.messages).toMatchObject([
      { reason: 'status 500', account_id: 'acct_1', delivery_id: message().deliveryId },
    ]);
    expect(poison.messages[0].reason).toContain('does not say from which queue');
    for (const queue of ['undispatched', 'unreadable', 'exhausted', 'poison']) {
      expect(countsOf(console, queue)).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
    }
  });

  it('never show a message with the signatures of its request [API-60]', async () => {
    const console = await startOperatorsConsole();
    const { signed } = message();
    const secrets = Object.values(Object(signed)).map(String);
    await put(console, 'exhausted', encodeMessage(message()));
    await put(console, 'poison', encodeMessage(message()));

    const answers = [
      await console.call('POST', '/operator/queues/exhausted/messages', { limit: 50 }),
      await console.call('POST', '/operator/queues/poison/messages', { limit: 50 }),
    ];

    expect(secrets).not.toEqual([]);
    for (const { body } of answers) {
      expect(body.messages).toMatchObject([{ body: null }]);
      for (const secret of secrets) expect(JSON.stringify(body)).not.toContain(secret);
    }
  });

  it('are not changed by a GET, and refuse what is not valid [API-59]', async () => {
    const console = await startOperatorsConsole();
    await put(console, 'exhausted', encodeMessage(message()));
    const path = '/operator/queues/exhausted';

    const statuses = [];
    for (const [method, end, body] of [
      ['GET', '/messages', undefined],
      ['GET', '/moves', undefined],
      ['POST', '/messages', { limit: 0 }],
      ['POST', '/messages', { limit: 101 }],
      ['POST', '/moves', { confirm: 'yes', limit: 1 }],
      ['POST', '/moves', { confirm: true, limit: 1, account_id: 'a b' }],
      ['POST', '/moves', { confirm: true, limit: 1, reason: 'x' }],
      ['POST', '/moves', { confirm: true, limit: 1, other: 'x' }],
      ['POST', '/purge', {}],
    ] as const) {
      statuses.push((await console.call(method, path + end, body)).status);
    }
    const unreadable = await console.call('POST', '/operator/queues/unreadable/moves', {
      confirm: true,
      limit: 1,
    });
    const unknown = await console.call('POST', '/operator/queues/first/messages', { limit: 1 });

    expect(statuses).toEqual([405, 405, 400, 400, 400, 400, 400, 400, 404]);
    expect([unreadable.status, unknown.status]).toEqual([409, 404]);
    expect(countsOf(console, 'exhausted')).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });
});

describe('a move', () => {
  it('is counted by reason without a change, and then made and recorded in the audit log', async () => {
    const console = await startOperatorsConsole();
    await put(console, 'undispatched', event('evt_1'), { reason: 'unknown type' });
    await put(console, 'undispatched', event('evt_2'), { reason: 'unknown type' });
    await put(console, 'undispatched', event('evt_3', 'acct_2'), { reason: 'too large' });
    const path = '/operator/queues/undispatched/moves';
    const input = { limit: 100, account_id: 'acct_1' };

    const counted = await console.call('POST', path, { ...input, confirm: false });
    const before = countsOf(console, 'undispatched');
    const moved = await console.call('POST', path, { ...input, confirm: true });

    const expected = {
      ...{ selected: 2, not_selected: 1, duplicates: 0, failed: 0, failures: [], may_have_more: false },
      groups: [{ text: 'unknown type', count: 2 }],
    };
    expect(counted.body).toEqual({ confirmed: false, ...expected });
    expect(before).toEqual({ visible: 3, inFlight: 0, delayed: 0 });
    expect(moved.body).toEqual({ confirmed: true, ...expected });
    expect(countsOf(console, 'undispatched').visible).toBe(1);
    expect(countsOf(console, 'events').visible).toBe(2);
    const audit = createAuditLog({ dynamodb: console.dynamodb, tableName: 'deliveries' });
    const entries = await audit.list(message().accountId, { since: 0, until: Date.now() + 1_000, limit: 10 });
    expect(entries).toMatchObject([
      {
        action: 'undispatched.redispatch',
        source: 'command',
        outcome: 'done',
        details: { moved: 2, failed: 0 },
      },
    ]);
    expect(console.warnings).toEqual([]);
  });

  it('of exhausted deliveries sends each to the first lane, and reports what cannot be moved', async () => {
    const console = await startOperatorsConsole();
    await put(console, 'exhausted', encodeMessage(message({ exhausted: true })));
    await put(console, 'exhausted', 'no delivery');

    const { body } = await console.call('POST', '/operator/queues/exhausted/moves', {
      limit: 100,
      confirm: true,
    });

    expect(body).toMatchObject({
      ...{ selected: 1, failed: 1, failures: [{ text: 'it is not a delivery', count: 1 }] },
      groups: [{ text: 'acct_1', count: 1 }],
    });
    expect(countsOf(console, 'first').visible).toBe(1);
    expect(countsOf(console, 'exhausted')).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });

  it('that is counted while the queue is read includes all messages', async () => {
    const console = await startOperatorsConsole();
    await put(console, 'exhausted', encodeMessage(message({ exhausted: true })));
    const path = '/operator/queues/exhausted';

    const [read, counted] = await Promise.all([
      console.call('POST', `${path}/messages`, { limit: 50 }),
      console.call('POST', `${path}/moves`, { limit: 100, confirm: false }),
    ]);

    expect([read.body.messages.length, counted.body.selected]).toEqual([1, 1]);
  });
});

describe('the alarms', () => {
  it('are those of the stack, each with its state and the reason', async () => {
    const resources = [
      '<ResourceType>AWS::CloudWatch::Alarm</ResourceType><PhysicalResourceId>Poison</PhysicalResourceId>',
      '<ResourceType>AWS::SQS::Queue</ResourceType><PhysicalResourceId>first</PhysicalResourceId>',
    ];
    const summaries = resources.map((resource) => `<member>${resource}</member>`).join('');
    const list = `<StackResourceSummaries>${summaries}</StackResourceSummaries>`;
    const requestedAlarmNames: unknown[] = [];
    const aws = await startHttpServer(({ headers, body }) => {
      if (body.toString().includes('Action=ListStackResources')) {
        const xml = `<ListStackResourcesResponse><ListStackResourcesResult>${list}</ListStackResourcesResult></ListStackResourcesResponse>`;
        return { status: 200, body: xml, headers: { 'content-type': 'text/xml' } };
      }
      requestedAlarmNames.push(JSON.parse(body.toString()).AlarmNames);
      const alarm = {
        AlarmName: 'Poison',
        StateValue: 'ALARM',
        StateReason: '1 >= 1',
        AlarmDescription: 'Read',
      };
      const answer = { MetricAlarms: [{ ...alarm, StateTransitionedTimestamp: 1_768_473_000 }] };
      return {
        status: 200,
        body: JSON.stringify(answer),
        headers: { 'content-type': `${headers['content-type']}` },
      };
    });
    onTestFinished(aws.close);
    const clientSettings = {
      ...{ endpoint: aws.url, region: 'eu-west-1' },
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    };
    const { call } = await startOperatorsConsole({ aws: { stack: 'Shop', clientSettings } });

    const { body } = await call('GET', '/operator/alarms');

    expect(requestedAlarmNames).toEqual([['Poison']]);
    expect(body).toEqual({
      alarms: [
        {
          ...{ name: 'Poison', state: 'ALARM', reason: '1 >= 1', description: 'Read' },
          since: '2026-01-15T10:30:00.000Z',
        },
      ],
    });
  });
});

it('explains an error of AWS, and how to correct it', async () => {
  const { call, services } = await startOperatorsConsole();
  services.use(() => {
    throw new AwsError({ code: 'AccessDenied', message: 'not allowed', status: 403 });
  });

  const { status, body } = await call('GET', '/operator/queues');

  expect({ status, detail: body.detail }).toEqual({
    status: 502,
    detail: 'not allowed; use credentials with this permission',
  });
});
