import { isIP } from 'node:net';

import { type AddressRules, whyAddressRefused } from './address.ts';

export interface EndpointRules extends AddressRules {
  /** Host of this deployment's own API, `host` or `host:port`. A webhook that points at it is a loop. */
  readonly apiHost?: string;
}

export type EndpointUrlCheck =
  | { readonly ok: true /** In WHATWG's normal form, without a trailing dot. */; readonly url: string }
  | { readonly ok: false; readonly reason: string };

/** Longer ones are refused by some servers and proxies; https://www.rfc-editor.org/rfc/rfc9110#section-4.1 asks for 8,000. */
export const MAX_URL_LENGTH = 2_048;

/** https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4 */
const MAX_NAME_LENGTH = 253;
const MAX_LABEL_LENGTH = 63;

const HTTPS_PORTS: ReadonlySet<string> = new Set(['443', '8443']);

/** Names that no public DNS answers for, or that mean something on one network only. */
const INTERNAL_SUFFIXES = ['localhost', 'local', 'internal', 'arpa'] as const;

/** Names of metadata services: refused whatever the rules, like their addresses. */
const METADATA_NAMES: ReadonlySet<string> = new Set(['metadata.google.internal']);

// WHATWG drops these in silence, so what was shown to a person would not be what is used.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/;
const SURROUNDING_SPACE = /^\s|\s$/;
/** An `@` before the path, query or fragment: user info, be it empty. */
const USER_INFO = /^[a-z][a-z0-9+.-]*:\/*[^/?#]*@/i;

/**
 * Whether events may be sent to a URL, by its text alone: what its name resolves to is checked when a
 * connection is made. Everything is judged on the parsed URL, where `0x7f.1` is `127.0.0.1`.
 */
export function checkEndpointUrl(raw: string, rules: EndpointRules): EndpointUrlCheck {
  const url = parse(raw);
  if (typeof url === 'string') return { ok: false, reason: url };
  const reason = whySchemeRefused(url, rules) ?? whyHostRefused(url, rules) ?? whyPortRefused(url, rules);
  if (reason !== undefined) return { ok: false, reason };
  if (url.href.length > MAX_URL_LENGTH) return { ok: false, reason: tooLong(url.href.length) };
  return { ok: true, url: url.href };
}

/** The URL with its trailing dot gone, or the reason why it is none. */
function parse(raw: string): URL | string {
  if (raw.length > MAX_URL_LENGTH) return tooLong(raw.length);
  if (CONTROL_CHARACTERS.test(raw))
    return 'the URL contains control characters, tabs or line breaks; remove them';
  if (SURROUNDING_SPACE.test(raw)) return 'the URL begins or ends with a space; remove it';
  if (raw.includes('\\')) return 'the URL contains a backslash; write "/" or "%5C"';
  if (USER_INFO.test(raw))
    return 'the URL contains a user name or password; verify the signature of requests instead';
  if (!URL.canParse(raw)) return 'this is not a URL; use one such as "https://example.com/webhooks"';
  const url = new URL(raw);
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
  return url;
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
  if (isApiHost(url, rules.apiHost)) return `${host} is this API itself; use an endpoint of yours`;
  const ip = host.startsWith('[') ? host.slice(1, -1) : host;
  if (isIP(ip) !== 0) {
    const reason = whyAddressRefused(ip, rules);
    return reason === undefined ? undefined : `${host} is not a public address: ${reason}`;
  }
  return whyNameRefused(host, rules);
}

function whyNameRefused(name: string, rules: EndpointRules): string | undefined {
  const labels = name.split('.');
  if (
    name.length > MAX_NAME_LENGTH ||
    labels.some((label) => label === '' || label.length > MAX_LABEL_LENGTH)
  ) {
    return `"${name}" is not a valid host name`;
  }
  if (METADATA_NAMES.has(name)) return `${name} is not a public host name: it is a metadata service`;
  if (rules.allowPrivateEndpoints) return undefined;
  if (labels.length === 1) return `"${name}" is not a public host name: it has no domain`;
  const suffix = INTERNAL_SUFFIXES.find((internal) => labels.at(-1) === internal);
  return suffix === undefined ? undefined : `"${name}" is not a public host name: ".${suffix}" is internal`;
}

/** A host without a port stands for all its ports: in AWS the API is on 443 alone, but why take chances. */
function isApiHost(url: URL, apiHost: string | undefined): boolean {
  if (apiHost === undefined || apiHost === '') return false;
  const api = apiHost.toLowerCase().replace(/\.(?=:|$)/, '');
  return url.hostname === api || url.host === api;
}

function tooLong(length: number): string {
  return `the URL has ${length} characters; ${MAX_URL_LENGTH} are allowed`;
}
