import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Api, createApi } from '../../console/src/api/create-api.ts';
import { type Answer, type HttpServer, type Request, startHttpServer } from '../support/http-server.ts';

let server: HttpServer;
let answer: Answer;
let requests: Request[];
let answers: unknown[];
let token: string | undefined;
let api: Api;

beforeAll(async () => {
  server = await startHttpServer((request) => {
    requests.push(request);
    return answer;
  });
  api = createApi({
    origin: server.url,
    token: () => token,
    onAnswer: ({ status }, sent) => answers.push([status, sent]),
  });
});
afterAll(() => server.close());
beforeEach(() => {
  answer = { status: 200, body: '{"data":[]}' };
  requests = [];
  answers = [];
  token = 'whs_1';
});

it('sends path, query and token, and returns the body', async () => {
  const path = { webhook_id: 'wh/1?' };
  const query = { status: 'held', event_type: undefined, limit: 5 } as { status: string; limit: number };

  const { data, response } = await api.GET('/v1/webhooks/{webhook_id}/deliveries', {
    params: { path, query },
  });

  expect(requests[0]?.path).toBe('/v1/webhooks/wh%2F1%3F/deliveries?status=held&limit=5');
  expect(requests[0]?.headers).toMatchObject({ authorization: 'Bearer whs_1' });
  expect(requests[0]?.headers['content-type']).toBeUndefined();
  expect([data, response.status]).toEqual([{ data: [] }, 200]);
  expect(answers).toEqual([[200, 'whs_1']]);
});

it('sends a body as JSON, with the headers of the call', async () => {
  const body = { url: 'https://example.com/é', events: ['*'] };

  await api.POST('/v1/webhooks', { params: { header: { 'Idempotency-Key': 'key_1' } }, body });

  expect(JSON.parse(String(requests[0]?.body))).toEqual(body);
  expect(requests[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    'idempotency-key': 'key_1',
  });
});

it('sends no header of a token that does not exist', async () => {
  token = undefined;

  await api.DELETE('/v1/session');

  expect(requests[0]?.headers.authorization).toBeUndefined();
});

it('returns an error, a text of the gateway, and nothing for an answer without a body', async () => {
  const get = () => api.GET('/v1/session');
  answer = { status: 404, body: '{"title":"Not found"}' };
  const problem = await get();
  answer = { status: 503, body: 'Service Unavailable' };
  const text = await get();
  answer = { status: 204 };
  const nothing = await api.DELETE('/v1/session');

  expect(problem).toMatchObject({ error: { title: 'Not found' }, response: { status: 404 } });
  expect(text).toMatchObject({ error: 'Service Unavailable', response: { status: 503 } });
  expect([nothing.data, nothing.response.ok]).toEqual([undefined, true]);
});

it('returns a body as the text that it is, and its error parsed', async () => {
  const call = () =>
    api.GET('/v1/events/{event_id}', { params: { path: { event_id: 'evt_1' } }, parseAs: 'text' });
  answer = { status: 200, body: '{"size":12345678901234567890}' };
  const { data } = await call();
  answer = { status: 404, body: '{"title":"Not found"}' };

  expect(data).toBe('{"size":12345678901234567890}');
  expect(await call()).toMatchObject({ error: { title: 'Not found' } });
});

it('rejects when there is no answer, and when the call is aborted', async () => {
  const closed = await startHttpServer(() => 'never');
  await closed.close();
  const { GET } = createApi({ origin: closed.url, token: () => undefined });
  const signal = AbortSignal.abort();

  await expect(GET('/v1/session')).rejects.toThrow(TypeError);
  await expect(api.GET('/v1/session', { signal })).rejects.toThrow(
    expect.objectContaining({ name: 'AbortError' }),
  );
});
