import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { run } from '../../command/main.ts';
import { loadStack } from '../../local/assembly/load-stack.ts';
import { patchAssembly } from '../../local/assembly/patch.ts';
import { synthesize } from '../../local/assembly/synthesize.ts';
import { AwsError, EVENTBRIDGE } from '../../local/aws-calls.ts';
import type { Cloud } from '../../local/cloud.ts';
import { MINUTE_MS } from '../../local/cloudwatch/metric-store.ts';
import { announceCloud } from '../../local/running-clouds.ts';
import { until } from '../support/until.ts';
import { type Journey, startJourney } from './support/journey.ts';
import { commandsOf } from './support/runbook.ts';

/** Contains one type, `order.paid`. */
const CORRECTED_CATALOGUE = 'test/local/one-type.json';
const NOT_IN_CATALOGUE = 'the event type "order.paid" is not in the catalogue';

let journey: Journey;
let cloud: Cloud;
/** `<state> <alarm>`, in the order of the changes. */
const changes: string[] = [];
let minuteEnd: number;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  // Our side fails twice instead of 200 times before a message is poison.
  const copy = await patchAssembly(inject('privateAssembly'), ({ Resources }) => {
    for (const { Type, Properties } of Object.values(Resources)) {
      if (Type === 'AWS::SQS::Queue' && JSON.stringify(Properties.RedrivePolicy ?? '').includes('Poison')) {
        Object.assign(Object(Properties.RedrivePolicy), { maxReceiveCount: 1 });
      }
    }
  });
  closers.push(copy.remove);
  journey = await startJourney({
    assemblyDirectory: copy.directory,
    onAlarmChange: ({ alarm, from, to }) => {
      if (from === 'ALARM' || to === 'ALARM')
        changes.push(`${to} ${alarm.name.slice(alarm.name.lastIndexOf('/') + 1)}`);
    },
  });
  closers.push(journey.close);
  cloud = journey.cloud;
  const { apiPort, awsEndpoint, region, outputs } = cloud;
  closers.push(
    await announceCloud({ pid: process.pid, apiPort, awsEndpoint, region, outputs, accountId: 'acct_1' }),
  );
  // The test ends the minutes.
  cloud.cloudwatch.stop();
  minuteEnd = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

/** Ends all minutes until now and the present one, at least `atLeast`. Returns the changes of alarms in them. */
function alarmChanges(atLeast = 1): string[] {
  const before = changes.length;
  for (let minutes = 0; minutes < atLeast || minuteEnd <= Date.now(); minutes++) {
    minuteEnd += MINUTE_MS;
    cloud.cloudwatch.endMinute(minuteEnd);
  }
  return changes.slice(before);
}

/** Runs a command as the operator, and returns its output. */
async function operate(args: readonly string[], status = 0): Promise<string> {
  let out = '';
  let errors = '';
  const exitStatus = await run([...args, '--port', String(cloud.apiPort)], {
    out: (text) => (out += text),
    error: (text) => (errors += text),
    isTerminal: false,
  });
  expect({ exitStatus, errors }).toEqual({ exitStatus: status, errors: '' });
  return out;
}

const undispatched = () => cloud.queues.counts(cloud.outputs.UndispatchedQueueUrl ?? '');

