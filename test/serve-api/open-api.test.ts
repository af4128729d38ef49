import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import catalogue from 'webhook-fanout-catalogue' with { type: 'json' };
import { ROUTES } from '../../lambdas/serve-api/routes.ts';
import { type Operation, openApiDocument, validatorFor } from './contract.ts';
import { type Api, startApi } from './harness.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const document = openApiDocument();
const operations: Operation[] = Object.values(document.paths).flatMap((path) => Object.values(path));

function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === '$ref' && typeof inner === 'string' ? [inner] : refsIn(inner),
  );
}

describe('GET /v1/openapi.json', () => {
  it('needs no key and may be cached', async () => {
    const answer = await api.call('GET', '/v1/openapi.json');

    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('public, max-age=300');
    expect(answer.body).toEqual(document);
  });

  it('describes every route and nothing else', () => {
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => [operationId, method.toUpperCase(), path]),
    );

    expect(new Set(described)).toEqual(new Set(ROUTES.map(({ call, method, path }) => [call, method, path])));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(ROUTES.length);
  });

  it('declares every parameter of a path', () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters = [] } of Object.values(methods)) {
        expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(names);
      }
    }
  });

  it('refers only to what is there', () => {
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);

    const refs = refsIn(document);

    expect(refs.length).toBeGreaterThan(20);
    expect(refs.filter((ref) => !known.includes(ref))).toEqual([]);
  });

  it('holds schemas of JSON Schema 2020-12 that compile', () => {
    const ajv = validatorFor(document);

    for (const [name, schema] of Object.entries(document.components.schemas)) {
      expect(ajv.validateSchema(schema), name).toBe(true);
      expect(() => ajv.getSchema(`api#/components/schemas/${name}`), name).not.toThrow();
    }
  });

  it('says of each call that the gateway may answer by itself', () => {
    for (const { responses, operationId } of operations) {
      for (const status of ['413', '429', '500', '503']) {
        expect(refsIn(responses[status]), operationId).toContain('#/components/schemas/GatewayError');
      }
    }
  });

  it('tells what a body may hold', () => {
    const ajv = validatorFor(document);
    const accepts = (name: string, body: unknown) =>
      ajv.validate({ $ref: `api#/components/schemas/${name}` }, body);

    expect(accepts('CreateWebhook', { url: 'https://a.example/', events: ['*'] })).toBe(true);
    expect(accepts('CreateWebhook', { url: 'https://a.example/' })).toBe(false);
    expect(accepts('CreateWebhook', { url: 'https://a.example/', events: ['*'], extra: 1 })).toBe(false);
    expect(accepts('CreateWebhook', { url: 'https://a.example/', events: ['*'], secret: 'short' })).toBe(
      false,
    );
    expect(accepts('UpdateWebhook', { description: null, status: 'disabled' })).toBe(true);
    expect(accepts('UpdateWebhook', { status: 'pending' })).toBe(false);
  });
});

describe('GET /v1/event-types', () => {
  it('gives the catalogue and the system events, each with an example that fits its schema', async () => {
    const caller = await api.newCaller();

    const { body } = await caller.call('GET', '/v1/event-types');

    const types: { name: string; schema: object; example: object }[] = Object(body).data;
    expect(types.map(({ name }) => name)).toEqual([
      ...catalogue.map(({ name }) => name),
      'webhook.retry',
      'webhook.exhausted',
      'webhook.disabled',
    ]);
    for (const { name, schema, example } of types) {
      expect(validatorFor(document).validate(schema, example), name).toBe(true);
    }
  });
});
