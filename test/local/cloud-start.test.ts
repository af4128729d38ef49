import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type AssemblyContent,
  queue,
  ref,
  type TemplateResource,
  writeAssembly,
} from '../support/assembly.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null) continue;
    child.kill();
    await once(child, 'exit');
  }
});

function run(script: string, ...args: string[]) {
  const child = spawn(process.execPath, [script, ...args], { cwd: ROOT });
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
  const { output, ended } = run(script, ...args);
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
    Queue: queue(),
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } },
  },
  outputs: {
    EventBusName: ref('Bus'),
    WebhooksTableName: ref('Webhooks'),
    DeliveriesTableName: ref('Webhooks'),
    ExhaustedQueueUrl: ref('Queue'),
    PoisonQueueUrl: ref('Queue'),
    UndispatchedQueueUrl: ref('Queue'),
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
async function start() {
  const port = await freePort();
  const assembly = await writeAssembly(STACK);
  const cloud = run('local/start.ts', '--json', '--port', String(port), '--assembly', assembly);
  await expect.poll(() => cloud.output.out, { timeout: 10_000 }).toContain('\n');
  return { ...cloud, port: String(port) };
}

describe('npm start -- --json', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'prints one line of JSON, then nothing, and ends well on %s',
    async (signal) => {
      const { child, output, ended, port } = await start();

      child.kill(signal);

      expect(await ended).toBe(0);
      expect(output).toEqual({ out: expect.stringMatching(/^\{.*\}\n$/), err: '' });
      expect(JSON.parse(output.out)).toEqual({
        api_url: `http://127.0.0.1:${port}`,
        aws_endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        region: 'us-east-1',
        event_bus_name: 'shop',
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

  it('says in a sentence what it does not understand', async () => {
    const { code, out, err } = await runToEnd('local/start.ts', '--port', 'http');

    expect({ code, out, err }).toEqual({
      code: 1,
      out: '',
      err: '--port must be a number from 0 to 65535, got "http"\n',
    });
  });
});

describe('npm run keys', () => {
  it('creates, lists and revokes keys of a running cloud', async () => {
    const { port } = await start();
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
  ])('%j is refused in a sentence', async (args, message) => {
    const { code, out, err } = await runToEnd('bin/keys.ts', ...args);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(message);
  });
});

describe('npm run publish-event', () => {
  it("publishes the catalogue's example and prints the event's id", async () => {
    const { port } = await start();

    const { code, out } = await runToEnd('bin/publish-event.ts', 'ppt.generation.completed', '--port', port);

    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^evt_[0-9a-f]{32}\n$/) });
  });

  it.each([
    [[], /expected <type>/],
    [['ppt.generation.completed', '{'], 'the data must be JSON'],
    [['shop.opened'], '"shop.opened" is not in the catalogue'],
    [['shop.opened', '{}', '--id', 'a b'], '--id must be 1-64 characters'],
  ])('%j is refused in a sentence', async (args, message) => {
    const { code, out, err } = await runToEnd('bin/publish-event.ts', ...args);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(message);
  });
});
