import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi } from './support/start-api.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('a failure on our side', () => {
  it('is a 503 without the cause, which is logged and counted', async () => {
    const caller = await api.newCaller();
    api.faults.dynamodb = (command) => command === 'QueryCommand';

    const answer = await caller.call('GET', '/v1/webhooks');

    expect(answer).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
      body: { type: 'urn:webhook-fanout:problem:unavailable' },
    });
    expect(answer.text).not.toMatch(/throughput|dynamo|stack|\.ts/i);
    expect(api.logLines.at(-1)).toContain('ProvisionedThroughputExceededException');
    expect(api.counted).toEqual(['dependency_failed']);
  });
});
