import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi } from './support/start-api.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('the id of a request', () => {
  it('is in every answer, also in errors of each kind', async () => {
    const caller = await api.newCaller();

    const answers = [
      await caller.call('GET', '/v1/webhooks'),
      await api.call('GET', '/v1/openapi.json'),
      await caller.call('DELETE', '/v1/webhooks/wh_none'),
      await caller.call('POST', '/v1/webhooks', { raw: '{' }),
      await api.call('GET', '/v1/webhooks'),
      await api.call('PUT', '/v1/webhooks'),
      await api.call('GET', '/'),
    ];

    expect(answers.map(({ headers }) => headers['x-request-id'])).toEqual(answers.map(() => 'request-1'));
    const problems = answers.filter(({ status }) => status >= 400);
    expect(problems).toHaveLength(5);
    for (const { body } of problems) expect(body).toMatchObject({ request_id: 'request-1' });
  });

  it('is in the answer and in the log line of a failure on our side', async () => {
    const caller = await api.newCaller();
    api.faults.dynamodb = (command) => command === 'QueryCommand';

    const answer = await caller.call('GET', '/v1/webhooks').finally(() => {
      api.faults.dynamodb = () => false;
    });

    expect(answer).toMatchObject({ status: 503, body: { request_id: 'request-1' } });
    expect(JSON.parse(api.logLines.at(-1) ?? '{}').fields).toMatchObject({ request_id: 'request-1' });
  });
});
