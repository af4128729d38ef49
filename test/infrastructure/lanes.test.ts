import { Duration } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { synthesize } from './synthesize.ts';

const SEVEN_DAYS = 7 * 24 * 60 * 60;
const FOURTEEN_DAYS = 14 * 24 * 60 * 60;
const LANE_QUEUES = ['first', 'retry 1', 'retry 2', 'retry 3', 'slow'];

describe('lanes', () => {
  it('move a message to the poison queue after 200 receives', () => {
    const { queue } = synthesize();

    for (const name of LANE_QUEUES) {
      expect(queue(name)).toMatchObject({
        MessageRetentionPeriod: SEVEN_DAYS,
        redrive: { to: 'poison', after: 200 },
      });
    }
  });

  it('keep a received message invisible for two timeouts of its function', () => {
    const { queue, functionProperties } = synthesize();

    expect(functionProperties('first').Timeout).toBe(60);
    expect(LANE_QUEUES.map((name) => queue(name).VisibilityTimeout)).toEqual(LANE_QUEUES.map(() => 120));
  });

  it('delay each retry by the schedule', () => {
    const defaults = synthesize();
    const changed = synthesize({ retryDelays: [Duration.seconds(0), Duration.minutes(15)] });

    expect(LANE_QUEUES.map((name) => defaults.queue(name).DelaySeconds)).toEqual([
      undefined,
      1,
      5,
      30,
      undefined,
    ]);
    expect(changed.fanout.lanes.retries).toHaveLength(2);
    expect(['retry 1', 'retry 2'].map((name) => changed.queue(name).DelaySeconds)).toEqual([0, 900]);
  });

  it('keep messages that wait for an operator for fourteen days', () => {
    const { queue } = synthesize();

    for (const name of ['exhausted', 'poison', 'unreadable', 'undispatched']) {
      expect(queue(name).MessageRetentionPeriod).toBe(FOURTEEN_DAYS);
      expect(queue(name).redrive).toBeUndefined();
    }
  });

  it("make exhausted, poison and undispatched dead-letter queues, which SQS's redrive requires", () => {
    const { resources, names } = synthesize();

    const targets = resources('AWS::SQS::Queue').map(({ RedrivePolicy }) =>
      names.get(JSON.stringify(RedrivePolicy?.deadLetterTargetArn)),
    );
    expect(targets).toEqual(expect.arrayContaining(['exhausted', 'poison', 'undispatched']));
  });

  it('encrypt their messages and deny requests without TLS', () => {
    const { resources, template } = synthesize();

    const queues = Object.keys(template.findResources('AWS::SQS::Queue'));
    expect(resources('AWS::SQS::Queue').every((queue) => queue.SqsManagedSseEnabled === true)).toBe(true);
    const denied = resources('AWS::SQS::QueuePolicy').flatMap((policy) =>
      policy.PolicyDocument.Statement.filter(
        ({ Effect, Condition }: Record<string, { Bool?: Record<string, string> } | string>) =>
          Effect === 'Deny' &&
          typeof Condition === 'object' &&
          Condition.Bool?.['aws:SecureTransport'] === 'false',
      ).map(() => policy.Queues[0].Ref),
    );
    expect(denied.toSorted()).toEqual(queues.toSorted());
  });
});
