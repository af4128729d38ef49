import { isIP } from 'node:net';

import { checkEndpointUrl, type EndpointRules } from '../domain/endpoint-url.ts';

/** The part of a checked URL that identifies a connection. */
export interface Origin {
  /** Scheme, host and port. A connection is reused only for the same origin. */
  readonly origin: string;
  readonly secure: boolean;
  /** The host name, or the IP address without brackets. */
  readonly host: string;
  readonly isAddress: boolean;
  readonly port: number;
}

export interface Target extends Origin {
  /** Path and query. */
  readonly path: string;
}

export type TargetCheck =
  | { readonly ok: true; readonly target: Target }
  | { readonly ok: false; readonly reason: string };

/** Checking a URL takes some microseconds, and most URLs are used many times. */
const MAX_CACHED_TARGETS = 1_000;

/** Checks URLs again by the rules of the registration, since the rules may have changed. Caches the results. */
export function createTargetCheck(rules: EndpointRules): (url: string) => TargetCheck {
  const cache = new Map<string, TargetCheck>();
  return (url) => {
    const cached = cache.get(url);
    if (cached !== undefined) return cached;
    const checked = check(url, rules);
    if (cache.size >= MAX_CACHED_TARGETS) cache.clear();
    cache.set(url, checked);
    return checked;
  };
}

function check(raw: string, rules: EndpointRules): TargetCheck {
  const checked = checkEndpointUrl(raw, rules);
  if (!checked.ok) return checked;
  const url = new URL(checked.url);
  const secure = url.protocol === 'https:';
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
  return {
    ok: true,
    target: {
      origin: url.origin,
      secure,
      host,
      isAddress: isIP(host) !== 0,
      port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
      path: url.pathname + url.search,
    },
  };
}
