import type { Client } from 'openapi-fetch';
import type { paths } from './schema.d.ts';

/** The calls of the API, with the types that openapi-fetch derives from the OpenAPI document. */
export type Api = Pick<Client<paths>, 'GET' | 'POST' | 'PATCH' | 'DELETE'>;

interface CallInput {
  readonly params?: {
    readonly path?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, unknown>>;
    readonly header?: Readonly<Record<string, string>>;
  };
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** `text`: the body as it is, in which numbers keep their digits. Default: `json`. */
  readonly parseAs?: 'json' | 'text';
}

interface ApiOptions {
  /** Such as `https://api.example.com`. */
  readonly origin: string;
  /** Undefined: the request is sent without one. */
  readonly token: () => string | undefined;
  readonly onAnswer?: (response: Response, token: string | undefined) => void;
}

/**
 * Replaces the client of openapi-fetch, which is 3 kB larger after gzip and can do more than the console needs. The promise
 * rejects when there is no answer. Every answer is a value, also an error.
 */
export function createApi({ origin, token: tokenOf, onAnswer }: ApiOptions): Api {
  const callBy =
    (method: string) =>
    async (path: string, { params = {}, body, signal, parseAs }: CallInput = {}) => {
      const token = tokenOf();
      const response = await fetch(addressOf(origin, path, params), {
        ...{ method, credentials: 'omit', cache: 'no-store' },
        headers: {
          ...params.header,
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
      onAnswer?.(response, token);
      const text = await response.text();
      if (!response.ok) return { error: parse(text), response };
      return { data: parseAs === 'text' ? text : parse(text), response };
    };
  const [GET, POST, PATCH, DELETE] = ['GET', 'POST', 'PATCH', 'DELETE'].map(callBy);
  // The types are those of the document, which a function of all calls cannot have.
  return { GET, POST, PATCH, DELETE } as unknown as Api;
}

/** A list in the query is a repeated parameter. */
function addressOf(
  origin: string,
  path: string,
  { path: parts, query = {} }: NonNullable<CallInput['params']>,
) {
  const url = new URL(
    path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts?.[name] ?? '')),
    origin,
  );
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) if (one != null) url.searchParams.append(name, String(one));
  }
  return url;
}

/** The gateway may answer with a text, and a 204 has none. */
function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
