import { describe, expect, it } from 'vitest';
import { DEFECT_SECRET, defect, outage } from '../support/new-cloud.ts';
import { givenRecovery } from './builders.ts';

const FAILED_STEP = {
  level: 'warn',
  message: 'a step of a recovery failed and is made again',
  message_id: expect.any(String),
};

describe('the log line of a step that fails', () => {
  it('has the ids of the recovery, its webhook and its account', async () => {
    const { cloud, job } = await givenRecovery(1);
    cloud.intercept(outage('SendMessageBatch'));

    await cloud.runRecovery();

    expect(cloud.logged).toEqual([
      {
        ...FAILED_STEP,
        recovery_id: job.id,
        webhook_id: job.webhookId,
        account_id: job.accountId,
        receive_count: 1,
        why: 'Error: a recovered delivery was not enqueued: ServiceUnavailable: simulated outage',
        stack: expect.any(Array),
      },
    ]);
  });

  it('has no webhook when the recovery cannot be read', async () => {
    const { cloud, job } = await givenRecovery(1);
    cloud.intercept(outage('GetItem'));

    await cloud.runRecovery();

    expect(cloud.logged).toEqual([
      {
        ...FAILED_STEP,
        recovery_id: job.id,
        account_id: job.accountId,
        receive_count: 1,
        why: 'ServiceUnavailable: simulated outage',
      },
    ]);
  });

  it('has no ids when the message names no recovery', async () => {
    const { cloud } = await givenRecovery(1);
    await cloud.runRecovery();
    cloud.logged.length = 0;
    cloud.putText('recoveries', JSON.stringify({ v: 1, account_id: DEFECT_SECRET, recovery_id: 7 }));

    await cloud.runRecovery();

    expect(cloud.logged).toEqual([
      {
        ...FAILED_STEP,
        receive_count: 1,
        why: 'Error: the message names no account and recovery',
        stack: expect.arrayContaining([
          expect.stringMatching(/^lambdas\/shared\/domain\/recovery-message\.ts:/),
        ]),
      },
    ]);
  });

  it('says where an error of our own was thrown, without its message', async () => {
    const { cloud, job } = await givenRecovery(1);
    cloud.intercept(defect('BatchGetItem'));

    await cloud.runRecovery();

    expect(cloud.logged).toMatchObject([{ ...FAILED_STEP, recovery_id: job.id, why: 'TypeError' }]);
    expect(cloud.logged[0]?.stack).toContainEqual(
      expect.stringMatching(/^lambdas\/shared\/store\/read-events\.ts:\d+:\d+$/),
    );
    expect(JSON.stringify(cloud.logged)).not.toContain(DEFECT_SECRET);
  });
});

it('the log line of a recovery that cannot be stopped has its ids, and where an error of our own was thrown', async () => {
  const { cloud, job } = await givenRecovery(1);
  cloud.intercept(defect('UpdateItem'));

  await cloud.runRecovery({ receiveCount: 900 });

  expect(cloud.logged).toMatchObject([
    FAILED_STEP,
    {
      level: 'error',
      message: 'a recovery could not be stopped',
      recovery_id: job.id,
      webhook_id: job.webhookId,
      account_id: job.accountId,
      why: 'TypeError',
    },
  ]);
  expect(cloud.logged[1]?.stack).toContainEqual(
    expect.stringMatching(/^lambdas\/shared\/store\/recoveries\.ts:/),
  );
  expect(JSON.stringify(cloud.logged)).not.toContain(DEFECT_SECRET);
});
