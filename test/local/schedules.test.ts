import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadStack } from '../../local/assembly/load-stack.ts';
import type { ScheduleSettings } from '../../local/assembly/stack.ts';
import { startSchedules } from '../../local/schedules.ts';
import { queue, writeAssembly } from '../support/assembly.ts';

const DEPLOYMENT = {
  accountId: '000000000000',
  region: 'us-east-1',
  endpointUrl: 'http://127.0.0.1:1000',
  apiUrl: 'http://127.0.0.1:2000',
};
const MINUTE_MS = 60_000;
const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:canary';
const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:events';
const SCHEDULE: ScheduleSettings = {
  name: 'canary',
  arn: 'arn:aws:events:us-east-1:000000000000:rule/canary',
  busName: 'default',
  everyMs: 5 * MINUTE_MS,
  targets: [{ arn: FUNCTION_ARN }],
};

function start(schedule: ScheduleSettings, { allowed = true } = {}) {
  const invoked: { arn: string; event: unknown }[] = [];
  const sent: string[] = [];
  const problems: string[] = [];
  const outcomes: string[] = [];
  const stop = startSchedules({
    stack: { schedules: [schedule] },
    lambda: {
      mayInvoke: () => allowed,
      invoke: async (arn, event) => {
        invoked.push({ arn, event });
        return { kind: 'returned', payload: 'null', requestId: '1', durationMs: 1 };
      },
    },
    sendToQueue: async (_, queueArn, text) => {
      sent.push(`${queueArn} ${text}`);
      return undefined;
    },
    events: { matched: () => undefined, invoked: (_, outcome) => outcomes.push(outcome) },
    clock: { now: () => Date.now() },
    accountId: DEPLOYMENT.accountId,
    region: DEPLOYMENT.region,
    onProblem: (problem) => problems.push(problem),
  });
  return { invoked, sent, problems, outcomes, stop };
}

async function read(properties: Record<string, unknown>) {
  const resources = {
    Jobs: queue(),
    Tick: { Type: 'AWS::Events::Rule', Properties: { Targets: [], ...properties } },
  };
  return loadStack(await writeAssembly({ resources }), DEPLOYMENT);
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-01-15T10:30:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a scheduled rule', () => {
  it('invokes its function after each period, with an event of the form of EventBridge', async () => {
    const { invoked, outcomes } = start(SCHEDULE);
    await vi.advanceTimersByTimeAsync(11 * MINUTE_MS);

    expect(invoked.map(({ arn }) => arn)).toEqual([FUNCTION_ARN, FUNCTION_ARN]);
    expect(invoked[0]?.event).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      time: '2026-01-15T10:35:00Z',
      resources: [SCHEDULE.arn],
    });
    expect(outcomes).toEqual(['sent', 'sent']);
  });

  it('sends the input of its target to a queue instead of the event', async () => {
    const { sent } = start({ ...SCHEDULE, targets: [{ arn: QUEUE_ARN, input: '{"n":1}' }] });
    await vi.advanceTimersByTimeAsync(5 * MINUTE_MS);

    expect(sent).toEqual([`${QUEUE_ARN} {"n":1}`]);
  });

  it('does not invoke a function whose permissions do not allow it, and reports it', async () => {
    const { invoked, problems, outcomes } = start(SCHEDULE, { allowed: false });
    await vi.advanceTimersByTimeAsync(5 * MINUTE_MS);

    expect(invoked).toEqual([]);
    expect(outcomes).toEqual(['lost']);
    expect(problems).toEqual([expect.stringContaining('rule canary could not invoke')]);
  });

  it('does nothing after it was stopped', async () => {
    const { invoked, stop } = start(SCHEDULE);
    stop();
    await vi.advanceTimersByTimeAsync(60 * MINUTE_MS);

    expect(invoked).toEqual([]);
  });
});

describe('a rule of the template with a schedule', () => {
  it.each([
    ['rate(1 minute)', MINUTE_MS],
    ['rate(2 hours)', 120 * MINUTE_MS],
    ['rate(1 day)', 24 * 60 * MINUTE_MS],
  ])('%s is read', async (ScheduleExpression, everyMs) => {
    const { schedules, rules } = await read({ ScheduleExpression });

    expect(schedules).toMatchObject([{ everyMs }]);
    expect(rules).toEqual([]);
  });

  it('is ignored while it is disabled', async () => {
    const { schedules } = await read({ ScheduleExpression: 'rate(1 minute)', State: 'DISABLED' });

    expect(schedules).toEqual([]);
  });

  it('is refused with a cron expression', async () => {
    await expect(read({ ScheduleExpression: 'cron(0 12 * * ? *)' })).rejects.toThrow(
      'supports rate(<n> minutes), hours and days only; got cron(0 12 * * ? *)',
    );
  });
});
