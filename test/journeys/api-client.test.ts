import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Journey, startJourney } from './support/journey.ts';

/** The origin that the synthesized stack allows. */
const ORIGIN = 'http://localhost:5173';

let journey: Journey;
beforeAll(async () => {
  journey = await startJourney();
});
afterAll(() => journey.close());

describe('a client of the deployed API', () => {
  it('repeats a creation whose answer was lost, and creates one webhook [API-21]', async () => {
    const customer = await journey.startCustomer();
    const headers = { 'idempotency-key': 'create-1' };
    const create = (description: string) =>
      journey.api('POST', '/v1/webhooks', { url: customer.url(), events: ['*'], description }, { headers });

    const first = await create('mine');
    const repeated = await create('mine');
    const other = await create('another');

    expect([first.status, repeated.status, other.status]).toEqual([201, 201, 409]);
    expect(repeated.headers.get('idempotent-replayed')).toBe('true');
    expect({ ...repeated.body, secret: first.body.secret }).toEqual(first.body);
    await journey.untilStatus(first.body.id, 'active');
    expect(customer.challenges).toHaveLength(1);
  });

  it('changes a webhook only in the state that it read [API-22]', async () => {
    const customer = await journey.startCustomer();
    const { id } = await journey.register({ url: customer.url(), events: ['*'] });
    const path = `/v1/webhooks/${id}`;
    const change = (description: string, etag: string | null) =>
      journey.api('PATCH', path, { description }, { headers: { 'if-match': String(etag) } });
    const read = await journey.api('GET', path);

    const first = await change('first', read.headers.get('etag'));
    const second = await change('second', read.headers.get('etag'));

    expect([first.status, second.status]).toEqual([200, 412]);
    expect((await journey.api('GET', path)).body.description).toBe('first');
  });

  it('can be a script of an allowed web page [API-23]', async () => {
    const url = `${journey.cloud.apiUrl}/v1/webhooks/wh_none`;
    const headers = { origin: ORIGIN, 'access-control-request-method': 'DELETE' };

    const allowed = await fetch(url, { method: 'OPTIONS', headers });
    const refused = await fetch(url, {
      method: 'OPTIONS',
      headers: { ...headers, origin: 'https://evil.example' },
    });
    const answer = await fetch(url, { headers: { origin: ORIGIN } });

    expect([allowed.status, refused.status, answer.status]).toEqual([204, 405, 401]);
    expect(allowed.headers.get('access-control-allow-methods')).toContain('DELETE');
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.headers.get('x-request-id')).toBe(answer.headers.get('apigw-requestid'));
  });
});
