import { ROUTES, type Route } from './routes.ts';

/** What the gateway says of a request, with the path as it hands it over. */
export interface RoutableRequest {
  /** The route that the gateway matched, `METHOD /path`, or `$default`. */
  readonly routeKey: string;
  readonly method: string;
  readonly path: string;
  /** Of the route that the gateway matched; decoded. */
  readonly parameters: Readonly<Record<string, string | undefined>>;
}

export type Found =
  | { readonly kind: 'route'; readonly route: Route; readonly webhookId: string | undefined }
  | { readonly kind: 'wrong_method'; readonly allowed: readonly string[] }
  | { readonly kind: 'nothing' };

interface PathMatch {
  readonly route: Route;
  readonly webhookId: string | undefined;
}

/** Literal paths first. */
const PATTERNS = [
  ...ROUTES.filter(({ path }) => !path.includes('{')),
  ...ROUTES.filter(({ path }) => path.includes('{')),
].map((route) => ({ route, pattern: toPattern(route.path) }));

/**
 * Finds the call for a request. The gateway sends what it did not match to `$default`, with a path that it has
 * percent-decoded: `/v1/%77ebhooks` may arrive there as `/v1/webhooks`. Such a request is matched here, so every
 * method that a 405 allows works for the same request line. The path is not decoded a second time.
 */
export function findRoute({ routeKey, method, path, parameters }: RoutableRequest): Found {
  const route = ROUTES.find((candidate) => `${candidate.method} ${candidate.path}` === routeKey);
  if (route !== undefined) return { kind: 'route', route, webhookId: parameters.webhook_id };

  const matches = matchPath(path);
  const [first] = matches;
  if (first === undefined) return { kind: 'nothing' };
  const match = matches.find((candidate) => candidate.route.method === method);
  if (match !== undefined) return { kind: 'route', route: match.route, webhookId: match.webhookId };
  const likeFirst = matches.filter((candidate) => candidate.route.path === first.route.path);
  return { kind: 'wrong_method', allowed: likeFirst.map((candidate) => candidate.route.method) };
}

/** As in the gateway, a literal path takes precedence over one with a parameter. */
function matchPath(path: string): PathMatch[] {
  return PATTERNS.flatMap(({ route, pattern }) => {
    const match = pattern.exec(path);
    return match === null ? [] : [{ route, webhookId: match.groups?.webhook_id }];
  });
}

function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{([a-z_]+)\}/g, '(?<$1>[^/]+)')}$`);
}
