import { Duration } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { SENDER_WEBHOOK_ATTRIBUTES } from '../../lambdas/shared/store/iam-attributes.ts';
import { MAX_RETRIES } from '../../lib/shared/check-retry-delays.ts';
import { type FunctionName, onPartitions, type Properties, synthesize } from './synthesize.ts';

const LANES: readonly FunctionName[] = ['first', 'retry', 'slow'];

function expectedPermissions(
  of: { sources: string[]; followUps: string[]; firstAttempts: boolean },
  source: string,
) {
  return [
    {
      actions: [
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ChangeMessageVisibility',
      ],
      on: of.sources,
    },
    { actions: ['sqs:SendMessage'], on: ['exhausted', 'unreadable', 'slow', ...of.followUps] },
    {
      actions: ['dynamodb:BatchGetItem'],
      on: ['webhooks', 'deliveries'],
      when: onPartitions('ACCOUNT#*', 'WEBHOOK#*'),
    },
    {
      actions: ['dynamodb:GetItem'],
      on: ['webhooks'],
      when: onPartitions('KEYRING'),
    },
    {
      actions: ['dynamodb:UpdateItem'],
      on: ['webhooks'],
      when: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ACCOUNT#*'] },
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': [...SENDER_WEBHOOK_ATTRIBUTES] },
        Null: { 'dynamodb:LeadingKeys': 'false', 'dynamodb:Attributes': 'false' },
      },
    },
    {
      actions: ['dynamodb:UpdateItem', ...(of.firstAttempts ? ['dynamodb:BatchWriteItem'] : [])],
      on: ['deliveries'],
      when: onPartitions('WEBHOOK#*'),
    },
    { actions: ['dynamodb:PutItem'], on: ['deliveries'], when: onPartitions('AUDIT#*') },
    { actions: ['kms:Decrypt'], on: ['key'] },
    {
      actions: ['events:PutEvents'],
      on: ['bus'],
      when: {
        'ForAllValues:StringEquals': { 'events:source': [source] },
        Null: { 'events:source': 'false' },
      },
    },
    { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], on: ['logs'] },
  ];
}

