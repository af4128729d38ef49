/** The part of the options of `openapi-fetch` that the console uses. The client's types check them. */
interface RequestOptions {
  readonly params?: {
    readonly path?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, unknown>>;
    readonly header?: Readonly<Record<string, string>>;
  };
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Default: JSON. Numbers of a text keep their digits. */
  readonly parseAs?: 'json' | 'text';
}

interface RequestAnswer {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * Sends a request to the API of the console's own origin, with the token and without cookies. Rejects when there is no
 * answer.
 */
export async function request(
  method: string,
  path: string,
  token: string | undefined,
  { params = {}, body, signal, parseAs }: RequestOptions = {},
): Promise<RequestAnswer> {
  const response = await fetch(addressOf(path, params), {
    ...{ method, credentials: 'omit', cache: 'no-store', signal: signal ?? null },
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...params.header,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) return { error: parse(text), response };
  return { data: parseAs === 'text' ? text : parse(text), response };
}

function addressOf(
  path: string,
  { path: values = {}, query = {} }: NonNullable<RequestOptions['params']>,
): string {
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? address : `${address}?${text}`;
}

/** A 204 has no body, and the gateway may answer with a text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