describe('the runbook, followed command by command,', () => {
  it('ends the alarm of events that the bus could not send to the events queue, and none is lost', async () => {
    const customer = await journey.startCustomer();
    await journey.register({ url: customer.url(), events: ['file.uploaded'] });
    const allow = cloud.calls.use(async (call, next) => {
      if (call.principal !== EVENTBRIDGE || call.input.QueueUrl !== cloud.outputs.EventsQueueUrl)
        return next();
      throw new AwsError({ code: 'AccessDenied', message: 'the policy was changed', status: 403 });
    });
    await journey.publish('file.uploaded', { id: 'evt_bus', data: {} });
    await until('the event to be undispatched', () => undispatched().visible === 1 || undefined);
    expect(alarmChanges().sort()).toEqual(['ALARM bus-to-undispatched-domain-events', 'ALARM undispatched']);
    const diagnosis = await operate(['doctor'], 2);
    expect(diagnosis).toMatch(/PROBLEM +alarms +2 of \d+ alarms are in the state ALARM/);
    expect(diagnosis).toMatch(/PROBLEM +undispatched queue +1 message/);

    // "Restore the queue or its policy if it was changed by hand."
    const [list = [], putBack = [], ...others] = commandsOf('bus-to-undispatched');
    const listed = await operate(list);
    allow();
    const moved = await operate(putBack);

    const [request] = await customer.received(1);
    expect(String(request?.body)).toMatch(/^\{"id":"evt_bus",/);
    expect(others).toEqual([]);
    expect(listed).toContain('SDK_CLIENT_ERROR');
    expect(moved).toContain('1 event put back on the events queue.');
    await journey.untilIdle();
    // After some minutes without data: CloudWatch reads more periods than it compares.
    expect(alarmChanges(10).sort()).toEqual(['OK bus-to-undispatched-domain-events', 'OK undispatched']);
  });

  it('ends the alarm of poison messages, and their deliveries continue', async () => {
    const customer = await journey.startCustomer((_, nth) => ({ status: nth === 1 ? 500 : 200 }));
    await journey.register({ url: customer.url(), events: ['file.deleted'] });
    const outage = cloud.faults.add('fail dynamodb:BatchGetItem by RetryLane always');
    await journey.publish('file.deleted', { id: 'evt_poison', data: {} });
    const poison = () => cloud.queues.counts(cloud.outputs.PoisonQueueUrl ?? '');
    await until('the message to be poison', () => poison().visible === 1 || undefined);
    expect(alarmChanges()).toEqual(['ALARM poison']);

    // "Remove the cause first."
    const [list = [], moveBack = [], ...others] = commandsOf('poison');
    const listed = await operate(list);
    outage.remove();
    const moved = await operate(moveBack);

    await customer.received(2);
    expect(others).toEqual([]);
    expect(listed).toMatch(/acct_1 +wh_\S+ +dlv_\S+ +file\.deleted/);
    expect(moved).toContain('1 message moved back.');
    await journey.untilIdle();
    expect(alarmChanges()).toEqual(['OK poison']);
    expect(customer.requests).toHaveLength(2);
  });

  it('ends the alarm of events whose type the catalogue lacks, and they are delivered [FAULT-16]', async () => {
    const customer = await journey.startCustomer();
    await journey.register({ url: customer.url(), events: ['*'] });
    await journey.publishRaw('order.paid', '{"account_id":"acct_1","id":"evt_1","data":{"total":12.50}}');
    await journey.publish('file.renamed', { id: 'evt_2', data: {} });
    await until('both events to be undispatched', () => undispatched().visible === 2 || undefined);
    expect(alarmChanges()).toEqual(['ALARM undispatched']);

    // "Correct the publisher or the catalogue and deploy."
    const [list = [], putBack = [], ...others] = commandsOf('undispatched', { reason: NOT_IN_CATALOGUE });
    const listed = await operate(list);
    const afterList = undispatched();
    await deployCatalogue();
    const moved = await operate(putBack);

    const [request] = await customer.received(1);
    expect(String(request?.body)).toMatch(
      /^\{"id":"evt_1","type":"order\.paid",.*"data":\{"total":12\.50\}\}$/,
    );
    expect(others).toEqual([]);
    expect(listed).toContain(`evt_1  acct_1  order.paid  ${NOT_IN_CATALOGUE}`);
    expect(listed).toContain('2 events on the undispatched queue. Nothing was changed');
    expect(afterList).toEqual({ visible: 2, inFlight: 0, delayed: 0 });
    expect(moved).toContain('1 event put back on the events queue.');
    expect(moved).toContain('1 event not selected: kept on the undispatched queue.');
    expect(customer.requests).toHaveLength(1);
    // The alarm stays on until the operator deletes the event that is never delivered.
    expect(alarmChanges()).toEqual([]);
    cloud.queues.purge(cloud.outputs.UndispatchedQueueUrl ?? '');
    expect(alarmChanges()).toEqual(['OK undispatched']);
  });
});

/** Deploys another catalogue: replaces the files of the dispatcher, and ends its environments. */
async function deployCatalogue(): Promise<void> {
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
