import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi } from './support/start-api.ts';

let withConsole: Api;
let without: Api;
beforeAll(async () => {
  withConsole = await startApi();
  without = await startApi({ servesConsole: false });
});
afterAll(() => Promise.all([withConsole.close(), without.close()]));

describe('/console/, with a slash at its end', () => {
  it.each(['GET', 'HEAD'])('is redirected to the first screen of the console: %s', async (method) => {
    const { status, headers, text } = await withConsole.call(method, '/console/');

    expect([status, headers.location, text]).toEqual([302, '/console/webhooks', '']);
    expect(headers['cache-control']).toBe('no-store');
  });

  it('is like every path that no call has, where the console is not served, and for other methods', async () => {
    expect((await without.call('GET', '/console/')).status).toBe(404);
    expect((await withConsole.call('POST', '/console/')).status).toBe(404);
    expect((await withConsole.call('GET', '/console//')).status).toBe(404);
  });
});
