import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadStack } from '../../local/assembly/load-stack.ts';
import type { BusScheduleSettings } from '../../local/assembly/stack.ts';
import { AwsError } from '../../local/aws-calls.ts';
import { startBusSchedules } from '../../local/bus-schedules.ts';
import { writeAssembly } from '../support/assembly.ts';

const DEPLOYMENT = {
  accountId: '000000000000',
  region: 'us-east-1',
  endpointUrl: 'http://127.0.0.1:1000',
  apiUrl: 'http://127.0.0.1:2000',
};
const MINUTE_MS = 60_000;
const BUS_ARN = 'arn:aws:events:us-east-1:000000000000:event-bus/shop';
const SCHEDULE: BusScheduleSettings = {
  logicalId: 'Canary',
  arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/canary',
  name: 'canary',
  everyMs: 5 * MINUTE_MS,
  busArn: BUS_ARN,
  source: 'own',
  detailType: 'webhook.canary',
  detail: '{"account_id":"a"}',
  maximumRetryAttempts: 2,
  role: { name: 'role', policies: [] },
};

/** A bus that answers with `failures` first: an error of AWS, or an entry that it refuses. */
function start(failures: ('error' | 'refused')[] = []) {
  const published: unknown[] = [];
  const problems: string[] = [];
  let calls = 0;
  const started = startBusSchedules({
    schedules: [SCHEDULE],
    calls: {
      async call(call) {
        calls++;
        const failure = failures.shift();
        if (failure === 'error') throw new AwsError({ code: 'AccessDeniedException', message: 'no' });
        if (failure === 'refused')
          return { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] };
        published.push(call);
        return { FailedEntryCount: 0, Entries: [{ EventId: '1' }] };
      },
    },
    clock: { now: () => Date.now() },
    onProblem: (problem) => problems.push(problem),
  });
  return { published, problems, ...started, calls: () => calls };
}

const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } };

async function read(properties: Record<string, unknown>, target: Record<string, unknown> = {}) {
  const resources = {
    Role: role,
    Canary: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        ScheduleExpression: 'rate(5 minutes)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: BUS_ARN,
          RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
          EventBridgeParameters: { Source: 'own', DetailType: 'webhook.canary' },
          Input: '{}',
          ...target,
        },
        ...properties,
      },
    },
  };
  return (await loadStack(await writeAssembly({ resources }), DEPLOYMENT)).busSchedules;
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-01-15T10:30:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a schedule', () => {
  it('publishes its event after each period, with the permissions of its role', async () => {
    const { published } = start();
    await vi.advanceTimersByTimeAsync(11 * MINUTE_MS);

    const call = {
      principal: SCHEDULE.arn,
      service: 'events',
      action: 'PutEvents',
      input: {
        Entries: [
          {
            EventBusName: BUS_ARN,
            Source: 'own',
            DetailType: 'webhook.canary',
            Detail: '{"account_id":"a"}',
          },
        ],
      },
    };
    expect(published).toEqual([call, call]);
  });

  it('tries again after an error and after a refused entry', async () => {
    const { published, problems } = start(['error', 'refused']);
    await vi.advanceTimersByTimeAsync(6 * MINUTE_MS);

    expect({ published: published.length, problems }).toEqual({ published: 1, problems: [] });
  });

  it('gives up after its last retry and reports it, and publishes the next event', async () => {
    const { published, problems, calls } = start(['error', 'error', 'refused']);
    await vi.advanceTimersByTimeAsync(11 * MINUTE_MS);

    expect(problems).toEqual([
      'schedule canary could not publish its event: Error: [{"ErrorCode":"InternalFailure"}]',
    ]);
    expect({ calls: calls(), published: published.length }).toEqual({ calls: 4, published: 1 });
  });

  it('publishes its event at once on request', async () => {
    const { published, publishNow } = start();
    await publishNow();

    expect(published).toHaveLength(1);
  });

  it('publishes nothing after it was stopped', async () => {
    const { published, stop } = start();
    stop();
    await vi.advanceTimersByTimeAsync(60 * MINUTE_MS);

    expect(published).toEqual([]);
  });
});

describe('a schedule of the template', () => {
  it.each([
    ['rate(1 minute)', MINUTE_MS],
    ['rate(2 hours)', 120 * MINUTE_MS],
    ['rate(1 day)', 24 * 60 * MINUTE_MS],
  ])('%s is read', async (ScheduleExpression, everyMs) => {
    expect(await read({ ScheduleExpression })).toMatchObject([
      { everyMs, busArn: BUS_ARN, source: 'own', detailType: 'webhook.canary', maximumRetryAttempts: 185 },
    ]);
  });

  it('is ignored while it is disabled', async () => {
    expect(await read({ State: 'DISABLED' })).toEqual([]);
  });

  it.each([
    [
      'a cron expression',
      { ScheduleExpression: 'cron(0 12 * * ? *)' },
      {},
      /supports rate\(<n> minutes\), hours/,
    ],
    ['a flexible time window', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }, {}, /FlexibleTimeWindow/],
    ['another target', {}, { Arn: 'arn:aws:sqs:us-east-1:000000000000:q' }, /publishes to event buses only/],
    ['a role of another stack', {}, { RoleArn: 'arn:aws:iam::1:role/x' }, /its role is not in the template/],
  ])('is refused with %s', async (_, properties, target, message) => {
    await expect(read(properties, target)).rejects.toThrow(message);
  });
});
