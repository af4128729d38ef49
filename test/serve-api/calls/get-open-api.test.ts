import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import catalogue from 'webhook-fanout-catalogue' with { type: 'json' };
import { CALLS, PUBLIC_CALLS } from '../../../lambdas/serve-api/calls/index.ts';
import { describeApi } from '../../../lambdas/serve-api/open-api/document.ts';
import { ROUTES } from '../../../lambdas/serve-api/routes.ts';
import { createInputFields } from '../../../lambdas/serve-api/schemas/input-fields.ts';
import { SYSTEM_EVENT_TYPES } from '../../../lambdas/shared/domain/catalogue.ts';
import { whyUnmatchable } from '../../../lambdas/shared/domain/subscription.ts';
import { deliveryHeaders } from '../../../lambdas/shared/http/headers.ts';
import { deliveryId, eventId } from '../../support/builders.ts';
import { type OpenApi, type Operation, openApiDocument, validatorFor } from '../support/open-api-contract.ts';
import { type Api, startApi } from '../support/start-api.ts';

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

/** Examples with their schemas, from the lists of JSON Schema and the named examples of OpenAPI. */
function examplesIn(value: unknown): { schema: object; example: unknown }[] {
  if (typeof value !== 'object' || value === null) return [];
  const { examples, schema } = Object(value);
  const own = Array.isArray(examples) ? examples.map((example) => ({ schema: value, example })) : [];
  const named =
    schema === undefined
      ? []
      : Object.values(Object(examples)).map((one) => ({ schema, example: Object(one).value }));
  return [...own, ...named, ...Object.values(value).flatMap(examplesIn)];
}

function fieldsWithoutExample(schema: unknown): string[] {
  return Object.entries(Object(schema).properties)
    .filter(([, field]) => examplesIn(field).length === 0 && !JSON.stringify(field).includes('"enum"'))
    .map(([name]) => name);
}

const schemas = new Map<string, object>();

