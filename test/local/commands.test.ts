import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, it } from 'vitest';
import { runScriptToEnd, startCloudProcess } from './cloud-process.ts';

/** A catalogue of one type, `order.paid`. */
const OWN_CATALOGUE = 'test/local/one-type.json';

/** Ports of a cloud whose catalogue is unknown to the commands, and of a cloud with a catalogue of one type. */
let unknownCatalogue: string;
let ownCatalogue: string;
beforeAll(async () => {
  const clouds = await Promise.all([
    startCloudProcess(),
    startCloudProcess({ variables: { WEBHOOK_FANOUT_EVENT_CATALOGUE: OWN_CATALOGUE } }),
  ]);
  [unknownCatalogue, ownCatalogue] = clouds.map(({ port }) => port) as [string, string];
});

describe('npm run keys', () => {
  it('creates, lists and revokes keys of a running cloud', async () => {
    const port = unknownCatalogue;
    const keys = (...args: string[]) => runScriptToEnd('bin/keys.ts', ...args, '--port', port);

    const created = await keys('create', '--account', 'acct_2', '--name', 'mine');
    const id = /key_[0-9a-f]{16}/.exec(created.out)?.[0] ?? '';
    const revoked = await keys('revoke', id);
    const listed = await keys('list', '--account', 'acct_2');

    expect(created.out).toMatch(/^whk_.{32}\n/);
    expect(revoked).toMatchObject({ code: 0, err: '' });
    expect(listed.out.trim().split(/ {2,}/)).toEqual([id, 'acct_2', expect.any(String), 'revoked', 'mine']);
  });

  it.each([
    [['make'], 'expected create, list or revoke, got "make"; see --help'],
    [['create', '--account', 'a b'], '--account must be 1-64 characters'],
    [['list', '--port', '1'], /no local cloud/],
    [['list', '--port', '1', '--stack', 'S'], 'give either --stack or --port'],
    [['list', '--stak', 'S'], /^Unknown option '--stak'; see --help\n$/],
    [['list', '--stack', 'S'], "set AWS_REGION (or AWS_PROFILE's region)"],
  ])('refuses %j with a sentence', async (args, message) => {
    const { code, out, err } = await runScriptToEnd('bin/keys.ts', ...args);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(message);
  });
});

describe('npm run data-keys', () => {
  it('makes a new data key of a running cloud the current one', async () => {
    const dataKeys = (...args: string[]) =>
      runScriptToEnd('bin/data-keys.ts', ...args, '--port', unknownCatalogue);
    const numberIn = ({ out }: { out: string }) => Number(/^Data key (\d+) seals/.exec(out)?.[1]);

    const first = await dataKeys('rotate');
    const before = await dataKeys('current');
    const rotated = await dataKeys('rotate');
    const after = await dataKeys('current');

    expect(first.out).toContain('Data key 1 was created');
    expect(rotated).toMatchObject({ code: 0, err: '' });
    expect([before, rotated, after].map(numberIn)).toEqual([1, 2, 2]);
  });

  it.each([
    [['delete'], 'expected current or rotate, got "delete"; see --help'],
    [['rotate', 'now'], 'rotate takes 0 arguments, got 1; see --help'],
    [['rotate', '--port', '1'], /no local cloud/],
  ])('refuses %j with a sentence', async (args, message) => {
    const { code, out, err } = await runScriptToEnd('bin/data-keys.ts', ...args);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(message);
  });
});

describe('npm run publish-event', () => {
  it("publishes the catalogue's example and prints the event's id", async () => {
    const { code, out } = await runScriptToEnd(
      'bin/publish-event.ts',
      'ppt.generation.completed',
      '--port',
      unknownCatalogue,
    );

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
      const { code, err } = await runScriptToEnd('bin/publish-event.ts', type, '{"a":1}', '--port', port());

      expect({ code, err: err.trim() }).toEqual({ code: expectedCode, err: expect.stringMatching(warning) });
    },
  );

  it('without data, requires a type of the catalogue', async () => {
    const { code, err } = await runScriptToEnd(
      'bin/publish-event.ts',
      'shop.opened',
      '--port',
      unknownCatalogue,
    );

    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(
        /^"shop\.opened" is not in the catalogue .*; give its data, or use one of ppt/,
      ),
    });
  });

  it('publishes numbers with all digits, and in ASCII [API-13, API-16]', async () => {
    const { port, output } = await startCloudProcess();
    const { aws_endpoint: endpoint } = JSON.parse(output.out);
    const credentials = { accessKeyId: 'local', secretAccessKey: 'any' };
    const sqs = new SQSClient({ endpoint, region: 'us-east-1', credentials });
    const data = '{"n":[12345678901234567890,1e400,1.0],"t":"é\uffff🎉"}';

    const { code } = await runScriptToEnd(
      'bin/publish-event.ts',
      'ppt.generation.completed',
      data,
      '--port',
      port,
    );

    const { events_queue_url: QueueUrl } = JSON.parse(output.out);
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    sqs.destroy();
    expect(code).toBe(0);
    expect(Messages?.[0]?.Body).toContain(
      '"data":{"n":[12345678901234567890,1e400,1.0],"t":"\\u00e9\\uffff\\ud83c\\udf89"}}',
    );
  });

  it.each([
    [[], /expected <type>/],
    [['ppt.generation.completed', '{'], 'the data must be a JSON object'],
    [['ppt.generation.completed', '[1]'], 'the data must be a JSON object'],
    [['ppt.generation.completed', 'null'], 'the data must be a JSON object'],
    [['shop.opened', '{}', '--id', 'a b'], '--id must be 1-64 characters'],
  ])('refuses %j with a sentence', async (args, message) => {
    const { code, out, err } = await runScriptToEnd('bin/publish-event.ts', ...args);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(message);
  });
});

describe('npm run redispatch', () => {
  it('reports that there is nothing to redispatch', async () => {
    const { port } = await startCloudProcess();

    const { code, out } = await runScriptToEnd('bin/redispatch.ts', '--port', port);

    expect({ code, out: out.trim() }).toEqual({
      code: 0,
      out: '0 events on the undispatched queue. Nothing was changed; --confirm puts them back on the events queue.',
    });
  });

  it.each([
    [['--limit', '0'], '--limit must be a whole number above 0, got "0"'],
    [['--confrim'], "Unknown option '--confrim'; see --help"],
    [['evt_1'], "Unexpected argument 'evt_1'; see --help"],
  ])('refuses %j with a sentence', async (args, message) => {
    const { code, out, err } = await runScriptToEnd('bin/redispatch.ts', ...args);

    expect({ code, out, err: err.trim() }).toEqual({ code: 1, out: '', err: message });
  });
});
