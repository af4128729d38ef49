import * as z from 'zod';
import type { Catalogue } from '../../shared/domain/catalogue.ts';
import { VERSION } from '../../shared/http/headers.ts';
import type { Call, PublicCall } from '../call.ts';
import { type AccountCallName, type PublicCallName, ROUTES, type Route } from '../routes.ts';
import type { InputFields } from '../schemas/input-fields.ts';
import type { CallDescription, SuccessDescription } from './call-description.ts';
import { CALL_DESCRIPTIONS } from './calls/index.ts';
import { jsonContent, type OpenApiJson } from './components.ts';
import { describeErrors } from './error-responses.ts';
import { describeHeaders, HEADER_COMPONENTS, PARAMETER_COMPONENTS, refToParameter } from './headers.ts';
import { describeOutgoingRequests, outgoingRequestSchemas } from './outgoing-requests.ts';
import { gatewayErrorSchema, problemSchema } from './schemas/errors.ts';
import { PATH_PARAMETERS } from './schemas/path-parameters.ts';
import { TAGS, tagOf } from './tags.ts';

const ANY_OBJECT: OpenApiJson = { 'application/json': { schema: { type: 'object' } } };

/** The inputs of the document, besides the routes. */
export interface ApiParts {
  readonly calls: Readonly<Record<AccountCallName, Call>>;
  readonly publicCalls: Readonly<Record<PublicCallName, PublicCall>>;
  readonly fields: InputFields;
  /** The catalogue and the system events. */
  readonly eventTypes: Catalogue;
}

/**
 * The OpenAPI 3.1 document, generated from the routes that are deployed, the schemas that validate, and the catalogue
 * with the system events. The function loads this module for the document only. It is bundled into a separate file, and
 * gets the schemas from the function: it must import no module that creates schemas.
 */
export function describeApi(parts: ApiParts): OpenApiJson {
  const { eventTypes } = parts;
  const paths: Record<string, Record<string, OpenApiJson>> = {};
  for (const route of ROUTES) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: describeCall(route, parts) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Webhooks',
      version: VERSION,
      contact: { name: 'The operator of this service' },
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Register URLs that events are sent to. Every error response is a problem document (RFC 9457) with all ' +
        'errors of the input, except the few responses that the gateway creates: those are `{"message"}`. A path ' +
        'that is not in this document is a 404, another method a 405 with the header `Allow`. A body is JSON in UTF-8 ' +
        'without a content coding. Every answer has the header `X-Request-Id`. An optional field may be null, which means the same as leaving it out. The ' +
        'exceptions are `description`, `success_status` and `headers` in a change: null removes them.',
    },
    servers: [{ url: '/', description: 'The host of this document.' }],
    security: [{ apiKey: [] }],
    tags: TAGS,
    paths,
    webhooks: describeOutgoingRequests(eventTypes),
    components: {
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description:
            '`Authorization: Bearer whk_…`: a key of 36 characters from the operator; or `Bearer whs_…`: the token of a ' +
            'session, which POST /v1/sessions returns.',
        },
      },
      schemas: {
        ...toComponents(bodySchemas(parts), 'input'),
        ...toComponents(responseSchemas(), 'output'),
        ...outgoingRequestSchemas(eventTypes),
      },
      parameters: PARAMETER_COMPONENTS,
      headers: HEADER_COMPONENTS,
    },
  };
}

function describeCall(route: Route, parts: ApiParts): OpenApiJson {
  const call = CALL_DESCRIPTIONS[route.call];
  const isIdempotent = isIdempotentCall(route, parts);
  const hasIfMatch = call.precondition === 'If-Match';
  return {
    operationId: route.call,
    tags: [tagOf(route.path)],
    summary: call.summary,
    description: call.description,
    ...(route.needsKey ? {} : { security: [] }),
    ...parametersOf(route, parts),
    ...(route.takesJson
      ? { requestBody: { required: true, content: jsonContent(bodyComponentName(route.call)) } }
      : {}),
    responses: {
      ...describeSuccesses(call, isIdempotent),
      ...describeErrors(route, call.problems, { isIdempotent, hasIfMatch }),
    },
  };
}

function isIdempotentCall(route: Route, { calls }: ApiParts): boolean {
  return route.needsKey && calls[route.call].idempotent;
}

