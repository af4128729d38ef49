import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { checkRuns } from '../../chaos/check-runs.ts';
import { readStack } from '../../chaos/run-setup.ts';
import { prepareSecrets } from '../../chaos/secrets.ts';
import { SOURCE_CODE } from '../../chaos/simulation/function-code.ts';
import { synthesize } from '../../local/assembly/synthesize.ts';
import { grantsOf } from '../../local/iam/grants.ts';
import { type Journey, startJourney } from '../journeys/support/journey.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { type Endpoint, startEndpoint } from './support/endpoint.ts';
import { exerciseEverything } from './support/exercise-everything.ts';
import { describeGrant, recordUsage, unusedGrants } from './support/usage.ts';

/**
 * Lambda writes a function's log under the function's role. The local cloud makes no call for that. ReceiveMessage,
 * DeleteMessage and GetQueueAttributes are Lambda's calls, too, but the local cloud makes them.
 */
const USED_BY_LAMBDA_ALONE = ['logs:CreateLogStream', 'logs:PutLogEvents'];
/** Random chaos runs whose calls are recorded, too: each makes some hundreds of calls under faults of every kind. */
const CHAOS_RUNS = 60;
/**
 * A sender reads both tables with one call. The local cloud checks each table's statement against that table's
 * keys. AWS may check it against all keys of the call; then these grants are needed. Neither table has partitions
 * of the other.
 */
const NEEDED_BY_ANOTHER_READING =
  /^dynamodb:BatchGetItem on \S*(Webhooks\S* for dynamodb:LeadingKeys WEBHOOK#\*|Deliveries\S* for dynamodb:LeadingKeys ACCOUNT#\*)$/;

const usage = recordUsage();
const usageInChaos = recordUsage();
const closers: (() => Promise<void>)[] = [];
let journey: Journey;

/** Records calls under faults. It fakes the timers of the whole process: nothing else may run at the same time. */
async function runChaos(): Promise<void> {
  const stack = await readStack(inject('assembly'));
  const secrets = await prepareSecrets(stack);
  const setup = { stack, secrets, code: SOURCE_CODE, onDecision: usageInChaos.onDecision };
  const failure = await checkRuns(setup, { seed: 1, runs: CHAOS_RUNS });
  if (failure !== undefined) throw new Error(failure.report);
}

beforeAll(async () => {
  await runChaos();
  const assemblyDirectory = await synthesize({
    outputDirectory: join(temporaryDirectory(), 'cdk.out'),
    variables: {
      WEBHOOK_FANOUT_ALLOW_PRIVATE_ENDPOINTS: 'true',
      WEBHOOK_FANOUT_RETRY_DELAYS: '1,1,1',
    },
  });
  journey = await startJourney({
    assemblyDirectory,
    maximumEnvironments: 2,
    onDecision: usage.onDecision,
    // Do not print the failures that the test causes.
    onProblem: () => undefined,
  });
  closers.push(() => journey.close());
  const endpoint: Endpoint = await startEndpoint();
  closers.push(() => endpoint.close());
  await exerciseEverything(journey, endpoint, usage).catch((cause: unknown) => {
    const refused = usage.denied.join('\n') || 'nothing';
    throw new Error(`${String(cause)}\nThe roles refused: ${refused}`, { cause });
  });
  await journey.untilIdle();
});

afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

function unusedOfAll(): string[] {
  return journey.cloud.functions.flatMap(({ settings }) =>
    unusedGrants(settings, settings.role.policies, [usage, usageInChaos])
      .filter(({ action }) => !USED_BY_LAMBDA_ALONE.includes(action))
      .map(describeGrant)
      .filter((grant) => !NEEDED_BY_ANOTHER_READING.test(grant))
      .map((grant) => `${settings.logicalId}: ${grant}`),
  );
}

describe('the roles of the functions', () => {
  it('grant no action, resource, partition or attribute that nothing uses [API-20]', () => {
    expect(unusedOfAll()).toEqual([]);
  });

  it('refuse nothing that a function does', () => {
    expect([...usage.denied, ...usageInChaos.denied]).toEqual([]);
  });

  it('name every action and every resource', () => {
    const open = journey.cloud.functions
      .flatMap(({ settings }) => grantsOf(settings.role.policies))
      .filter(({ action, resource }) => action.includes('*') || /\*/.test(resource.replace(/:\*$/, '')));

    expect(open).toEqual([]);
  });
});

describe('the roles on the tables', () => {
  it('are bound to partitions, action by action', () => {
    const unbound = journey.cloud.functions
      .flatMap(({ settings }) => grantsOf(settings.role.policies))
      .filter(({ action, condition }) => action.startsWith('dynamodb:') && condition === undefined);

    expect(unbound).toEqual([]);
  });
});

describe('this very test', () => {
  it.each([
    ['an action', { Action: 'sqs:PurgeQueue' }, 'sqs:PurgeQueue on'],
    ['a resource', { Resource: 'arn:aws:sqs:us-east-1:000000000000:another' }, 'sqs:SendMessage on another'],
    [
      'a partition',
      { Action: 'dynamodb:GetItem', Condition: { StringLike: { 'dynamodb:LeadingKeys': 'KEY#*' } } },
      'for dynamodb:LeadingKeys KEY#*',
    ],
  ])('notices %s too many', (_, surplus, report) => {
    const dispatcher = journey.cloud.findFunction('DispatchEvent').settings;
    const queue = journey.cloud.queues.queueByUrl(journey.cloud.outputs.FirstQueueUrl ?? '');
    const statement = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue?.arn ?? '', ...surplus };
    const policies = [...dispatcher.role.policies, { Statement: [statement] }];

    const noticed = unusedGrants(dispatcher, policies, [usage, usageInChaos]).map(describeGrant);

    expect(noticed).toEqual(expect.arrayContaining([expect.stringContaining(report)]));
  });
});
