import { type InputError, PROBLEMS, type ProblemName, problem } from '../problem.ts';
import type { Route } from '../routes.ts';
import { jsonContent, type OpenApiJson, refTo } from './components.ts';

const PROBLEMS_OF_EVERY_CALL: readonly ProblemName[] = ['internal-error', 'unavailable'];
/** Responses that the gateway creates without calling the function. */
const GATEWAY_STATUSES = [413, 429, 500, 503];

const TEXT_HEADER = { schema: { type: 'string' } };
const CODING_HEADER = {
  description: '`identity`, when the body has a content coding.',
  schema: { type: 'string' },
};
const SECONDS_HEADER = { description: 'Seconds to wait.', schema: { type: 'integer' } };

/**
 * The error responses of a call by status. `problems` are those that do not follow from the route. Several problems can
 * have the same status, and the gateway can use that status, too, with a body of its own form.
 */
export function describeErrors(route: Route, problems: readonly ProblemName[]): OpenApiJson {
  const names: ProblemName[] = [
    ...(route.needsKey ? (['unauthorized'] as const) : []),
    ...(route.takesJson ? (['invalid-request', 'body-too-large', 'unsupported-media-type'] as const) : []),
    ...problems,
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
    ...(status === 401 ? { headers: { 'WWW-Authenticate': TEXT_HEADER } } : {}),
    ...(status === 415 ? { headers: { 'Accept-Encoding': CODING_HEADER } } : {}),
    ...(names.includes('too-many-requests') || names.includes('unavailable')
      ? { headers: { 'Retry-After': SECONDS_HEADER } }
      : {}),
    content: {
      ...(names.length > 0
        ? { 'application/problem+json': { schema: refTo('Problem'), examples: examplesOf(names) } }
        : {}),
      ...(byGateway ? jsonContent('GatewayError') : {}),
    },
  };
}

function examplesOf(names: readonly ProblemName[]): OpenApiJson {
  return Object.fromEntries(
    names.map((name) => [name, { value: problem(name, PROBLEMS[name].example, FURTHER_FIELDS[name]).body }]),
  );
}

const FURTHER_FIELDS: { readonly [Name in ProblemName]?: { readonly errors: readonly InputError[] } } = {
  'invalid-request': { errors: [{ path: 'events', message: 'is required' }] },
};