function parametersOf(route: Route, parts: ApiParts): OpenApiJson {
  const inPath = Object.entries(PATH_PARAMETERS)
    .filter(([name]) => route.path.includes(`{${name}}`))
    .map(([name, { description, example }]) => ({
      name,
      in: 'path',
      required: true,
      description,
      schema: { type: 'string', examples: [example] },
    }));
  const { precondition } = CALL_DESCRIPTIONS[route.call];
  const inHeader = [
    ...(isIdempotentCall(route, parts) ? (['Idempotency-Key'] as const) : []),
    ...(precondition === undefined ? [] : [precondition]),
  ];
  const parameters = [...inPath, ...queryParametersOf(route, parts), ...inHeader.map(refToParameter)];
  return parameters.length === 0 ? {} : { parameters };
}

/** Their types are those after parsing: in the URL every parameter is text. */
function queryParametersOf(route: Route, parts: ApiParts): OpenApiJson[] {
  const schema = route.takesJson ? undefined : inputSchemaOf(route, parts);
  if (schema === undefined) return [];
  const { properties = {} } = z.toJSONSchema(schema, { io: 'output' });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: 'query',
    required: !isOptional(schema.shape[name]),
    schema: property,
  }));
}

function isOptional(field: z.core.$ZodType | undefined): boolean {
  return field === undefined || z.safeParse(field, undefined).success;
}

function inputSchemaOf(
  route: Route,
  { calls, publicCalls, fields }: ApiParts,
): ReturnType<NonNullable<Call['createInputSchema']>> | undefined {
  return route.needsKey
    ? calls[route.call].createInputSchema?.(fields)
    : publicCalls[route.call].createInputSchema?.();
}

function describeSuccesses(call: CallDescription, isIdempotent: boolean): OpenApiJson {
  return {
    ...describeSuccess(call, call.success, isIdempotent),
    ...(call.otherSuccess === undefined ? {} : describeSuccess(call, call.otherSuccess, isIdempotent)),
  };
}

function describeSuccess(
  call: CallDescription,
  { status, description, output, headers = [] }: SuccessDescription,
  isIdempotent: boolean,
): OpenApiJson {
  const content = output === 'any-object' ? ANY_OBJECT : output && jsonContent(output.name);
  return {
    [status]: {
      description,
      headers: describeHeaders(
        ...headers,
        ...(call.etag ? (['ETag'] as const) : []),
        ...(isIdempotent ? (['Idempotent-Replayed'] as const) : []),
        ...(call.problems.includes('too-many-requests') ? (['RateLimit', 'RateLimit-Policy'] as const) : []),
      ),
      ...(content === undefined ? {} : { content }),
    },
    ...(call.precondition === 'If-None-Match'
      ? { 304: { description: 'Not changed. There is no body.', headers: describeHeaders('ETag') } }
      : {}),
  };
}

/** The schemas of JSON bodies, by the names of their components. */
function bodySchemas(parts: ApiParts): Record<string, z.core.$ZodType> {
  const schemas: Record<string, z.core.$ZodType> = {};
  for (const route of ROUTES) {
    const schema = route.takesJson ? inputSchemaOf(route, parts) : undefined;
    if (schema !== undefined) schemas[bodyComponentName(route.call)] = schema;
  }
  return schemas;
}

/** `CreateWebhook` for `createWebhook`. */
function bodyComponentName(call: string): string {
  return call.charAt(0).toUpperCase() + call.slice(1);
}

/** The schemas of responses, by the names of their components. */
function responseSchemas(): Record<string, z.ZodType> {
  const schemas: Record<string, z.ZodType> = { Problem: problemSchema, GatewayError: gatewayErrorSchema };
  for (const route of ROUTES) {
    const { success, otherSuccess } = CALL_DESCRIPTIONS[route.call];
    for (const output of [success.output, otherSuccess?.output]) {
      if (output !== undefined && output !== 'any-object') schemas[output.name] = output.schema;
    }
  }
  return schemas;
}

/** The components of these schemas. Schemas refer to each other by name. */
function toComponents(
  schemas: Readonly<Record<string, z.core.$ZodType>>,
  io: 'input' | 'output',
): OpenApiJson {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const generated = z.toJSONSchema(registry, { io, uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(generated.schemas).map(([id, { $schema, $id, ...schema }]) => [id, schema]),
  );
}
