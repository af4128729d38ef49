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
 * Actions that Lambda itself needs from the role of a function, and that the local cloud does not call. Lambda also
 * calls ReceiveMessage, DeleteMessage and GetQueueAttributes; the local cloud calls these.
 */
const USED_BY_LAMBDA_ALONE = ['logs:CreateLogStream', 'logs:PutLogEvents'];
/** Chaos runs whose calls are recorded too. Each makes some hundreds of calls under random faults. */
const CHAOS_RUNS = 60;
/**
 * A sender reads both tables with one call. The local cloud checks the statement of each table against the keys of
 * that table. AWS may check it against all keys of the call, and then these grants are needed. They allow nothing
 * else: neither table has partitions with the prefix of the other.
 */
const NEEDED_IF_ALL_KEYS_ARE_CHECKED =
  /^dynamodb:BatchGetItem on \S*(Webhooks\S* for dynamodb:LeadingKeys WEBHOOK#\*|Deliveries\S* for dynamodb:LeadingKeys ACCOUNT#\*)$/;

const usage = recordUsage();
const usageInChaos = recordUsage();
const closers: (() => Promise<void>)[] = [];
let journey: Journey;

/** Records calls under faults. Nothing else may run at the same time: the timers of the whole process are fake. */
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
      WEBHOOK_FANOUT_PORTAL: 'true',
      WEBHOOK_FANOUT_CANARY: 'true',
    },
  });
  journey = await startJourney({
    assemblyDirectory,
    maximumEnvironments: 2,
    onDecision: usage.onDecision,
    // The test causes failures on purpose: do not print them.
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

function unusedGrantsOfAllRoles(): string[] {
  const { functions, schedules } = journey.cloud;
  const owners = [
    ...functions.map(({ settings }) => settings),
    ...schedules.map((schedule) => ({ ...schedule, logicalId: schedule.name })),
  ];
  return owners.flatMap((settings) =>
    unusedGrants(settings, settings.role.policies, [usage, usageInChaos])
      .filter(({ action }) => !USED_BY_LAMBDA_ALONE.includes(action))
      .map(describeGrant)
      .filter((grant) => !NEEDED_IF_ALL_KEYS_ARE_CHECKED.test(grant))
      .map((grant) => `${settings.logicalId}: ${grant}`),
  );
}

describe('the roles of the functions and of the schedule', () => {
  it('grant no action, resource, partition or attribute that nothing uses [API-20]', () => {
    expect(unusedGrantsOfAllRoles()).toEqual([]);
  });

  it('allow every call that a function makes', () => {
    expect([...usage.denied, ...usageInChaos.denied]).toEqual([]);
  });

  it('name every action and every resource without a wildcard', () => {
    const wildcards = journey.cloud.functions
      .flatMap(({ settings }) => grantsOf(settings.role.policies))
      .filter(({ action, resource }) => action.includes('*') || /\*/.test(resource.replace(/:\*$/, '')));

    expect(wildcards).toEqual([]);
  });
});

describe('the grants for the tables', () => {
  it('have a condition on the partitions for each action', () => {
    const unconditional = journey.cloud.functions
      .flatMap(({ settings }) => grantsOf(settings.role.policies))
      .filter(({ action, condition }) => action.startsWith('dynamodb:') && condition === undefined);

    expect(unconditional).toEqual([]);
  });
});

describe('the search for unused grants', () => {
  it.each([
    ['an action', { Action: 'sqs:PurgeQueue' }, 'sqs:PurgeQueue on'],
    ['a resource', { Resource: 'arn:aws:sqs:us-east-1:000000000000:another' }, 'sqs:SendMessage on another'],
    [
      'a partition',
      { Action: 'dynamodb:GetItem', Condition: { StringLike: { 'dynamodb:LeadingKeys': 'KEY#*' } } },
      'for dynamodb:LeadingKeys KEY#*',
    ],
  ])('finds %s that no function uses', (_, surplus, report) => {
    const dispatcher = journey.cloud.findFunction('DispatchEvent').settings;
    const queue = journey.cloud.queues.queueByUrl(journey.cloud.outputs.FirstQueueUrl ?? '');
    const statement = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue?.arn ?? '', ...surplus };
    const policies = [...dispatcher.role.policies, { Statement: [statement] }];

    const found = unusedGrants(dispatcher, policies, [usage, usageInChaos]).map(describeGrant);

    expect(found).toEqual(expect.arrayContaining([expect.stringContaining(report)]));
  });
});
