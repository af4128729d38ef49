/** A route and the path parameters of a request. */
export interface RouteMatch<Route> {
  readonly route: Route;
  /** Not decoded; undefined for a route without parameters. */
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

interface Segment {
  readonly text: string;
  readonly kind: 'literal' | 'parameter';
}

const DEFAULT = '$default';
const ANY = 'ANY';

/**
 * Returns a function that finds the route of a request. A literal segment has precedence over a parameter, and a method
 * over `ANY`. `$default` matches all other requests; without it, the function returns undefined. Throws on an unsupported
 * route key.
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

function parseKey(key: string): { method: string; segments: Segment[] } {
  const [, method, path] = /^([A-Z]+) (\/\S*)$/.exec(key) ?? [];
  if (method === undefined || path === undefined || path.includes('+}')) {
    throw new Error(
      `route "${key}": the local cloud supports $default and "<METHOD> /path/{parameter}" only`,
    );
  }
  const segments = path.slice(1).split('/');
  return {
    method,
    segments: segments.map((segment) =>
      /^\{.+\}$/.test(segment)
        ? { text: segment.slice(1, -1), kind: 'parameter' }
        : { text: segment, kind: 'literal' },
    ),
  };
}

/** A sort key: from the left, literals before parameters; then a method before `ANY`. */
function rank({ method, segments }: { method: string; segments: readonly Segment[] }): string {
  return segments.map(({ kind }) => (kind === 'literal' ? '0' : '1')).join('') + (method === ANY ? 'b' : 'a');
}

function matchSegments(
  segments: readonly Segment[],
  parts: readonly string[],
): Record<string, string> | undefined {
  if (segments.length !== parts.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, { text, kind }] of segments.entries()) {
    const part = parts[index] ?? '';
    if (kind === 'literal' ? part !== text : part === '') return undefined;
    if (kind === 'parameter') parameters[text] = part;
  }
  return parameters;
}
