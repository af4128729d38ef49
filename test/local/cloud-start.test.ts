import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { writeAssembly } from '../support/assembly.ts';
import { MINIMAL_STACK, runScript, runScriptToEnd, startCloudProcess } from './cloud-process.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('npm start -- --json', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'prints one line of JSON and nothing else, and ends with code 0 on %s',
    async (signal) => {
      const { child, output, ended } = await startCloudProcess();

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
        unreadable_queue_url: expect.stringContaining('/Shop-Queue'),
        undispatched_queue_url: expect.stringContaining('/Shop-Queue'),
        deliveries_table: 'Shop-Webhooks',
        webhooks_table: 'Shop-Webhooks',
      });
    },
  );

  it('fails if the given port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const assembly = await writeAssembly(MINIMAL_STACK);

    const { code, out, err } = await runScriptToEnd(
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
  ])('refuses %j with a sentence', async (args, message) => {
    const { code, out, err } = await runScriptToEnd('local/start.ts', ...args);

    expect({ code, out, err }).toEqual({ code: 1, out: '', err: message });
  });
});

describe('npm start with AWS_ENDPOINT_URL_DYNAMODB', () => {
  it('fails with the address that does not answer, and a remedy', async () => {
    const assembly = await writeAssembly(MINIMAL_STACK);
    const address = `http://127.0.0.1:${await freePort()}`;
    const variables = { AWS_ENDPOINT_URL_DYNAMODB: address };
    const { output, ended } = runScript('local/start.ts', ['--json', '--assembly', assembly], variables);

    expect(await ended).toBe(1);
    expect(output).toEqual({
      out: '',
      err: `no DynamoDB answers at ${address} (ECONNREFUSED); start one there, or unset AWS_ENDPOINT_URL_DYNAMODB to use the one in this process\n`,
    });
  });
});
