import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleCommand } from '../../command/bundle.ts';
import { newSessionId } from '../../lambdas/shared/domain/ids.ts';
import { createSessionStore } from '../../lambdas/shared/store/sessions.ts';
import { findCloud } from '../../local/running-clouds.ts';
import { accountId } from '../support/builders.ts';
import { runScriptToEnd, startCloudProcess } from './cloud-process.ts';

/** The command as it is packed. It finds the local clouds of the checkout, since it is as deep as `local/`. */
const BUNDLE = fileURLToPath(new URL(`../../.local/command-${process.pid}.mjs`, import.meta.url));
const command = (...args: string[]) => runScriptToEnd(BUNDLE, ...args);

/** A catalogue of one type, `order.paid`. */
const OWN_CATALOGUE = 'test/local/one-type.json';

/**
 * Ports of a cloud whose catalogue is unknown to the commands, of a cloud with a catalogue of one type, and of a cloud whose
 * queues are empty: a test deletes what it publishes there.
 */
let unknownCatalogue: string;
let ownCatalogue: string;
let emptyCloud: string;
beforeAll(async () => {
  bundleCommand(BUNDLE);
  const clouds = await Promise.all([
    startCloudProcess(),
    startCloudProcess({
      variables: { WEBHOOK_FANOUT_EVENT_CATALOGUE: OWN_CATALOGUE },
    }),
    startCloudProcess(),
  ]);
  [unknownCatalogue, ownCatalogue, emptyCloud] = clouds.map(({ port }) => port) as [string, string, string];
});
afterAll(() => rmSync(BUNDLE));

describe('keys', () => {
  it('creates, lists and revokes keys of a running cloud', async () => {
    const port = unknownCatalogue;
    const keys = (...args: string[]) => command('keys', ...args, '--port', port);

    const created = await keys('create', '--account', 'acct_2', '--name', 'mine');
    const id = /key_[0-9a-f]{16}/.exec(created.out)?.[0] ?? '';
    const revoked = await keys('revoke', id);
    const listed = await keys('list', '--account', 'acct_2');

    expect(created.out).toMatch(/^whk_.{32}\n/);
    expect(revoked).toMatchObject({ code: 0, err: '' });
    expect(listed.out.trim().split(/ {2,}/)).toEqual([id, 'acct_2', expect.any(String), 'revoked', 'mine']);
  });

  it('prints JSON', async () => {
    const keys = async (...args: string[]) =>
      JSON.parse((await command('keys', ...args, '--port', ownCatalogue, '--json')).out);
    const { key, id } = await keys('create', '--account', 'acct_3', '--name', 'mine');

    const revoked = await keys('revoke', key);
    const listed = await keys('list', '--account', 'acct_3');

    expect(key).toMatch(/^whk_.{32}$/);
    expect(revoked).toEqual({ result: 'revoked' });
    expect(listed).toEqual({
      keys: [
        {
          id,
          account_id: 'acct_3',
          name: 'mine',
          created_at: expect.any(String),
          revoked_at: expect.any(String),
          valid_until: null,
        },
      ],
    });
  });

  it.each([
    [['list', '--port', '1'], /no local cloud/],
    [['list', '--stack', 'S'], "set AWS_REGION (or AWS_PROFILE's region)"],
  ])('refuses %j with a sentence', async (args, message) => {
    const { code, out, err } = await command('keys', ...args);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(message);
  });
});

describe('portal and sessions', () => {
  it('list the links and sessions of an account, and revoke one', async () => {
    const json = async (...args: string[]) =>
      JSON.parse((await command('sessions', ...args, '--port', ownCatalogue, '--json')).out);
    const account = ['--account', 'acct_5'];
    const id = await storeLink('acct_5');

    const listed = await json('list', ...account);
    const revoked = await json('revoke', id, ...account);
    const repeated = await json('revoke', id, ...account);

    expect(listed.sessions).toMatchObject([
      { id, state: 'link', right: 'read', actor: 'ann', revoked_at: null },
    ]);
    expect(await json('list', '--account', 'acct_6')).toEqual({ sessions: [] });
    expect([revoked, repeated]).toEqual([{ result: 'revoked' }, { result: 'already_revoked' }]);
    expect(await json('list', ...account)).toEqual({ sessions: [] });
    expect((await json('list', ...account, '--all')).sessions).toMatchObject([{ id, state: 'ended' }]);
  });

  /** Stores a link of the account that is valid for an hour. Returns the id of its session. */
  async function storeLink(account: string): Promise<string> {
    const { awsEndpoint: endpoint, region, outputs } = await findCloud(Number(ownCatalogue));
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const dynamodb = new DynamoDBClient({ endpoint, region, credentials });
    const sessions = createSessionStore({ dynamodb, tableName: outputs.DeliveriesTableName ?? '' });
    const now = Date.now();
    const id = newSessionId(now);
    await sessions.create({
      ...{ id, accountId: accountId(account), right: 'read', actor: 'ann', ttlSeconds: 600 },
      ...{ createdAt: now, codeHash: 'a'.repeat(64), codeValidUntil: now + 3_600_000 },
    });
    dynamodb.destroy();
    return id;
  }

  it('say which setting is missing', async () => {
    const { code, out, err } = await command('portal', '--account', 'acct_5', '--port', unknownCatalogue);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch('WEBHOOK_FANOUT_PORTAL=true');
  });
});

