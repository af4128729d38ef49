import { beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../lambdas/serve-api/routes.ts';
import { type FuzzReport, fuzzApi } from './fuzz.ts';

/** With fewer, some of the answers below are not reached. `npm run api-fuzz` sends more. */
const REQUESTS = 250 * ROUTES.length;
/** The same requests in every run, so that each of the answers below is reached. `npm run api-fuzz` uses other seeds. */
const SEED = 1;

let report: FuzzReport;
beforeAll(async () => {
  report = await fuzzApi({ requests: REQUESTS, seed: SEED });
});

describe('thousands of malformed and hostile requests', () => {
  it('are answered as the document describes, without secrets or internals [API-6, API-18]', () => {
    expect(report.failure).toBeUndefined();
  });

  it('reach success in every call, and every kind of refusal', () => {
    const succeeded = [
      'createWebhook 201',
      'listWebhooks 200',
      'getWebhook 200',
      'updateWebhook 200',
      'deleteWebhook 204',
      'verifyWebhook 202',
      'testWebhook 202',
      'listDeliveries 200',
      'getDelivery 200',
      'getEvent 200',
      'testWebhookByPath 202',
      'createListener 201',
      'pollListener 200',
      'deleteListener 204',
      'getWebhook 304',
      'other 204',
      'listEventTypes 200',
      'getOpenApi 200',
      'listWebhooks 200 by an encoded path',
      'updateWebhook 200 by an encoded path',
    ];
    const refused = [
      'createWebhook 400',
      'getWebhook 401',
      'getWebhook 404',
      'listDeliveries 400',
      'listDeliveries 404',
      'getDelivery 404',
      'getEvent 404',
      'pollListener 404',
      'other 404',
      'other 405',
      'testWebhook 409',
      'verifyWebhook 409',
      'createWebhook 409',
      'updateWebhook 412',
      'deleteWebhook 412',
      'updateWebhook 415',
      'createWebhook 415',
    ];

    const outcomes = [...report.answers.keys()];
    expect(outcomes).toEqual(expect.arrayContaining([...succeeded, ...refused]));
    // Too rare to expect it of one call.
    expect(outcomes.some((outcome) => outcome.endsWith(' 413'))).toBe(true);
  });

  it('neither read nor change webhooks of another account [API-6]', () => {
    expect(report).toMatchObject({ isVictimUnchanged: true, withVictimId: [] });
  });

  it('leave no unreadable item in the table', () => {
    expect(report.unreadableItems).toEqual([]);
  });

  it('cause no failure on our side and no log line with a key or secret', () => {
    expect(report).toMatchObject({ failuresLogged: [], secretsLogged: [] });
  });

  it('add nothing to the prototypes of JavaScript [API-18]', () => {
    expect(report.addedBuiltIns).toEqual([]);
  });
});
