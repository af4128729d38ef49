import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi } from './support/start-api.ts';

const VALID = { url: 'https://customer.example/hook', events: ['*'] };

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('a refused value', () => {
  it.each([
    [{ url: 1 }, 'url', 'must be a string, not a number'],
    [{ events: 'file.*' }, 'events', 'must be an array, not a string'],
    [{ events: [] }, 'events', 'has 0 entries; at least 1 are needed'],
    [{ events: [null] }, 'events[0]', 'must be a string, not null'],
    [{ description: 'x'.repeat(257) }, 'description', 'has 257 characters; at most 256 are allowed'],
  ])('in %j is answered with what is expected [API-18]', async (change, path, message) => {
    const caller = await api.newCaller();

    const answer = await caller.call('POST', '/v1/webhooks', { json: { ...VALID, ...change } });

    expect(answer.status).toBe(400);
    expect(Object(answer.body).errors).toEqual([{ path, message }]);
    expect(Object(answer.body).detail).toBe(`${path}: ${message}`);
  });

  it.each([
    ['101', 'is 101; at most 100 are allowed'],
    ['0', 'is 0; at least 1 are needed'],
    ['0x10', 'must be a whole number from 1 to 100'],
    ['1e1', 'must be a whole number from 1 to 100'],
    ['1,2', 'must be a whole number from 1 to 100'],
    ['', 'must be a whole number from 1 to 100'],
  ])('in the query, limit=%s, is answered with what is expected', async (limit, message) => {
    const caller = await api.newCaller();

    const answer = await caller.call('GET', '/v1/webhooks', { query: { limit } });

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'limit', message }] } });
  });

  it('is answered with the possible values', async () => {
    const caller = await api.newCaller();

    const answer = await caller.call('PATCH', '/v1/webhooks/wh_1', { json: { status: 'paused' } });

    const message = 'is "paused"; use "active" or "disabled"';
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'status', message }] } });
  });

  it('is shortened, without lone surrogates', async () => {
    const caller = await api.newCaller();
    const json = { ...VALID, events: [`\ud83e${'a'.repeat(60_000)}`], [`\udd84${'b'.repeat(300)}`]: 1 };

    const answer = await caller.call('POST', '/v1/webhooks', { json });

    expect(answer.status).toBe(400);
    expect(answer.text.length).toBeLessThan(1_500);
    expect(JSON.stringify(answer.body)).not.toMatch(/\\ud[89a-f]/);
  });
});