describe('send-delivery', () => {
  it('has exactly the permissions that its lane needs [API-20]', () => {
    const { permissions, fanout } = synthesize();

    const retries = ['retry 1', 'retry 2', 'retry 3'];
    const source = fanout.systemEventSource;
    expect(permissions('first')).toEqual(
      expectedPermissions(
        { sources: ['first'], followUps: ['retry 1', 'later'], firstAttempts: true },
        source,
      ),
    );
    expect(permissions('retry')).toEqual(
      expectedPermissions(
        { sources: [...retries, 'later'], followUps: [...retries, 'later'], firstAttempts: false },
        source,
      ),
    );
    expect(permissions('slow')).toEqual(
      expectedPermissions(
        { sources: ['slow'], followUps: [...retries, 'later'], firstAttempts: true },
        source,
      ),
    );
  });

  it('may send to the later queue only where a retry can wait there', () => {
    const mayPostpone = (props: Parameters<typeof synthesize>[0]) => {
      const { permissions } = synthesize(props);
      return LANES.filter((lane) =>
        permissions(lane).some(
          ({ actions, on }) => actions.includes('sqs:SendMessage') && on.includes('later'),
        ),
      );
    };
    const never = { maxRetryAfter: Duration.seconds(0) };

    expect(mayPostpone(never)).toEqual(['retry']);
    expect(mayPostpone({ ...never, retryDelays: [Duration.seconds(1), Duration.hours(1)] })).toEqual([
      'retry',
      'slow',
    ]);
    expect(mayPostpone({ ...never, retryDelays: [Duration.hours(1)] })).toEqual(['first', 'retry', 'slow']);
    expect(mayPostpone({ maxRetryAfter: Duration.seconds(1) })).toEqual(['first', 'retry', 'slow']);
  });

  it('receives the cap of Retry-After in seconds, which is at most a day', () => {
    const cap = (props: Parameters<typeof synthesize>[0]) =>
      LANES.map(
        (lane) => synthesize(props).functionProperties(lane).Environment.Variables.MAX_RETRY_AFTER_SECONDS,
      );

    expect(cap({})).toEqual(['900', '900', '900']);
    expect(cap({ maxRetryAfter: Duration.hours(24) })).toEqual(['86400', '86400', '86400']);
    for (const maxRetryAfter of [Duration.seconds(86_401), Duration.millis(1_500), 900 as never]) {
      expect(() => synthesize({ maxRetryAfter })).toThrow(
        /maxRetryAfter is .*; expected: a Duration of whole seconds from 0 to 86400/,
      );
    }
  });

  it('returns only the messages that it could not handle', () => {
    const { sources } = synthesize();

    for (const mapping of LANES.flatMap(sources)) {
      expect(mapping.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
    }
  });

  it('receives batches of ten without waiting, and waits for large batches on the slow lane', () => {
    const { sources } = synthesize();

    const shape = ({ queue, BatchSize, MaximumBatchingWindowInSeconds = 0 }: Properties) => [
      queue,
      BatchSize,
      MaximumBatchingWindowInSeconds,
    ];
    expect(LANES.flatMap(sources).map(shape)).toEqual([
      ['first', 10, 0],
      ['retry 1', 10, 0],
      ['retry 2', 10, 0],
      ['retry 3', 10, 0],
      ['later', 10, 0],
      ['slow', 100, 1],
    ]);
  });

  it("uses less than an account's thousand concurrent invocations, also with the longest schedule [FAULT-30]", () => {
    const { resources } = synthesize({
      retryDelays: Array.from({ length: MAX_RETRIES }, () => Duration.seconds(1)),
    });

    const limits = resources('AWS::Lambda::EventSourceMapping').map(
      (mapping) => mapping.ScalingConfig.MaximumConcurrency,
    );
    expect(limits).toHaveLength(6 + 1 + 4);
    expect(limits.reduce((sum, limit) => sum + limit, 0)).toBeLessThan(1_000);
  });

  it('is not stopped by loop detection when it sends to its own queues [FAULT-29]', () => {
    const { functionProperties } = synthesize();

    expect(LANES.map((lane) => functionProperties(lane).RecursiveLoop)).toEqual(['Allow', 'Allow', 'Allow']);
    expect(functionProperties('dispatch-event').RecursiveLoop).toBeUndefined();
  });

  it('has the same code on every lane, and more memory on the slow lane', () => {
    const { functionProperties } = synthesize();

    const [first, retry, slow] = LANES.map(functionProperties);
    expect([retry?.Code, slow?.Code]).toEqual([first?.Code, first?.Code]);
    expect([first?.MemorySize, retry?.MemorySize, slow?.MemorySize]).toEqual([256, 256, 512]);
  });

  it('receives the URLs of its queues, and those of the retry queues in the order of the schedule', () => {
    const { functionProperties, stack, fanout } = synthesize({
      retryDelays: [Duration.seconds(2), Duration.minutes(1)],
    });

    const { LANE_QUEUE_URLS, RETRY_QUEUE_URLS, RETRY_DELAYS_SECONDS } =
      functionProperties('retry').Environment.Variables;
    const [one, two] = fanout.lanes.retries;
    expect(RETRY_DELAYS_SECONDS).toBe('[2,60]');
    expect(RETRY_QUEUE_URLS).toEqual(stack.resolve(`["${one?.queueUrl}","${two?.queueUrl}"]`));
    expect(LANE_QUEUE_URLS).toEqual(
      stack.resolve(`["${one?.queueUrl}","${two?.queueUrl}","${fanout.lanes.later.queueUrl}"]`),
    );
  });

  it('has less than 4 KB of environment variables with the longest schedule', () => {
    const { functionProperties } = synthesize({
      retryDelays: Array.from({ length: MAX_RETRIES }, () => Duration.seconds(900)),
    });

    const bytes = LANES.map((lane) => sizeOf(functionProperties(lane).Environment.Variables));
    for (const size of bytes) expect(size).toBeLessThan(4_096);
  });

  it('receives the statuses that mean success, and whether private endpoints are allowed, from the props', () => {
    const defaults = synthesize().functionProperties('first').Environment.Variables;
    const relaxed = synthesize({ successStatus: '2xx', allowPrivateEndpoints: true }).functionProperties(
      'first',
    ).Environment.Variables;

    expect(defaults).toMatchObject({ SUCCESS_STATUS: '200', ALLOW_PRIVATE_ENDPOINTS: 'false' });
    expect(relaxed).toMatchObject({ SUCCESS_STATUS: '2xx', ALLOW_PRIVATE_ENDPOINTS: 'true' });
  });
});

/** The size with the longest possible names: 80 characters for a queue, 100 for a table or bus, and a long region. */
function sizeOf(variables: Properties): number {
  const resolved = JSON.stringify(variables)
    .replaceAll(/\{"Ref":"AWS::[A-Za-z]+"\}/g, 'ap-southeast-99')
    .replaceAll(
      /\{"Fn::GetAtt":\["[^"]+","Arn"\]\}/g,
      'arn:aws:sqs:ap-southeast-99:123456789012:'.padEnd(41 + 80, 'n'),
    )
    .replaceAll(
      /\{"Ref":"[^"]*Lanes[^"]*"\}/g,
      'https://sqs.ap-southeast-99.amazonaws.com/123456789012/'.padEnd(135, 'n'),
    )
    .replaceAll(/\{"Ref":"[^"]+"\}/g, 'n'.repeat(100))
    .replaceAll(/\{"Fn::Select":.*?\]\}\]\}\]\}\]\}/g, 'n'.repeat(60));
  expect(resolved).not.toContain('Fn::Select');
  return resolved.replaceAll('\\"', '"').length;
}
