import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { devNull } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AssemblyContent,
  allow,
  getAtt,
  queue,
  ref,
  type TemplateResource,
  writeAssembly,
} from '../support/assembly.ts';
import { until } from '../support/until.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A catalogue of one type, `order.paid`. */
const OWN = 'test/local/one-type.json';

const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill();
    await once(child, 'exit');
  }
});

/** Neither a region nor a catalogue of whoever runs the tests. */
const VARIABLES = {
  ...process.env,
  AWS_REGION: '',
  AWS_DEFAULT_REGION: '',
  AWS_PROFILE: '',
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  WEBHOOK_FANOUT_EVENT_CATALOGUE: '',
};

function run(script: string, args: readonly string[], variables: Record<string, string> = {}) {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: ROOT,
    env: { ...VARIABLES, ...variables },
  });
  children.push(child);
  const output = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output.out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    output.err += chunk;
  });
  const ended = once(child, 'close').then(([code]): number => code);
  return { child, output, ended };
}

async function runToEnd(
  script: string,
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> {
  const { output, ended } = run(script, args);
  return { code: await ended, ...output };
}

const table: TemplateResource = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  },
};

/** All that the command line looks at, and nothing that would have to be bundled. */
const STACK: AssemblyContent = {
  resources: {
    Webhooks: table,
    SecretsKey: { Type: 'AWS::KMS::Key', Properties: {} },
    Queue: queue(),
    Events: queue(),
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: ref('Bus'),
        EventPattern: { source: [{ prefix: '' }] },
        Targets: [{ Id: 'Target0', Arn: getAtt('Events') }],
      },
    },
    EventsPolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [ref('Events')],
        PolicyDocument: {
          Statement: [{ ...allow('sqs:SendMessage', getAtt('Events')), Principal: '*' }],
        },
      },
    },
  },
  outputs: {
    EventBusName: ref('Bus'),
    WebhooksTableName: ref('Webhooks'),
    DeliveriesTableName: ref('Webhooks'),
    SecretsKeyId: ref('SecretsKey'),
    ExhaustedQueueUrl: ref('Queue'),
    PoisonQueueUrl: ref('Queue'),
    UndispatchedQueueUrl: ref('Queue'),
    EventsQueueUrl: ref('Events'),
  },
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Starts a cloud for programs and waits for its line. */
async function start(variables?: Record<string, string>) {
  const assembly = await writeAssembly(STACK);
  const cloud = run('local/start.ts', ['--json', '--port', '0', '--assembly', assembly], variables);
  const line = await until('the line for programs', () =>
    cloud.output.out.includes('\n') ? cloud.output.out : undefined,
  );
  return { ...cloud, port: new URL(JSON.parse(line).api_url).port };
}

describe('npm start -- --json', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'prints one line of JSON, then nothing, and ends well on %s',
    async (signal) => {
      const { child, output, ended } = await start();

      child.kill(signal);

      expect(await ended).toBe(0);
      expect(output).toEqual({ out: expect.stringMatching(/^\{.*\}\n$/), err: '' });
      expect(JSON.parse(output.out)).toEqual({
        api_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        aws_endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        region: 'us-east-1',
        event_bus_name: 'shop',
        events_queue_url: expect.stringContaining('/Shop-Events'),
        account_id: 'acct_1',
        api_key: expect.stringMatching(/^whk_.{32}$/),
        exhausted_queue_url: expect.stringContaining('/Shop-Queue'),
        poison_queue_url: expect.stringContaining('/Shop-Queue'),
        undispatched_queue_url: expect.stringContaining('/Shop-Queue'),
        deliveries_table: 'Shop-Webhooks',
        webhooks_table: 'Shop-Webhooks',
      });
    },
  );

  it('serves the API on the given port, and says so when that port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const assembly = await writeAssembly(STACK);

    const { code, out, err } = await runToEnd(
      'local/start.ts',
      ...['--json', '--port', String(port), '--assembly', assembly],
    );

    taken.close();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`address already in use 127.0.0.1:${port}`);
  });

  it.each([
    [['--port', 'http'], '--port must be a number from 0 to 65535, got "http"\n'],
    [['--prot', '80'], "Unknown option '--prot'; see --help\n"],
    [['80'], "Unexpected argument '80'; see --help\n"],
  ])('%j is refused in a sentence', async (args, message) => {
    const { code, out, err } = await runToEnd('local/start.ts', ...args);

    expect({ code, out, err }).toEqual({ code: 1, out: '', err: message });
  });
});

describe('npm start with AWS_ENDPOINT_URL_DYNAMODB', () => {
  it('names the address that does not answer, and says what to do', async () => {
    const assembly = await writeAssembly(STACK);
    const address = `http://127.0.0.1:${await freePort()}`;
    const variables = { AWS_ENDPOINT_URL_DYNAMODB: address };
    const { output, ended } = run('local/start.ts', ['--json', '--assembly', assembly], variables);

    expect(await ended).toBe(1);
    expect(output).toEqual({
      out: '',
      err: `no DynamoDB answers at ${address} (ECONNREFUSED); start one there, or unset AWS_ENDPOINT_URL_DYNAMODB to use the one in this process\n`,
    });
  });
});

