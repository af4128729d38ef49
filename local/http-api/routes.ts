/** A route and the path parameters of a request. */
export interface RouteMatch<Route> {
  readonly route: Route;
  /** Not decoded; undefined for a route without parameters. */
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

interface Segment {
  readonly text: string;
  readonly kind: 'literal' | 'parameter' | 'greedy';
}

const DEFAULT = '$default';
const ANY = 'ANY';

/**
 * Returns a function that finds the route of a request. A full match has precedence over a greedy one such as `{path+}`, a
 * literal segment over a parameter, more segments before a greedy parameter over fewer, and a method over `ANY`. `$default`
 * matches all other requests; without it, the function returns undefined. Throws on an unsupported route key.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function createRouter<Route extends { readonly key: string }>(
  routes: readonly Route[],
): (method: string, path: string) => RouteMatch<Route> | undefined {
  const fallback = routes.find(({ key }) => key === DEFAULT);
  const sorted = routes
    .filter(({ key }) => key !== DEFAULT)
    .map((route) => ({ route, ...parseKey(route.key) }));
  sorted.sort((a, b) => rank(a).localeCompare(rank(b)));

  return (method, path) => {
    const parts = path.split('/').slice(1);
    for (const { route, method: routeMethod, segments } of sorted) {
      if (routeMethod !== method && routeMethod !== ANY) continue;
      const pathParameters = matchSegments(segments, parts);
      if (pathParameters === undefined) continue;
      return { route, pathParameters: Object.keys(pathParameters).length > 0 ? pathParameters : undefined };
    }
    return fallback === undefined ? undefined : { route: fallback, pathParameters: undefined };
  };
}

const KIND_OF_SEGMENT = [
  { kind: 'greedy', pattern: /^\{([^{}+]+)\+\}$/ },
  { kind: 'parameter', pattern: /^\{([^{}+]+)\}$/ },
  { kind: 'literal', pattern: /^([^{}]*)$/ },
] as const;

function parseKey(key: string): { method: string; segments: Segment[] } {
  const [, method, path] = /^([A-Z]+) (\/\S*)$/.exec(key) ?? [];
  const segments = path?.slice(1).split('/').map(parseSegment) ?? [];
  const isGreedyOnlyAtEnd = segments.slice(0, -1).every((segment) => segment?.kind !== 'greedy');
  // API Gateway refuses such a key, too.
  const endsWithSlash = segments.length > 1 && segments.at(-1)?.text === '';
  if (
    method === undefined ||
    endsWithSlash ||
    !isGreedyOnlyAtEnd ||
    !segments.every((segment) => segment !== undefined)
  ) {
    throw new Error(
      `route "${key}": the local cloud supports $default and "<METHOD> /path/{parameter}/{rest+}" only`,
    );
  }
  return { method, segments };
}

function parseSegment(given: string): Segment | undefined {
  for (const { kind, pattern } of KIND_OF_SEGMENT) {
    const [, text] = pattern.exec(given) ?? [];
    if (text !== undefined) return { kind, text };
  }
  return undefined;
}

const RANKS = { literal: '0', parameter: '1', greedy: '2' } as const;

/** A sort key: full matches first; then from the left, literals before parameters; then a method before `ANY`. */
function rank({ method, segments }: { method: string; segments: readonly Segment[] }): string {
  const isGreedy = segments.at(-1)?.kind === 'greedy';
  const kinds = segments.map(({ kind }) => RANKS[kind]).join('');
  return (isGreedy ? 'b' : 'a') + kinds + (method === ANY ? 'b' : 'a');
}

function matchSegments(
  segments: readonly Segment[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const isGreedy = segments.at(-1)?.kind === 'greedy';
  if (isGreedy ? parts.length < segments.length : parts.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, { text, kind }] of segments.entries()) {
    const part = kind === 'greedy' ? parts.slice(index).join('/') : (parts[index] ?? '');
    if (kind === 'literal' ? part !== text : part === '') return undefined;
    if (kind !== 'literal') parameters[text] = part;
  }
  return parameters;
}
