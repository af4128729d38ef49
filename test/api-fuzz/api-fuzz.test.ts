import { beforeAll, describe, expect, it } from 'vitest';
import { type FuzzReport, fuzzApi } from './fuzz.ts';

/** About 10 s on one core; `npm run api-fuzz` sends more. */
const REQUESTS = 6_000;

let report: FuzzReport;
beforeAll(async () => {
  report = await fuzzApi({ requests: REQUESTS });
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
      'listEventTypes 200',
      'getOpenApi 200',
      'listWebhooks 200 by an encoded path',
      'updateWebhook 200 by an encoded path',
    ];
    const refused = [
      'createWebhook 400',
      'getWebhook 401',
      'getWebhook 404',
      'other 404',
      'other 405',
      'testWebhook 409',
      'verifyWebhook 409',
      'updateWebhook 415',
      'createWebhook 415',
    ];

    const answers = [...report.answers.keys()];
    expect(answers).toEqual(expect.arrayContaining([...succeeded, ...refused]));
    expect(answers).toContainEqual(expect.stringMatching(/ 413$/));
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
