/** A route and what its path parameters are in a request. */
export interface RouteMatch<Route> {
  readonly route: Route;
  /** Decoded; undefined for a route without any. */
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

interface Segment {
  readonly text: string;
  readonly kind: 'literal' | 'parameter';
}

const DEFAULT = '$default';
const ANY = 'ANY';

/**
 * Finds the route of a request: a literal segment beats a parameter, a method beats `ANY`, and `$default`
 * takes the rest. Undefined when there is no `$default`. Throws on a key that the local cloud cannot serve.
 */
export function createRouter<Route extends { readonly key: string }>(
  routes: readonly Route[],
): (method: string, path: string) => RouteMatch<Route> | undefined {
  const fallback = routes.find(({ key }) => key === DEFAULT);
  const known = routes
    .filter(({ key }) => key !== DEFAULT)
    .map((route) => ({ route, ...parseKey(route.key) }));
  known.sort((a, b) => rank(a).localeCompare(rank(b)));

  return (method, path) => {
    const parts = path.split('/').slice(1);
    for (const { route, method: wanted, segments } of known) {
      if (wanted !== method && wanted !== ANY) continue;
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
    throw new Error(`route "${key}": the local cloud knows $default and "<METHOD> /path/{parameter}" only`);
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

/** Sorts literals before parameters, from the left, and a method before `ANY`. */
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
