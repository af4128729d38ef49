import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { dataValidators } from '../support/data-validators.ts';
import { startHttpServer } from '../support/http-server.ts';

const APP = 'examples/cdk-app';

const read = (file: string): string => readFileSync(file, 'utf8');

/** The code of the blocks of a language. */
function blocks(file: string, language: string): string[] {
  const pattern = new RegExp(`^ *\`\`\`${language}\\n(.*?)^ *\`\`\``, 'gms');
  return [...read(file).matchAll(pattern)].map(([, code = '']) => code);
}

describe('the code in the documents', () => {
  it.each([
    ['js', 'examples/producers/node/publish.js'],
    ['js', 'examples/producers/node/publish-direct.js'],
    ['python', 'examples/producers/python/publish.py'],
    ['sh', 'examples/producers/aws-cli/publish.sh'],
  ])('docs/publishing.md has the tested producer: %s', (language, example) => {
    expect(blocks('docs/publishing.md', language)).toContain(read(example));
  });

  it('README.md has the lines of the tested receiver in Python', () => {
    const receiver = ['receiver.py', 'x_webhook_signature.py'].map((file) =>
      read(`examples/receivers/python/${file}`),
    );
    const known = new Set(receiver.flatMap((text) => text.split('\n')).map((line) => line.trim()));

    const lines = blocks('README.md', 'python')
      .flatMap((code) => code.split('\n'))
      .map((line) => line.replace(/ +#.*/, '').trim());

    expect(lines.length).toBeGreaterThan(3);
    expect(lines.filter((line) => !known.has(line))).toEqual([]);
  });

  it('the examples in Node name the versions that are tested', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json'));
    const tested = { ...dependencies, ...devDependencies };
    const named = ['receivers', 'producers'].flatMap((kind) =>
      Object.entries(JSON.parse(read(`examples/${kind}/node/package.json`)).dependencies),
    );

    expect(named).toHaveLength(3);
    expect(named.filter(([name, version]) => tested[name] !== version)).toEqual([]);
  });
});

describe('the function of the CDK app', () => {
  afterEach(() => vi.unstubAllEnvs());

  /** Calls it with an event bus that answers so, and returns the entries that it publishes. */
  async function callWith(answer: object) {
    const bodies: string[] = [];
    const bus = await startHttpServer(({ body }) => {
      bodies.push(body.toString());
      return { status: 200, body: JSON.stringify(answer) };
    });
    const variables = {
      AWS_ENDPOINT_URL: bus.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'any',
      EVENT_BUS_NAME: 'orders',
    };
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    // Its client reads the environment when the module is loaded: the query loads it anew.
    const { handler } = await import(`../../${APP}/functions/pay-order/index.mjs?bus=${bus.url}`);
    try {
      await handler({ customerId: 'acct_1', orderId: 'order_1', amount: 1_999 });
    } finally {
      await bus.close();
    }
    return JSON.parse(bodies[0] ?? '').Entries;
  }

  it('publishes an event that satisfies its catalogue', async () => {
    const [entry] = await callWith({ FailedEntryCount: 0, Entries: [{ EventId: 'id' }] });

    const [type] = JSON.parse(read(`${APP}/order-events.json`));
    const validators = await dataValidators({ [type.name]: type.schema });
    const detail = JSON.parse(entry.Detail);
    expect(entry).toMatchObject({ EventBusName: 'orders', DetailType: 'order.paid' });
    expect(detail).toMatchObject({ account_id: 'acct_1', id: 'evt_order_1_paid' });
    expect(validators[entry.DetailType]?.validate(detail.data)).toBe(true);
  });

  it('fails when the bus refuses the event, so that it runs again', async () => {
    const refused = {
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'ThrottlingException', ErrorMessage: 'slow' }],
    };

    await expect(callWith(refused)).rejects.toThrow('ThrottlingException: slow');
  });
});