/** The schema with references that ajv resolves in the document. Equal schemas are one object, which ajv compiles once. */
function withRoot(schema: object): object {
  const text = JSON.stringify(schema).replaceAll('"#/', '"api#/');
  const known = schemas.get(text) ?? JSON.parse(text);
  schemas.set(text, known);
  return known;
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

  it('has no reference without a target', () => {
    const known = Object.entries(document.components).flatMap(([kind, components]) =>
      Object.keys(components).map((name) => `#/components/${kind}/${name}`),
    );

    const refs = refsIn(document);

    expect(refs.length).toBeGreaterThan(20);
    expect(refs.filter((ref) => !known.includes(ref))).toEqual([]);
  });

  it('contains schemas of JSON Schema 2020-12 that compile', () => {
    const ajv = validatorFor(document);

    for (const [name, schema] of Object.entries(document.components.schemas)) {
      expect(ajv.validateSchema(schema), name).toBe(true);
      expect(() => ajv.getSchema(`api#/components/schemas/${name}`), name).not.toThrow();
    }
  });

  it('has examples of every input and every problem that match their schemas', () => {
    const ajv = validatorFor(document);
    const examples = examplesIn(document);

    const invalid = examples.filter(({ schema, example }) => !ajv.validate(withRoot(schema), example));

    expect(invalid).toEqual([]);
    expect(examples.length).toBeGreaterThan(40);
    for (const name of ['CreateWebhook', 'UpdateWebhook', 'TestWebhook']) {
      expect(fieldsWithoutExample(document.components.schemas[name]), name).toEqual([]);
    }
  });

  it('takes its examples of event types from the catalogue', () => {
    const { CreateWebhook, TestWebhook } = document.components.schemas;
    const [first] = catalogue;

    const events = Object(CreateWebhook).properties.events.examples.flat();

    expect(events).toContain(first?.name);
    expect(Object(TestWebhook).properties.event_type.examples).toEqual([first?.name]);
  });

  it('describes the limit of a page as a number', () => {
    const [limit] = document.paths['/v1/webhooks']?.get?.parameters ?? [];

    expect(limit).toMatchObject({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
    });
  });

  it('describes every header that endpoints receive', () => {
    const delivery = {
      kind: 'test',
      eventId: eventId(),
      eventType: 'x',
      deliveryId: deliveryId('dlv_1'),
    } as const;
    const signed = { signedAt: 1_000, hex: 'aa', previousHex: 'bb', standard: 'v1,qg==' };
    const httpHeaders = ['Content-Type', 'User-Agent', 'Accept', 'Accept-Encoding'];

    const ofDelivery = Object.keys(deliveryHeaders(delivery, signed, 1)).filter(
      (name) => !httpHeaders.includes(name),
    );
    // Sent by the setting forwardTraceparent.
    const sent = [...ofDelivery, 'traceparent'];

    for (const { post } of Object.values(document.webhooks)) {
      expect(new Set(post?.parameters?.map(({ name }) => name))).toEqual(new Set(sent));
    }
  });

  it('describes the responses of the gateway for each call', () => {
    for (const { responses, operationId } of operations) {
      for (const status of ['413', '429', '500', '503']) {
        expect(refsIn(responses[status]), operationId).toContain('#/components/schemas/GatewayError');
      }
    }
  });

  it('has an entry for each event type, with the schema of its data', () => {
    const ajv = validatorFor(document);
    const accepts = (type: string, body: object) =>
      ajv.validate({ $ref: `api#/components/schemas/Event.${type}` }, body);

    const names = [...catalogue.map(({ name }) => name), ...SYSTEM_EVENT_TYPES];
    expect(Object.keys(document.webhooks)).toEqual([...names, 'webhook.verification']);
    for (const { name, example } of catalogue) {
      const event = { id: 'evt_1', type: name, created: '2026-01-15T10:30:00Z', data: example };
      expect(accepts(name, event), name).toBe(true);
      expect(accepts(name, { ...event, type: 'another.type' }), name).toBe(false);
      expect(accepts(name, { ...event, data: [] }), name).toBe(false);
      const body = Object(document.webhooks[name]?.post?.requestBody?.content['application/json']?.schema);
      expect(body.$ref).toBe(`#/components/schemas/Event.${name}`);
    }
  });

  it('moves the references of a schema of the catalogue to its own place in the document', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $defs: { name: { type: 'string' } },
      type: 'object',
      properties: { name: { $ref: '#/$defs/name' }, child: { anyOf: [{ $ref: '#' }, { type: 'null' }] } },
      required: ['name'],
    };
    const rules = { checkUrl: (url: string) => ({ ok: true, url }) as const, eventTypes: ['tree.grown'] };
    const type = {
      name: 'tree.grown',
      description: 'A tree grew.',
      schema,
      example: { name: 'x', child: null },
    };
    const own: OpenApi = JSON.parse(
      JSON.stringify(
        describeApi({
          calls: CALLS,
          publicCalls: PUBLIC_CALLS,
          fields: createInputFields(rules),
          eventTypes: [type],
        }),
      ),
    );
    const ajv = validatorFor(own);
    const accepts = (data: unknown) =>
      ajv.validate({ $ref: 'api#/components/schemas/EventData.tree.grown' }, data);

    expect(accepts({ name: 'x', child: { name: 'y', child: null } })).toBe(true);
    expect(accepts({ name: 'x', child: { name: 5 } })).toBe(false);
  });

  it('lists the event types and every pattern that matches one', () => {
    const { CreateWebhook, TestWebhook } = document.components.schemas;
    const names = [...catalogue.map(({ name }) => name), ...SYSTEM_EVENT_TYPES];

    const patterns: string[] = Object(CreateWebhook).properties.events.items.enum;

    expect(Object(TestWebhook).properties.event_type.enum).toEqual(names);
    expect(patterns).toEqual(
      expect.arrayContaining([...names, '*', 'webhook.*', 'ppt.*', 'ppt.generation.*']),
    );
    expect(new Set(patterns).size).toBe(patterns.length);
    for (const pattern of patterns) expect(whyUnmatchable(pattern, names), pattern).toBeUndefined();
  });

  it('describes the header X-Request-Id of every answer, except those of the gateway alone', () => {
    for (const { responses, operationId } of operations) {
      for (const [status, { headers, content = {} }] of Object.entries(responses)) {
        const byGateway = Object.keys(content).join() === 'application/json' && Number(status) >= 400;
        expect(headers?.['X-Request-Id'] !== undefined, `${operationId} ${status}`).toBe(!byGateway);
      }
    }
  });

  it('describes Idempotency-Key for the calls that create something', () => {
    const parameter = { $ref: '#/components/parameters/Idempotency-Key' };
    const calls = operations.filter(({ parameters = [] }) =>
      parameters.some((one) => JSON.stringify(one) === JSON.stringify(parameter)),
    );

    const names = calls.map(({ operationId }) => operationId);
    expect(names).toEqual(expect.arrayContaining(['createWebhook', 'testWebhook', 'testWebhookByPath']));
    for (const { responses } of calls) {
      const { examples } = Object(responses['409']?.content?.['application/problem+json']);
      expect(Object.keys(examples)).toEqual(
        expect.arrayContaining(['idempotency-key-in-use', 'idempotency-key-reused']),
      );
    }
  });

  it('describes the preconditions with their statuses', () => {
    const statusesOf = (method: string) =>
      Object.keys(document.paths['/v1/webhooks/{webhook_id}']?.[method]?.responses ?? {});

    expect(statusesOf('get')).toContain('304');
    expect(statusesOf('patch')).toContain('412');
    expect(statusesOf('delete')).toContain('412');
  });

  it('accepts the same bodies as the API', () => {
    const ajv = validatorFor(document);
    const accepts = (name: string, body: unknown) =>
      ajv.validate({ $ref: `api#/components/schemas/${name}` }, body);

    expect(accepts('CreateWebhook', { url: 'https://a.example/', events: ['*'] })).toBe(true);
    expect(accepts('CreateWebhook', { url: 'https://a.example/' })).toBe(false);
    expect(accepts('CreateWebhook', { url: 'https://a.example/', events: ['*'], extra: 1 })).toBe(false);
    expect(accepts('CreateWebhook', { url: 'https://a.example/', events: ['*'], secret: 'short' })).toBe(
      false,
    );
    expect(accepts('CreateWebhook', { url: 'https://a.example/', events: ['*'], secret: null })).toBe(true);
    expect(accepts('CreateWebhook', { url: null, events: ['*'] })).toBe(false);
    expect(accepts('UpdateWebhook', { description: null, status: 'disabled' })).toBe(true);
    expect(accepts('UpdateWebhook', { url: null, events: null, status: null })).toBe(true);
    expect(accepts('UpdateWebhook', { status: 'pending' })).toBe(false);
  });
});
