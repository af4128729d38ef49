import { describe, expect, it } from 'vitest';
import { onPartitions, synthesize } from './synthesize.ts';

describe('recover-deliveries', () => {
  it('has exactly the permissions that it needs [API-20]', () => {
    const { permissions } = synthesize();

    expect(permissions('recover-deliveries')).toEqual([
      { actions: ['dynamodb:Query'], on: ['webhooks'], when: onPartitions('ACCOUNT#*') },
      { actions: ['dynamodb:GetItem'], on: ['webhooks'], when: onPartitions('KEYRING') },
      { actions: ['dynamodb:GetItem'], on: ['deliveries'], when: onPartitions('RECOVERY#*') },
      { actions: ['dynamodb:BatchGetItem'], on: ['deliveries'], when: onPartitions('EVENT#*', 'WEBHOOK#*') },
      { actions: ['dynamodb:Query'], on: ['deliveries'], when: onPartitions('WEBHOOK#*') },
      { actions: ['dynamodb:UpdateItem'], on: ['deliveries'], when: onPartitions('RECOVERY#*', 'WEBHOOK#*') },
      { actions: ['kms:Decrypt'], on: ['key'] },
      { actions: ['sqs:SendMessage'], on: ['slow', 'recoveries'] },
      {
        actions: [
          'sqs:ReceiveMessage',
          'sqs:DeleteMessage',
          'sqs:GetQueueAttributes',
          'sqs:ChangeMessageVisibility',
        ],
        on: ['recoveries'],
      },
      { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], on: ['logs'] },
    ]);
  });

  it('receives one recovery at a time, which SQS moves to the poison queue after 1,000 receives', () => {
    const { sources, queue } = synthesize();

    expect(sources('recover-deliveries')).toMatchObject([
      {
        queue: 'recoveries',
        BatchSize: 1,
        ScalingConfig: { MaximumConcurrency: 10 },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
    ]);
    expect(queue('recoveries')).toMatchObject({ redrive: { to: 'poison', after: 1_000 } });
  });

  it('makes recoveries of the rate that the operator sets, or of 50 a second', () => {
    const rateOf = (props?: { recoveryRate: number }) =>
      synthesize(props).functionProperties('serve-api').Environment.Variables.RECOVERY_RATE;

    expect([rateOf(), rateOf({ recoveryRate: 7 })]).toEqual(['50', '7']);
  });
});
