import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { auditChange } from '../../lambdas/serve-api/audit-change.ts';
import type { CallDeps } from '../../lambdas/serve-api/call.ts';
import { answerOnce } from '../../lambdas/serve-api/idempotency.ts';
import { answerErrors } from '../../lambdas/serve-api/middlewares/answer-errors.ts';
import { renewSealed } from '../../lambdas/serve-api/webhooks/renew-sealed.ts';
import { accountId, NOW, webhook } from '../support/builders.ts';
import { DEFECT_SECRET } from '../support/new-cloud.ts';
import { noFaults } from './support/faulty-services.ts';
import { type Api, startApi } from './support/start-api.ts';
import { givenWebhook } from './support/webhook-states.ts';

const defect = async (): Promise<never> => {
  throw new TypeError(DEFECT_SECRET);
};

function recordLines() {
  const lines: Record<string, unknown>[] = [];
  const write = (text: string, fields = {}): void => void lines.push({ text, ...fields });
  return { lines, log: { info: write, warn: write, error: write } };
}

/** The fields of a `TypeError` that a test in this file throws. */
const OWN_ERROR = {
  why: 'TypeError',
  stack: expect.arrayContaining([expect.stringContaining('logged-errors.test.ts')]),
};

describe('the log line of a call that failed', () => {
  const failed = (event: object) => {
    const { lines, log } = recordLines();
    const { onError } = answerErrors(log);
    const request = { error: new TypeError(DEFECT_SECRET), event };
    onError?.(request as unknown as Parameters<NonNullable<typeof onError>>[0]);
    return lines;
  };
  const event = { route: { call: 'getDelivery' }, requestContext: { requestId: 'request-1' } };
  const LINE = {
    text: 'a call failed on our side',
    call: 'getDelivery',
    request_id: 'request-1',
    ...OWN_ERROR,
  };

  it('has the account, the ids of the path, and where an error of our own was thrown, without its message', () => {
    const routeParameters = { webhook_id: 'wh_1', delivery_id: 'dlv_1' };

    expect(failed({ ...event, caller: { accountId: accountId() }, routeParameters })).toEqual([
      { ...LINE, account_id: 'acct_1', webhook_id: 'wh_1', delivery_id: 'dlv_1' },
    ]);
  });

  it('has no account before the caller is authenticated, and no value of the path that is not an id', () => {
    expect(failed({ ...event, routeParameters: { webhook_id: DEFECT_SECRET, other: 'wh_1' } })).toEqual([
      LINE,
    ]);
  });
});

describe('the log line of a call', () => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi();
  });
  afterEach(() => void Object.assign(api.faults, noFaults()));
  afterAll(() => api.close());

  it('whose read fails has the ids of its account and its path', async () => {
    const { caller, id } = await givenWebhook(api, 'active');
    api.faults.before = { command: 'QueryCommand', run: defect };

    const answer = await caller.call('GET', `/v1/webhooks/${id}/deliveries`);

    expect(answer.status).toBe(500);
    expect(JSON.parse(api.logLines.at(-1) ?? '')).toMatchObject({
      text: 'a call failed on our side',
      fields: { call: 'listDeliveries', account_id: caller.account, webhook_id: id, ...OWN_ERROR },
    });
    expect(api.logLines.join()).not.toContain(DEFECT_SECRET);
  });

  it('whose delivery is not enqueued has the ids of the delivery and the reason', async () => {
    const { caller, id } = await givenWebhook(api, 'active');
    api.faults.sqs = true;

    const answer = await caller.call('POST', `/v1/webhooks/${id}/test`, {
      json: { event_type: 'file.uploaded' },
    });

    expect(answer.status).toBe(503);
    expect(JSON.parse(api.logLines.at(-1) ?? '')).toEqual({
      text: 'a delivery was not enqueued',
      fields: {
        event_id: expect.any(String),
        delivery_id: expect.stringMatching(/^dlv_/),
        webhook_id: id,
        account_id: caller.account,
        why: 'ServiceUnavailable: the service is down',
      },
    });
  });

  it('whose recovery is not enqueued has its id, the account and the reason', async () => {
    const { caller, id } = await givenWebhook(api, 'active');
    api.faults.sqs = true;

    const answer = await caller.call('POST', `/v1/webhooks/${id}/recover`, {
      json: { since: new Date(NOW - 60_000).toISOString() },
    });

    expect(answer.status).toBe(503);
    expect(JSON.parse(api.logLines.at(-1) ?? '')).toEqual({
      text: 'a recovery was not enqueued',
      fields: {
        recovery_id: expect.stringMatching(/^rcv_/),
        account_id: caller.account,
        why: 'ServiceUnavailable: the service is down',
      },
    });
  });
});

describe('the log line of a call that succeeds has its ids, and where an error of our own was thrown', () => {
  const request = {
    call: 'updateWebhook' as const,
    accountId: accountId(),
    caller: {
      kind: 'api_key' as const,
      id: 'key-1',
      accountId: accountId(),
      name: 'test',
      right: 'write' as const,
    },
    headers: { 'idempotency-key': 'key' },
    path: { webhook_id: 'wh_1' },
    input: {},
  };
  const IDS = { call: 'updateWebhook', account_id: 'acct_1', webhook_id: 'wh_1' };
  const clock = { now: () => NOW };

  it('when the end of a request with an Idempotency-Key is not recorded', async () => {
    const { lines, log } = recordLines();
    const begun = { kind: 'begun', isFirst: true, run: { startedAt: NOW, seed: 'seed' } };
    const idempotency = { begin: async () => begun, keep: defect } as unknown as CallDeps['idempotency'];

    const answer = await answerOnce(true, request, { idempotency, clock, log }, async () => ({
      status: 201,
    }));

    expect(answer).toEqual({ status: 201 });
    expect(lines).toEqual([
      { text: 'the end of a request with an Idempotency-Key was not recorded', ...IDS, ...OWN_ERROR },
    ]);
  });

  it('when the end of a change is not recorded in the audit log', async () => {
    const { lines, log } = recordLines();
    const webhooks = { update: async () => 'not_found' };
    const audit = { record: async () => ({}), end: defect };
    const deps = { clock, log, audit, webhooks, events: {}, listeners: {}, recoveries: {}, sessions: {} };

    await auditChange(
      { ...request, requestId: 'request-1' },
      deps as unknown as CallDeps,
      async (audited) => {
        await audited.webhooks.update(accountId(), webhook().id, { set: {}, remove: [] });
        return { status: 200 };
      },
    );

    expect(lines).toEqual([
      {
        text: 'the end of a change was not recorded in the audit log',
        ...IDS,
        request_id: 'request-1',
        outcome: 'done',
        ...OWN_ERROR,
      },
    ]);
  });

  it('when the secrets of a webhook are not renewed', async () => {
    const { lines, log } = recordLines();
    const keyring = { currentDataKey: defect } as unknown as CallDeps['keyring'];
    const secrets = [{ dataKey: 1, sealed: 'AAAA', createdAt: '' }];

    const renewed = await renewSealed(webhook({ secrets }), { set: {}, remove: [] }, { keyring, log }, NOW);

    expect(renewed).toEqual({});
    expect(lines).toEqual([
      {
        text: 'the secrets of a webhook were not renewed',
        account_id: 'acct_1',
        webhook_id: 'wh_1',
        ...OWN_ERROR,
      },
    ]);
  });
});
