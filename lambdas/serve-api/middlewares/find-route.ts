import { type PathParameters, ROUTES, type Route } from '../routes.ts';

/** The part of the gateway's event that determines the route. */
export interface RoutableRequest {
  /** The route that the gateway matched, `METHOD /path`, or `$default`. */
  readonly routeKey: string;
  readonly method: string;
  /** As received from the gateway, which may have decoded it. */
  readonly path: string;
  /** The path parameters of the route that the gateway matched; decoded. */
  readonly parameters: PathParameters;
}

export type FoundRoute =
  | { readonly kind: 'route'; readonly route: Route; readonly parameters: PathParameters }
  | { readonly kind: 'wrong_method'; readonly allowed: readonly string[] }
  | { readonly kind: 'unknown_path' };

interface PathMatch {
  readonly route: Route;
  readonly parameters: PathParameters;
}

/** Literal paths first: as in the gateway, they take precedence over paths with a parameter. */
const PATTERNS = [
  ...ROUTES.filter(({ path }) => !path.includes('{')),
  ...ROUTES.filter(({ path }) => path.includes('{')),
].map((route) => ({ route, pattern: toPattern(route.path) }));

/**
 * Finds the route of a request. The gateway sends a request that matches none of its routes to `$default`, with a
 * percent-decoded path: `/v1/%77ebhooks` may be received as `/v1/webhooks`. Such a request is matched here, so that every
 * method in the `Allow` header of a 405 works for the same request line. The path is not decoded a second time.
 */
export function findRoute({ routeKey, method, path, parameters }: RoutableRequest): FoundRoute {
  const route = ROUTES.find((candidate) => `${candidate.method} ${candidate.path}` === routeKey);
  if (route !== undefined) return { kind: 'route', route, parameters };

  const matches = matchPath(path);
  const [first] = matches;
  if (first === undefined) return { kind: 'unknown_path' };
  const match = matches.find((candidate) => candidate.route.method === method);
  if (match !== undefined) return { kind: 'route', ...match };
  const samePath = matches.filter((candidate) => candidate.route.path === first.route.path);
  return { kind: 'wrong_method', allowed: samePath.map((candidate) => candidate.route.method) };
}

function matchPath(path: string): PathMatch[] {
  return PATTERNS.flatMap(({ route, pattern }) => {
    const match = pattern.exec(path);
    return match === null ? [] : [{ route, parameters: { ...match.groups } }];
  });
}

function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{([a-z_]+)\}/g, '(?<$1>[^/]+)')}$`);
}
