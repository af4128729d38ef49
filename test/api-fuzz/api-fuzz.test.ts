import { beforeAll, describe, expect, it } from 'vitest';
import { type FuzzReport, fuzzApi } from './fuzz.ts';

/** About 6 s on one core; `node bench/api-fuzz.ts` goes on for as long as one likes. */
const REQUESTS = 6_000;

let report: FuzzReport;
beforeAll(async () => {
  report = await fuzzApi({ requests: REQUESTS });
});

describe('thousands of malformed and hostile requests', () => {
  it('never get an answer that the document does not describe, or one that says too much', () => {
    expect(report.failure).toBeUndefined();
  });

  it('reach every call, and every refusal that a caller can cause', () => {
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
    ];
    const refused = [
      'createWebhook 400',
      'getWebhook 401',
      'getWebhook 404',
      'other 404',
      'other 405',
      'testWebhook 409',
      'verifyWebhook 409',
      'createWebhook 413',
      'updateWebhook 415',
    ];

    expect([...report.answers.keys()]).toEqual(expect.arrayContaining([...succeeded, ...refused]));
  });

  it('neither see nor touch the webhooks of another account', () => {
    expect(report).toMatchObject({ isVictimUntouched: true, aboutVictim: [] });
  });

  it('leave nothing half-written', () => {
    expect(report.strayItems).toEqual([]);
  });

  it('are no failures of ours, and put no key or secret into the log', () => {
    expect(report).toMatchObject({ failuresLogged: [], secretsLogged: [] });
  });

  it('change nothing that all objects inherit', () => {
    expect(report.pollutions).toEqual([]);
  });
});
