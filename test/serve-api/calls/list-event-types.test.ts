import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import catalogue from 'webhook-fanout-catalogue' with { type: 'json' };
import { openApiDocument, validatorFor } from '../support/open-api-contract.ts';
import { type Api, startApi } from '../support/start-api.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('GET /v1/event-types', () => {
  it('returns the catalogue and the system events, each with an example that matches its schema', async () => {
    const caller = await api.newCaller();

    const { body } = await caller.call('GET', '/v1/event-types');

    const types: { name: string; schema: object; example: object }[] = Object(body).data;
    expect(types.map(({ name }) => name)).toEqual([
      ...catalogue.map(({ name }) => name),
      'webhook.retry',
      'webhook.exhausted',
      'webhook.warned',
      'webhook.disabled',
    ]);
    for (const { name, schema, example } of types) {
      expect(validatorFor(openApiDocument()).validate(schema, example), name).toBe(true);
    }
  });

  it('describes webhook.retry with the fields of the published contract, the webhook and the delivery', async () => {
    const caller = await api.newCaller();

    const { body } = await caller.call('GET', '/v1/event-types');

    const retry = Object(body).data.find(({ name }: { name: string }) => name === 'webhook.retry');
    const fields = ['original_event_id', 'retry_count', 'next_retry_at', 'webhook_id', 'delivery_id'];
    expect(retry.schema.required).toEqual(fields);
    expect(Object.keys(retry.schema.properties)).toEqual(fields);
    expect(Object.keys(retry.example)).toEqual(fields);
  });
});
