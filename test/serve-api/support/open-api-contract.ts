import { Ajv2020 } from 'ajv/dist/2020.js';
import catalogue from '../../../event-types.json' with { type: 'json' };
import { CALLS, PUBLIC_CALLS } from '../../../lambdas/serve-api/calls/index.ts';
import { SYSTEM_CATALOGUE } from '../../../lambdas/serve-api/events/system-event-types.ts';
import { describeApi } from '../../../lambdas/serve-api/open-api/document.ts';
import type { Route } from '../../../lambdas/serve-api/routes.ts';
import { createInputFields } from '../../../lambdas/serve-api/schemas/input-fields.ts';

export interface OpenApi {
  readonly paths: Record<string, Record<string, Operation>>;
  /** Requests that endpoints receive. */
  readonly webhooks: Record<string, Record<string, Omit<Operation, 'operationId'>>>;
  readonly components: Readonly<Record<'schemas' | 'headers' | 'parameters', Record<string, object>>>;
}

export interface Operation {
  readonly operationId: string;
  readonly parameters?: { name: string; in: string; required: boolean; schema: object }[];
  readonly requestBody?: { content: Record<string, { schema: object }> };
  readonly responses: Record<
    string,
    { content?: Record<string, { schema: object }>; headers?: Record<string, object> }
  >;
}

/** A response of the API. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body; undefined when there is none. */
  readonly body: unknown;
  readonly text: string;
}

export function openApiDocument(): OpenApi {
  const rules = {
    checkUrl: (url: string) => ({ ok: true, url }) as const,
    eventTypes: catalogue.map(({ name }) => name),
  };
  // The document after its conversion to JSON, in which undefined fields are missing.
  return JSON.parse(
    JSON.stringify(
      describeApi({
        calls: CALLS,
        publicCalls: PUBLIC_CALLS,
        fields: createInputFields(rules),
        eventTypes: [...catalogue, ...SYSTEM_CATALOGUE],
      }),
    ),
  );
}

export function validatorFor(document: OpenApi): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'api', ...document });
  return ajv;
}

/**
 * Validates answers with the published document. `check` throws for an answer that the document does not describe.
 * Without a route, the answer must be a problem, that to a preflight request, or a redirect.
 */
export function createContract(): { check(route: Route | undefined, answer: Answer): void } {
  const document = openApiDocument();
  const ajv = validatorFor(document);
  // Ajv compiles a schema once for each object.
  const references = new Map<string, object>();
  const resolvable = (schema: { $ref?: string }): object => {
    if (schema.$ref === undefined) return schema;
    const reference = references.get(schema.$ref) ?? { $ref: `api${schema.$ref}` };
    references.set(schema.$ref, reference);
    return reference;
  };
  return {
    check(route, answer) {
      const isWithoutBody = route === undefined && (answer.status === 204 || answer.status === 302);
      if (isWithoutBody && answer.text === '') return;
      const undocumented = route === undefined ? [] : undocumentedHeaders(document, route, answer);
      if (undocumented.length > 0) {
        throw new Error(
          `${route?.call} answered ${answer.status} with undocumented headers: ${undocumented}`,
        );
      }
      const type = answer.headers['content-type']?.split(';')[0] ?? 'none';
      const schema = route === undefined ? PROBLEM : schemaOf(document, route, answer.status, type);
      if (schema === undefined) {
        if (type === 'none' && answer.text === '') return;
        throw new Error(
          `${route?.call} answered ${answer.status} ${type}, which the document does not describe`,
        );
      }
      if (!ajv.validate(resolvable(schema), answer.body)) {
        throw new Error(`${route?.call}: ${ajv.errorsText()}: ${answer.text}`);
      }
    },
  };
}

/** Headers of every answer, and those of the CORS protocol. The document describes the headers that customers use. */
const COMMON_HEADERS =
  /^(content-type|content-encoding|cache-control|content-security-policy|referrer-policy|strict-transport-security|x-content-type-options|vary|access-control-.*)$/;

function undocumentedHeaders(document: OpenApi, route: Route, { status, headers }: Answer): string[] {
  const operation = document.paths[route.path]?.[route.method.toLowerCase()];
  const documented = Object.keys(operation?.responses[status]?.headers ?? {}).map((name) =>
    name.toLowerCase(),
  );
  return Object.keys(headers).filter((name) => !documented.includes(name) && !COMMON_HEADERS.test(name));
}

const PROBLEM = { $ref: '#/components/schemas/Problem' };

function schemaOf(document: OpenApi, route: Route, status: number, type: string): object | undefined {
  const operation = document.paths[route.path]?.[route.method.toLowerCase()];
  return operation?.responses[status]?.content?.[type]?.schema;
}
