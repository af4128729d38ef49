import { type InputError, PROBLEMS, type ProblemName, problem } from '../problem.ts';
import { type Route, rightOf } from '../routes.ts';
import { EXAMPLE_REQUEST_ID } from '../schemas/examples.ts';
import { jsonContent, type OpenApiJson, refTo } from './components.ts';
import { describeHeaders, type HeaderName } from './headers.ts';

const PROBLEMS_OF_EVERY_CALL: readonly ProblemName[] = ['internal-error', 'unavailable'];
/** Responses that the gateway creates without calling the function. */
const GATEWAY_STATUSES = [413, 429, 500, 503];

/** The headers of problems, besides those of every answer. */
const HEADERS_OF: { readonly [Name in ProblemName]?: readonly HeaderName[] } = {
  'idempotency-key-in-use': ['Retry-After'],
  'too-many-requests': ['RateLimit', 'RateLimit-Policy', 'Retry-After'],
  unauthorized: ['WWW-Authenticate'],
  unavailable: ['Retry-After'],
  'unsupported-media-type': ['Accept-Encoding'],
};

/**
 * The error responses of a call by status. `problems` are those that do not follow from the route. Several problems can
 * have the same status, and the gateway can use that status, too, with a body of its own form.
 */
export function describeErrors(
  route: Route,
  problems: readonly ProblemName[],
  { isIdempotent, hasIfMatch }: { readonly isIdempotent: boolean; readonly hasIfMatch: boolean },
): OpenApiJson {
  const names: ProblemName[] = [
    ...(route.needsKey ? (['unauthorized'] as const) : []),
    ...(rightOf(route) === 'write' && route.needsKey ? (['read-only'] as const) : []),
    ...(route.takesJson ? (['invalid-request', 'body-too-large', 'unsupported-media-type'] as const) : []),
    ...problems,
    ...(isIdempotent
      ? (['invalid-request', 'idempotency-key-in-use', 'idempotency-key-reused'] as const)
      : []),
    ...(hasIfMatch ? (['precondition-failed'] as const) : []),
    ...PROBLEMS_OF_EVERY_CALL,
  ];
  const byStatus = Map.groupBy(new Set(names), (name): number => PROBLEMS[name].status);
  const statuses = [...new Set([...byStatus.keys(), ...GATEWAY_STATUSES])].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => [status, describeStatus(status, byStatus.get(status) ?? [])]),
  );
}

function describeStatus(status: number, names: readonly ProblemName[]): OpenApiJson {
  const byGateway = GATEWAY_STATUSES.includes(status);
  const titles = names.map((name) => `${PROBLEMS[name].title} (\`urn:webhook-fanout:problem:${name}\`).`);
  return {
    description: [...titles, ...(byGateway ? ['Also used by the gateway, as `{"message"}`.'] : [])].join(' '),
    ...(names.length === 0
      ? {}
      : { headers: describeHeaders(...names.flatMap((name) => HEADERS_OF[name] ?? [])) }),
    content: {
      ...(names.length > 0
        ? { 'application/problem+json': { schema: refTo('Problem'), examples: examplesOf(names) } }
        : {}),
      ...(byGateway ? jsonContent('GatewayError') : {}),
    },
  };
}

function examplesOf(names: readonly ProblemName[]): OpenApiJson {
  return Object.fromEntries(names.map((name) => [name, { value: exampleOf(name) }]));
}

function exampleOf(name: ProblemName): OpenApiJson {
  const { body } = problem(name, PROBLEMS[name].example, FURTHER_FIELDS[name]);
  return { ...Object(body), request_id: EXAMPLE_REQUEST_ID };
}

const FURTHER_FIELDS: { readonly [Name in ProblemName]?: { readonly errors: readonly InputError[] } } = {
  'invalid-request': { errors: [{ path: 'events', message: 'is required' }] },
};
