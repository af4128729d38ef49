import { InputError, show } from './input.ts';

/** The origins are in an environment variable of a function; all its variables together have at most 4 KB. */
const MAX_ORIGINS = 20;
const MAX_ORIGIN_CHARACTERS = 100;

/** Web pages that run on the developer's computer. */
const LOCAL_HOSTS: readonly string[] = ['localhost', '127.0.0.1'];

const ORIGINS_RULE =
  `a list of at most ${MAX_ORIGINS} origins such as https://console.example.com: a scheme, a host in lower case, a port only ` +
  `if it is not the default one, no path and no "*", ${MAX_ORIGIN_CHARACTERS} characters at most each`;

/**
 * Checks a prop with origins of web pages. `http://localhost` is for development: it is accepted only where private
 * endpoints are. Throws on any other value.
 */
export function readOrigins(prop: string, origins: unknown, allowLocal: boolean): readonly string[] {
  if (!Array.isArray(origins) || origins.length > MAX_ORIGINS || !origins.every(isOrigin)) {
    throw new InputError(
      `${prop} is ${show(origins)}; expected: ${ORIGINS_RULE}. Leave it out to allow none.`,
    );
  }
  const local = origins.find((origin) => !origin.startsWith('https:'));
  if (local !== undefined && !allowLocal) {
    throw new InputError(
      `${prop} contains ${show(local)}, which is for development only. Use an https origin, or set allowPrivateEndpoints, too.`,
    );
  }
  return [...new Set(origins)];
}

/** Exactly as a browser writes it in the header `Origin`. */
export function isOrigin(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > MAX_ORIGIN_CHARACTERS || value.includes('*')) return false;
  if (!URL.canParse(value)) return false;
  const { origin, protocol, hostname } = new URL(value);
  const isAllowed = protocol === 'https:' || (protocol === 'http:' && LOCAL_HOSTS.includes(hostname));
  return isAllowed && origin === value;
}