describe('data-keys', () => {
  it('makes a new data key of a running cloud the current one', async () => {
    const dataKeys = (...args: string[]) => command('data-keys', ...args, '--port', unknownCatalogue);
    const numberIn = ({ out }: { out: string }) => Number(/^Data key (\d+) seals/.exec(out)?.[1]);

    const first = await dataKeys('rotate');
    const before = await dataKeys('current');
    const rotated = await dataKeys('rotate');
    const after = await dataKeys('current');

    expect(first.out).toContain('Data key 1 was created');
    expect(rotated).toMatchObject({ code: 0, err: '' });
    expect([before, rotated, after].map(numberIn)).toEqual([1, 2, 2]);
  });
});

describe('audit and erase', () => {
  it('list what an operator did in an account, with who and what, and erase an event and its account', async () => {
    const at = ['--port', ownCatalogue, '--json'];
    const json = async (...args: string[]) => {
      const { out, err } = await command(...args, ...at);
      expect(err).toBe('');
      return JSON.parse(out);
    };
    const { id } = await json('keys', 'create', '--account', 'acct_4');

    const event = await json('erase', 'event', 'acct_4', 'evt_1', '--confirm');
    const dryRun = await json('erase', 'account', 'acct_4');
    const account = await json('erase', 'account', 'acct_4', '--confirm');
    const { entries } = await json('audit', '--account', 'acct_4', '--since', '1h');

    expect([event, dryRun, account].map(({ erased, found }) => [erased, found.api_keys])).toEqual([
      [true, 0],
      [false, 1],
      [true, 1],
    ]);
    expect(entries).toMatchObject([
      { action: 'account.erase', outcome: 'done', source: 'command', details: { api_keys: 1 } },
      { action: 'event.erase', outcome: 'done', source: 'command', subject: 'evt_1' },
      { action: 'key.create', outcome: 'done', source: 'command', details: { key_id: id } },
    ]);
    expect(entries[0].actor).toEqual(expect.any(String));
  });
});

describe('publish', () => {
  it("publishes the catalogue's example and prints the event's id", async () => {
    const { code, out } = await command('publish', 'ppt.generation.completed', '--port', unknownCatalogue);

    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^evt_[0-9a-f]{32}\n$/) });
  });

  it.each([
    ['the catalogue of the cloud', () => ownCatalogue, 'order.paid', 0, /^$/],
    ['the catalogue of the cloud', () => ownCatalogue, 'user.registered', 1, /use one of order\.paid$/],
    ['an unknown catalogue', () => unknownCatalogue, 'user.registered', 0, /^$/],
    [
      'an unknown catalogue',
      () => unknownCatalogue,
      'order.paid',
      0,
      /^"order\.paid" is not in the catalogue .* undispatched queue$/,
    ],
  ] as const)(
    'with data, checks the type against %s: %s, %s',
    async (_, port, type, expectedCode, warning) => {
      const { code, err } = await command('publish', type, '{"a":1}', '--port', port());

      expect({ code, err: err.trim() }).toEqual({ code: expectedCode, err: expect.stringMatching(warning) });
    },
  );

  it('without data, requires a type of the catalogue', async () => {
    const { code, err } = await command('publish', 'shop.opened', '--port', unknownCatalogue);

    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(
        /^"shop\.opened" is not in the catalogue .*; give its data, or use one of ppt/,
      ),
    });
  });

  it.each([
    ['by the bus', []],
    ['directly', ['--direct']],
  ])('publishes numbers %s with all digits, and in ASCII [API-13, API-16]', async (_, options) => {
    const { awsEndpoint: endpoint, outputs } = await findCloud(Number(emptyCloud));
    const credentials = { accessKeyId: 'local', secretAccessKey: 'any' };
    const sqs = new SQSClient({ endpoint, region: 'us-east-1', credentials });
    const data = '{"n":[12345678901234567890,1e400,1.0],"t":"é\uffff🎉"}';

    const { code } = await command(
      'publish',
      'ppt.generation.completed',
      data,
      '--port',
      emptyCloud,
      ...options,
    );

    const QueueUrl = outputs.EventsQueueUrl;
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    for (const { ReceiptHandle } of Messages)
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    sqs.destroy();
    expect(code).toBe(0);
    expect(Messages).toHaveLength(1);
    expect(Messages[0]?.Body).toContain(
      '"data":{"n":[12345678901234567890,1e400,1.0],"t":"\\u00e9\\uffff\\ud83c\\udf89"}}',
    );
  });
});

describe('redispatch', () => {
  it('reports that there is nothing to redispatch', async () => {
    const { code, out } = await command('redispatch', '--port', emptyCloud);

    expect({ code, out: out.trim() }).toEqual({
      code: 0,
      out: '0 events on the undispatched queue. Nothing was changed; --confirm puts them back on the events queue.',
    });
  });
});
