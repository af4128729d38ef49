import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, inject, it, onTestFinished } from 'vitest';
import { loadStack } from '../../local/assembly/load-stack.ts';
import { patchAssembly } from '../../local/assembly/patch.ts';
import { synthesize } from '../../local/assembly/synthesize.ts';
import type { Cloud } from '../../local/cloud.ts';
import { announceCloud } from '../../local/running-clouds.ts';
import { until } from '../support/until.ts';
import { startJourney } from './support/journey.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Contains one type, `order.paid`. */
const CORRECTED_CATALOGUE = 'test/local/one-type.json';

it('an event of a missing type is delivered after the type is added to the catalogue and the event is redispatched [FAULT-16]', async () => {
  const copy = await patchAssembly(inject('privateAssembly'), () => undefined);
  onTestFinished(copy.remove);
  const journey = await startJourney({ assemblyDirectory: copy.directory });
  onTestFinished(() => journey.close());
  const { cloud } = journey;
  onTestFinished(await announce(cloud));
  const customer = await journey.startCustomer();
  await journey.register({ url: customer.url(), events: ['*'] });
  const undispatched = () => cloud.queues.counts(cloud.outputs.UndispatchedQueueUrl ?? '');

  await journey.publishRaw('order.paid', '{"account_id":"acct_1","id":"evt_1","data":{"total":12.50}}');
  await journey.publish('file.renamed', { id: 'evt_2', data: {} });
  await until('both events to be undispatched', () => undispatched().visible === 2 || undefined);
  const dryRun = await redispatch(cloud, '--type', 'order.paid');
  const afterDryRun = undispatched();
  await deployCatalogue(cloud);
  const confirmed = await redispatch(cloud, '--type', 'order.paid', '--confirm');

  const [request] = await customer.received(1);
  expect(String(request?.body)).toMatch(
    /^\{"id":"evt_1","type":"order\.paid",.*"data":\{"total":12\.50\}\}$/,
  );
  expect(dryRun).toContain('evt_1  acct_1  order.paid  the event type "order.paid" is not in the catalogue');
  expect(dryRun).toContain('1 event on the undispatched queue. Nothing was changed');
  expect(afterDryRun).toEqual({ visible: 2, inFlight: 0, delayed: 0 });
  expect(confirmed).toContain('1 event put back on the events queue.');
  expect(confirmed).toContain('1 event not selected: kept on the undispatched queue.');
  expect(undispatched()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  expect(customer.requests).toHaveLength(1);
});

/** Announces the cloud, so that commands find it. */
function announce({ apiPort, awsEndpoint, region, outputs }: Cloud): Promise<() => Promise<void>> {
  return announceCloud({ pid: process.pid, apiPort, awsEndpoint, region, outputs, accountId: 'acct_1' });
}

async function redispatch(cloud: Cloud, ...args: string[]): Promise<string> {
  const command = spawn(
    process.execPath,
    ['bin/webhook-fanout.ts', 'redispatch', '--port', String(cloud.apiPort), ...args],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  command.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code] = await once(command, 'close');
  expect(code).toBe(0);
  return output;
}

/** Deploys another catalogue: replaces the files of the dispatcher, and ends its environments. */
async function deployCatalogue(cloud: Cloud): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'webhook-fanout-corrected-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await synthesize({
    outputDirectory: directory,
    variables: { WEBHOOK_FANOUT_EVENT_CATALOGUE: CORRECTED_CATALOGUE },
  });
  const url = 'http://127.0.0.1:1';
  const deployment = { accountId: '000000000000', region: 'us-east-1', endpointUrl: url, apiUrl: url };
  const corrected = await loadStack(directory, deployment);
  const dispatcher = cloud.findFunction('DispatchEvent');
  const bundle = corrected.functions.find(({ logicalId }) => logicalId === dispatcher.settings.logicalId);
  await cp(bundle?.directory ?? '', dispatcher.settings.directory, { recursive: true });
  while (await dispatcher.killEnvironment());
}
