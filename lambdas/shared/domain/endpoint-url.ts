import { isIP } from 'node:net';

import { type AddressRules, whyAddressRefused } from './address.ts';
import { whyNameInvalid } from './host-name.ts';

export interface EndpointRules extends AddressRules {
  /** Hosts of this deployment's own API, each `host` or `host:port`. A webhook with such a host could cause a loop. */
  readonly apiHosts?: readonly string[];
  /** The only URL with that host that is allowed, in its normal form. Given for the canary's account alone. */
  readonly canaryUrl?: string;
}

export type EndpointUrlCheck =
  | { readonly ok: true /** In WHATWG's normal form, without a trailing dot. */; readonly url: string }
  | { readonly ok: false; readonly reason: string };

/** Some servers and proxies refuse longer URLs; https://www.rfc-editor.org/rfc/rfc9110#section-4.1 recommends 8,000. */
export const MAX_URL_LENGTH = 2_048;

export const HTTPS_PORTS: ReadonlySet<string> = new Set(['443', '8443']);

/** Names that public DNS does not resolve, or that have a meaning in one network only. */
const INTERNAL_SUFFIXES = ['localhost', 'local', 'internal', 'arpa'] as const;

/** Names of metadata services: always refused, like their addresses. */
const METADATA_NAMES: ReadonlySet<string> = new Set(['metadata.google.internal']);

/**
 * Characters that a person does not see, except a plain space: control and format characters, halves of surrogate
 * pairs, separators, and what Unicode calls default-ignorable. WHATWG's parser removes them without an error from a
 * host, and tabs and line breaks from anywhere; elsewhere it percent-encodes them, so that another URL than the
 * visible one is called.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/u;
const SURROUNDING_SPACE = /^ | $/;
/** An `@` before the path, query or fragment: user info, also when it is empty. */
const USER_INFO = /^[a-z][a-z0-9+.-]*:\/*[^/?#]*@/i;
/** Host and port as written. */
const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/*([^/?#]*)/i;

/**
 * Whether events may be sent to a URL, decided by its text alone: the addresses of its name are checked when a
 * connection is made. Scheme, port and host are checked in their normal form, where `0x7f.1` is `127.0.0.1`.
 */
export function checkEndpointUrl(raw: string, rules: EndpointRules): EndpointUrlCheck {
  const url = parse(raw);
  if (typeof url === 'string') return { ok: false, reason: url };
  const reason = whySchemeRefused(url, rules) ?? whyHostRefused(url, rules) ?? whyPortRefused(url, rules);
  if (reason !== undefined) return { ok: false, reason };
  if (url.href.length > MAX_URL_LENGTH) return { ok: false, reason: tooLong(url.href.length) };
  return { ok: true, url: url.href };
}

/** The URL without a trailing dot in its host, or the reason for refusing it. */
function parse(raw: string): URL | string {
  if (raw.length > MAX_URL_LENGTH) return tooLong(raw.length);
  const [invisible] = INVISIBLE.exec(raw) ?? INVISIBLE.exec(decodedAuthority(raw)) ?? [];
  if (invisible !== undefined) {
    return `the URL contains the invisible character ${codePoint(invisible)}; remove it, or percent-encode it where the path or query needs it`;
  }
  if (SURROUNDING_SPACE.test(raw)) return 'the URL begins or ends with a space; remove it';
  if (raw.includes('\\')) return 'the URL contains a backslash; write "/" or "%5C"';
  if (USER_INFO.test(raw))
    return 'the URL contains a user name or password; verify the signature of requests instead';
  if (!URL.canParse(raw)) return 'this is not a URL; use one such as "https://example.com/webhooks"';
  const url = new URL(raw);
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
  return url;
}

/** The parser percent-decodes a host. What is not UTF-8 then is refused by the parser itself. */
function decodedAuthority(raw: string): string {
  const [, authority = ''] = AUTHORITY.exec(raw) ?? [];
  try {
    return decodeURIComponent(authority);
  } catch {
    return authority;
  }
}

function whySchemeRefused(url: URL, rules: EndpointRules): string | undefined {
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:' && rules.allowPrivateEndpoints) return undefined;
  return `the URL begins with "${url.protocol}"; only "https:" is allowed`;
}

function whyPortRefused(url: URL, rules: EndpointRules): string | undefined {
  if (rules.allowPrivateEndpoints || url.port === '' || HTTPS_PORTS.has(url.port)) return undefined;
  return `port ${url.port} is not allowed; use ${[...HTTPS_PORTS].join(' or ')}`;
}

function whyHostRefused(url: URL, rules: EndpointRules): string | undefined {
  const host = url.hostname;
  if (url.href !== rules.canaryUrl && rules.apiHosts?.some((apiHost) => isApiHost(url, apiHost)))
    return `${host} is this API itself; use an endpoint of your own`;
  const ip = host.startsWith('[') ? host.slice(1, -1) : host;
  if (isIP(ip) !== 0) {
    const reason = whyAddressRefused(ip, rules);
    return reason === undefined ? undefined : `${host} is not a public address: ${reason}`;
  }
  return whyNameInvalid(host) ?? whyNameRefused(host, rules);
}

function whyNameRefused(name: string, rules: EndpointRules): string | undefined {
  if (METADATA_NAMES.has(name)) return `${name} is not a public host name: it is a metadata service`;
  if (rules.allowPrivateEndpoints) return undefined;
  const labels = name.split('.');
  if (labels.length === 1) return `"${name}" is not a public host name: it has no domain`;
  const suffix = INTERNAL_SUFFIXES.find((internal) => labels.at(-1) === internal);
  return suffix === undefined ? undefined : `"${name}" is not a public host name: ".${suffix}" is internal`;
}

/** A host without a port includes all its ports, although in AWS the API has port 443 alone. */
function isApiHost(url: URL, apiHost: string): boolean {
  if (apiHost === '') return false;
  const api = apiHost.toLowerCase().replace(/\.(?=:|$)/, '');
  return url.hostname === api || url.host === api;
}

function tooLong(length: number): string {
  return `the URL has ${length} characters; ${MAX_URL_LENGTH} are allowed`;
}

function codePoint(character: string): string {
  return `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
}