/** A cloud with a catalogue that the commands cannot know, and one with a catalogue of one type. */
let plain: string;
let own: string;
beforeAll(async () => {
  const clouds = await Promise.all([start(), start({ WEBHOOK_FANOUT_EVENT_CATALOGUE: OWN })]);
  [plain, own] = clouds.map(({ port }) => port) as [string, string];
});

describe('npm run keys', () => {
  it('creates, lists and revokes keys of a running cloud', async () => {
    const port = plain;
    const keys = (...args: string[]) => runToEnd('bin/keys.ts', ...args, '--port', port);

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
  ])('%j is refused in a sentence', async (args, message) => {
    const { code, out, err } = await runToEnd('bin/keys.ts', ...args);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(message);
  });
});

describe('npm run data-keys', () => {
  it('makes a new data key of a running cloud the current one', async () => {
    const dataKeys = (...args: string[]) => runToEnd('bin/data-keys.ts', ...args, '--port', plain);
    const numberIn = ({ out }: { out: string }) => Number(/^Data key (\d+) seals/.exec(out)?.[1]);
    const first = await dataKeys('rotate');
    const before = await dataKeys('current');
    const rotated = await dataKeys('rotate');
    const after = await dataKeys('current');

    expect(rotated).toMatchObject({ code: 0, err: '' });
    expect(first.out).toContain('Data key 1 was made');
    expect([before, rotated, after].map(numberIn)).toEqual([1, 2, 2]);
  });

  it.each([
    [['delete'], 'expected current or rotate, got "delete"; see --help'],
    [['rotate', 'now'], 'rotate takes 0 arguments, got 1; see --help'],
    [['rotate', '--port', '1'], /no local cloud/],
  ])('%j is refused in a sentence', async (args, message) => {
    const { code, out, err } = await runToEnd('bin/data-keys.ts', ...args);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(message);
  });
});

describe('npm run publish-event', () => {
  it("publishes the catalogue's example and prints the event's id", async () => {
    const { code, out } = await runToEnd('bin/publish-event.ts', 'ppt.generation.completed', '--port', plain);

    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^evt_[0-9a-f]{32}\n$/) });
  });

  it.each([
    ['the one that it runs', () => own, 'order.paid', 0, /^$/],
    ['the one that it runs', () => own, 'user.registered', 1, /use one of order\.paid$/],
    ['one that cannot be seen', () => plain, 'user.registered', 0, /^$/],
    [
      'one that cannot be seen',
      () => plain,
      'order.paid',
      0,
      /^"order\.paid" is not in the catalogue .* undispatched queue$/,
    ],
  ] as const)('with data, holds the type against %s: %s, %s', async (_, port, type, expectedCode, said) => {
    const { code, err } = await runToEnd('bin/publish-event.ts', type, '{"a":1}', '--port', port());

    expect({ code, err: err.trim() }).toEqual({ code: expectedCode, err: expect.stringMatching(said) });
  });

  it('without data, needs the type to be in the catalogue', async () => {
    const { code, err } = await runToEnd('bin/publish-event.ts', 'shop.opened', '--port', plain);

    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(
        /^"shop\.opened" is not in the catalogue .*; give its data, or use one of ppt/,
      ),
    });
  });

  it('publishes data digit for digit, and in ASCII [API-13, API-16]', async () => {
    const { port, output } = await start();
    const { aws_endpoint: endpoint } = JSON.parse(output.out);
    const credentials = { accessKeyId: 'local', secretAccessKey: 'any' };
    const sqs = new SQSClient({ endpoint, region: 'us-east-1', credentials });
    const data = '{"n":[12345678901234567890,1e400,1.0],"t":"é\uffff🎉"}';

    const { code } = await runToEnd('bin/publish-event.ts', 'ppt.generation.completed', data, '--port', port);

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
  ])('%j is refused in a sentence', async (args, message) => {
    const { code, out, err } = await runToEnd('bin/publish-event.ts', ...args);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(message);
  });
});

describe('npm run redispatch', () => {
  it('says when there is nothing to put back', async () => {
    const { port } = await start();

    const { code, out } = await runToEnd('bin/redispatch.ts', '--port', port);

    expect({ code, out: out.trim() }).toEqual({
      code: 0,
      out: '0 events on the undispatched queue. Nothing was changed; --confirm puts them back on the events queue.',
    });
  });

  it.each([
    [['--limit', '0'], '--limit must be a whole number above 0, got "0"'],
    [['--confrim'], "Unknown option '--confrim'; see --help"],
    [['evt_1'], "Unexpected argument 'evt_1'; see --help"],
  ])('%j is refused in a sentence', async (args, message) => {
    const { code, out, err } = await runToEnd('bin/redispatch.ts', ...args);

    expect({ code, out, err: err.trim() }).toEqual({ code: 1, out: '', err: message });
  });
});
