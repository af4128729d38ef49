import { ROUTES, type Route } from './routes.ts';

export type Found =
  | { readonly kind: 'route'; readonly route: Route }
  | { readonly kind: 'wrong_method'; readonly allowed: readonly string[] }
  | { readonly kind: 'nothing' };

const PATTERNS = new Map(ROUTES.map(({ path }) => [path, toPattern(path)]));

/** `routeKey` is what the gateway matched, `METHOD /path`; whatever it did not match came by `$default`. */
export function findRoute(routeKey: string, path: string): Found {
  const route = ROUTES.find((candidate) => `${candidate.method} ${candidate.path}` === routeKey);
  if (route !== undefined) return { kind: 'route', route };
  const sameText = ROUTES.filter((candidate) => candidate.path === path);
  const samePath =
    sameText.length > 0 ? sameText : ROUTES.filter(({ path: p }) => PATTERNS.get(p)?.test(path));
  if (samePath.length === 0) return { kind: 'nothing' };
  return { kind: 'wrong_method', allowed: samePath.map(({ method }) => method) };
}

function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{[a-z_]+\}/g, '[^/]+')}$`);
}
