import { isIP } from 'node:net';

import { checkEndpointUrl, type EndpointRules } from '../domain/endpoint-url.ts';

/** A checked URL in the parts that a connection and a request need. */
export interface Target {
  /** Scheme, host and port: what connections are kept by. */
  readonly origin: string;
  readonly secure: boolean;
  /** The name, or the address without brackets. */
  readonly host: string;
  readonly isAddress: boolean;
  readonly port: number;
  /** Path and query. */
  readonly path: string;
}

export type TargetCheck =
  | { readonly ok: true; readonly target: Target }
  | { readonly ok: false; readonly reason: string };

/** Webhooks come again and again: checking a URL takes some microseconds, finding it here none. */
const MAX_CACHED_TARGETS = 1_000;

/** Checks URLs against the same rules as when they were registered: the rules may have changed since. */
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
