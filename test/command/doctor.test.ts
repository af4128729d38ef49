import { describe, expect, it } from 'vitest';
import { judge as judgeAlarms } from '../../command/doctor/alarms.ts';
import { judge as judgeApiRequests } from '../../command/doctor/api-requests.ts';
import { type Check, ok, runChecks } from '../../command/doctor/check.ts';
import { judge as judgeConcurrency } from '../../command/doctor/concurrency.ts';
import { createTestTimer } from '../support/test-timer.ts';

const io = { answer: () => undefined, warn: () => undefined, progress: () => undefined };
const deployment = {
  stack: undefined,
  io,
  clock: createTestTimer(),
  test: undefined,
  target: { kind: 'local' as const, outputs: {}, clientSettings: {} },
};
const mapping = (MaximumConcurrency: number, State = 'Enabled') => ({
  ScalingConfig: { MaximumConcurrency },
  State,
  EventSourceArn: 'arn:aws:sqs:eu-west-1:1:slow',
});

describe('a check', () => {
  it('that needs AWS is not available on the local cloud, and is no problem', async () => {
    const needsAws: Check = { name: 'quota', needsAws: true, run: async () => ok('never') };

    expect(await runChecks([needsAws], deployment)).toEqual([
      { name: 'quota', status: 'not_checked', detail: 'not available on the local cloud' },
    ]);
  });

  it('that may not read the data that it needs reports this, and the other checks are made', async () => {
    const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    const checks: Check[] = [
      { name: 'one', needsAws: false, run: () => Promise.reject(denied) },
      { name: 'other', needsAws: false, run: async () => ok('fine') },
    ];

    expect(await runChecks(checks, deployment)).toEqual([
      { name: 'one', status: 'not_checked', detail: 'no; use credentials with this permission' },
      { name: 'other', status: 'ok', detail: 'fine' },
    ]);
  });
});

describe('the check of the concurrency', () => {
  it.each([
    ['below the quota', [mapping(600), mapping(250)], 1_000, 'ok'],
    ['that reaches the quota', [mapping(600), mapping(400)], 1_000, 'problem'],
    [
      'of provisioned pollers',
      [{ ProvisionedPollerConfig: { MaximumPollers: 100 }, State: 'Enabled' }],
      1_000,
      'problem',
    ],
    ['of a new account', [mapping(2)], 10, 'ok'],
  ] as const)('judges a sum %s', (_, mappings, quota, status) => {
    expect(judgeConcurrency(mappings, quota)).toMatchObject({ status });
  });

  it('names the queue whose event source is disabled', () => {
    const finding = judgeConcurrency([mapping(2), mapping(2, 'Disabled')], 1_000);

    expect(finding).toMatchObject({ status: 'problem', detail: expect.stringMatching(/disabled.* slow$/) });
  });
});

describe('the check of API requests', () => {
  const quota = { perSecond: 2_500, burst: 1_250 };

  it.each([
    ['below the quota', { perSecond: 1_000, burst: 1_000 }, 'ok'],
    ['of the whole quota', quota, 'ok'],
    ['with a rate above the quota', { perSecond: 2_501, burst: 1_000 }, 'problem'],
    ['with a burst above the quota', { perSecond: 1_000, burst: 1_251 }, 'problem'],
  ])('judges limits %s', (_, allowed, status) => {
    expect(judgeApiRequests(allowed, quota)).toMatchObject({ status });
  });
});

describe('the check of the alarms', () => {
  it.each([
    ['no alarms', [], { status: 'not_checked' }],
    ['quiet alarms', [{ StateValue: 'OK' }, { StateValue: 'INSUFFICIENT_DATA' }], { status: 'ok' }],
    [
      'an alarm that fires',
      [{ StateValue: 'OK' }, { AlarmName: 'Poison', StateValue: 'ALARM', StateReason: '1 >= 1' }],
      { status: 'problem', detail: '1 of 2 alarms are in the state ALARM: Poison (1 >= 1)' },
    ],
  ] as const)('judges %s', (_, alarms, expected) => {
    expect(judgeAlarms(alarms)).toMatchObject(expected);
  });
});
