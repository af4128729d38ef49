import * as z from 'zod';
import { VERSION } from '../../shared/http/headers.ts';
import { type InputError, PROBLEMS, type ProblemName, problem } from '../problem.ts';
import { ROUTES, type Route } from '../routes.ts';
import { EXAMPLE_WEBHOOK_ID } from '../schemas/examples.ts';
import type { RequestSchemas } from '../schemas/requests.ts';
import { RESPONSE_SCHEMAS } from '../schemas/responses.ts';
import { CALL_DESCRIPTIONS, type CallDescription } from './call-descriptions.ts';
import { DELIVERIES, DELIVERY_SCHEMAS } from './outgoing-requests.ts';

type Json = Readonly<Record<string, unknown>>;

const PROBLEMS_OF_EVERY_CALL: readonly ProblemName[] = ['internal-error', 'unavailable'];
/** Responses that the gateway creates without calling the function. */
const GATEWAY_STATUSES = [413, 429, 500, 503];

/** The OpenAPI 3.1 document, generated from the schemas that validate and the routes that are deployed. */
export function describeApi(requests: RequestSchemas): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of ROUTES) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: describeCall(route, requests) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Webhooks',
      version: VERSION,
      description:
        'Register URLs that events are sent to. Every error response is a problem document (RFC 9457) with all ' +
        'errors of the input, except the few responses that the gateway creates: those are `{"message"}`. A path ' +
        'that is not here is a 404, another method a 405 with the header `Allow`. A body is JSON in UTF-8 without a ' +
        'content coding. An optional field may be null, which means the same as leaving it out; only ' +
        '`description` of a change has its own meaning of null.',
    },
    servers: [{ url: '/', description: 'The host of this document.' }],
    security: [{ apiKey: [] }],
    paths,
    webhooks: DELIVERIES,
    components: {
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: '`Authorization: Bearer whk_…`: a key of 36 characters from the operator.',
        },
      },
      schemas: {
        ...componentsOf(
          {
            CreateWebhook: requests.createWebhook,
            UpdateWebhook: requests.updateWebhook,
            TestWebhook: requests.testWebhook,
          },
          'input',
        ),
        ...componentsOf(RESPONSE_COMPONENTS, 'output'),
        ...DELIVERY_SCHEMAS,
      },
    },
  };
}

const RESPONSE_COMPONENTS = {
  Webhook: RESPONSE_SCHEMAS.webhook,
  CreatedWebhook: RESPONSE_SCHEMAS.createdWebhook,
  WebhookList: RESPONSE_SCHEMAS.webhookList,
  TestEvent: RESPONSE_SCHEMAS.testEvent,
  EventTypeList: RESPONSE_SCHEMAS.eventTypeList,
  Problem: RESPONSE_SCHEMAS.problem,
  GatewayError: RESPONSE_SCHEMAS.gatewayError,
};

function describeCall(route: Route, requests: RequestSchemas): Json {
  const call = CALL_DESCRIPTIONS[route.call];
  return {
    operationId: route.call,
    summary: call.summary,
    description: call.description,
    ...(route.needsKey ? {} : { security: [] }),
    ...parametersOf(route, requests),
    ...(call.input === undefined ? {} : { requestBody: { required: true, content: jsonOf(call.input) } }),
    responses: { ...describeSuccess(call), ...describeProblems(route, call) },
  };
}

function parametersOf(route: Route, requests: RequestSchemas): Json {
  const inPath = [...route.path.matchAll(/\{([a-z_]+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    description: 'Id of a webhook of this account; any other is a 404.',
    schema: { type: 'string', examples: [EXAMPLE_WEBHOOK_ID] },
  }));
  const inQuery = route.call === 'listWebhooks' ? queryParameters(requests) : [];
  const parameters = [...inPath, ...inQuery];
  return parameters.length === 0 ? {} : { parameters };
}

/** With the types after parsing: in the URL every parameter is text. */
function queryParameters(requests: RequestSchemas): Json[] {
  const { properties = {} } = z.toJSONSchema(requests.list, { io: 'output' });
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }));
}

function describeSuccess({ success }: CallDescription): Json {
  const { status, description, output, headers } = success;
  return {
    [status]: {
      description,
      ...(headers === undefined ? {} : { headers }),
      ...(output === undefined ? {} : { content: output === 'OpenApi' ? ANY_JSON : jsonOf(output) }),
    },
  };
}

const ANY_JSON = { 'application/json': { schema: { type: 'object' } } };

/** Several problems can have the same status, and the gateway can use that status in its own form. */
function describeProblems(route: Route, call: CallDescription): Json {
  const names: ProblemName[] = [
    ...(route.needsKey ? (['unauthorized'] as const) : []),
    ...(route.takesJson ? (['invalid-request', 'body-too-large', 'unsupported-media-type'] as const) : []),
    ...call.problems,
    ...PROBLEMS_OF_EVERY_CALL,
  ];
  const byStatus = Map.groupBy(new Set(names), (name): number => PROBLEMS[name].status);
  const statuses = [...new Set([...byStatus.keys(), ...GATEWAY_STATUSES])].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => [status, describeStatus(status, byStatus.get(status) ?? [])]),
  );
}

function describeStatus(status: number, names: readonly ProblemName[]): Json {
  const byGateway = GATEWAY_STATUSES.includes(status);
  const titles = names.map((name) => `${PROBLEMS[name].title} (\`urn:webhook-fanout:problem:${name}\`).`);
  return {
    description: [...titles, ...(byGateway ? ['Also used by the gateway, as `{"message"}`.'] : [])].join(' '),
    ...(status === 401 ? { headers: { 'WWW-Authenticate': TEXT_HEADER } } : {}),
    ...(status === 415 ? { headers: { 'Accept-Encoding': CODING_HEADER } } : {}),
    ...(names.includes('too-many-requests') || names.includes('unavailable')
      ? { headers: { 'Retry-After': SECONDS_HEADER } }
      : {}),
    content: {
      ...(names.length > 0
        ? { 'application/problem+json': { schema: refTo('Problem'), examples: examplesOf(names) } }
        : {}),
      ...(byGateway ? jsonOf('GatewayError') : {}),
    },
  };
}

function examplesOf(names: readonly ProblemName[]): Json {
  return Object.fromEntries(
    names.map((name) => [name, { value: problem(name, PROBLEMS[name].example, PROBLEM_EXTRAS[name]).body }]),
  );
}

const PROBLEM_EXTRAS: { readonly [Name in ProblemName]?: { readonly errors: readonly InputError[] } } = {
  'invalid-request': { errors: [{ path: 'events', message: 'is required' }] },
};

const TEXT_HEADER = { schema: { type: 'string' } };
const CODING_HEADER = {
  description: '`identity`, when the body has a content coding.',
  schema: { type: 'string' },
};
const SECONDS_HEADER = { description: 'Seconds to wait.', schema: { type: 'integer' } };

function jsonOf(component: string): Json {
  return { 'application/json': { schema: refTo(component) } };
}

function refTo(component: string): Json {
  return { $ref: `#/components/schemas/${component}` };
}

/** Schemas by name. They refer to each other by name. */
function componentsOf(schemas: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output'): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const made = z.toJSONSchema(registry, { io, uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(made.schemas).map(([id, { $schema, $id, ...schema }]) => [id, schema]),
  );
}
