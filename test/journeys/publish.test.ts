import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, inject, it, onTestFinished } from 'vitest';
import { patchAssembly } from '../../local/assembly/patch.ts';
import type { Cloud } from '../../local/cloud.ts';
import { announceCloud } from '../../local/running-clouds.ts';
import { startJourney } from './support/journey.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

async function start(assemblyDirectory = inject('privateAssembly')) {
  const logged: string[] = [];
  const journey = await startJourney({
    assemblyDirectory,
    onLogLine: (_, line) => logged.push(line),
  });
  onTestFinished(() => journey.close());
  const { apiPort, awsEndpoint, region, outputs } = journey.cloud;
  const removeFile = await announceCloud({
    pid: process.pid,
    apiPort,
    awsEndpoint,
    region,
    outputs,
    accountId: 'acct_1',
  });
  onTestFinished(removeFile);
  const customer = await journey.startCustomer();
  return { journey, customer, logged };
}

it('the command reports an account, a type or an id that a publisher mistyped', async () => {
  const { journey, customer, logged } = await start();
  const { cloud } = journey;
  await journey.register({ url: customer.url(), events: ['file.*'] });

  const right = await publishAndWait(cloud, 'file.uploaded', '--id', 'evt_1');
  const mistypedAccount = await publishAndWait(cloud, 'file.uploaded', '--account', 'acct_l');
  const unsubscribedType = await publishAndWait(cloud, 'user.registered');
  const takenId = await publishAndWait(cloud, 'file.uploaded', '{"file_id":"other"}', '--id', 'evt_1');
  const unknownType = await publishAndWait(cloud, 'file.renamed', '{}');

  expect(right).toMatchObject({
    code: 0,
    answer: { event_id: 'evt_1', outcome: 'delivered', deliveries: [{ status: 'delivered', attempts: 1 }] },
  });
  expect(mistypedAccount).toMatchObject({
    code: 3,
    answer: { account_id: 'acct_l', outcome: 'unmatched', reason: 'the account acct_l has no webhook' },
  });
  expect(unsubscribedType).toMatchObject({
    code: 3,
    answer: { outcome: 'unmatched', reason: expect.stringContaining('subscribes to file.*') },
  });
  expect(takenId).toMatchObject({
    code: 4,
    answer: { outcome: 'refused', reason: expect.stringContaining('published under this id before') },
  });
  expect(unknownType).toMatchObject({
    code: 4,
    answer: { outcome: 'refused', reason: expect.stringContaining('not in the catalogue') },
  });
  expect(customer.requests.map(({ body }) => JSON.parse(body.toString()).id)).toEqual(['evt_1']);
  // The log of the dispatcher has the same for an operator.
  const lines = logged.filter((line) => line.includes('has no webhook'));
  expect(lines).toEqual([expect.stringContaining('"account_id":"acct_l"')]);
});

it('data that does not satisfy its schema is delivered, and reported in the log', async () => {
  const { journey, customer, logged } = await start();
  await journey.register({ url: customer.url(), events: ['file.*'] });

  const { code } = await publishAndWait(journey.cloud, 'file.uploaded', '{"file_id":7}');

  expect(code).toBe(0);
  const lines = logged.filter((line) => line.includes('does not satisfy the schema'));
  expect(lines).toEqual([
    expect.stringMatching(/"path":"data".*"why":"must have required property 'user_id'"/),
  ]);
});

it('data that does not satisfy its schema is refused when the stack is deployed so, and the command says why', async () => {
  const copy = await patchAssembly(inject('privateAssembly'), ({ Resources }) => {
    for (const { Properties = {} } of Object.values(Resources)) {
      const { Variables } = (Properties.Environment ?? {}) as { Variables?: Record<string, unknown> };
      if (Variables?.VALIDATE_EVENTS !== undefined) Variables.VALIDATE_EVENTS = 'refuse';
    }
  });
  onTestFinished(copy.remove);
  const { journey, customer } = await start(copy.directory);
  await journey.register({ url: customer.url(), events: ['*'] });

  const refused = await publishAndWait(journey.cloud, 'file.uploaded', '{"file_id":7}');
  const right = await publishAndWait(journey.cloud, 'file.uploaded');

  expect(refused).toMatchObject({
    code: 4,
    answer: {
      outcome: 'refused',
      reason: "Detail.data does not satisfy the schema of its type: must have required property 'user_id'",
    },
  });
  expect(right.code).toBe(0);
  expect(customer.requests).toHaveLength(1);
});

/** Runs the command, and returns its exit status and what it prints. */
async function publishAndWait(cloud: Cloud, ...args: string[]) {
  const command = spawn(
    process.execPath,
    ['bin/webhook-fanout.ts', 'publish', ...args, '--port', String(cloud.apiPort), '--wait', '--json'],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  command.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  command.stderr.resume();
  const [code] = await once(command, 'close');
  return { code, answer: JSON.parse(output) };
}
