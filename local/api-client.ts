/** API Gateway answers within 30 s. */
const REQUEST_TIMEOUT_MS = 35_000;

/** The API's own explanation of a refusal. */
export class ApiRefusal extends Error {
  readonly status: number;

  constructor(status: number, reason: string) {
    super(`the API refused the request (${status}): ${reason}`);
    this.status = status;
  }
}

/** Whether the API answered with this status. */
export function isRefusal(error: unknown, status: number): boolean {
  return error instanceof ApiRefusal && error.status === status;
}

/** The customers' API, called for one account by the command, the demonstration and the benchmarks. */
export interface Api {
  /** Resolves to the JSON of a success. Throws an ApiRefusal for every other status. */
  call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Record<string, unknown>>;
}

/** `key` is called for each request. */
export function createApi(url: string, key: () => Promise<string>): Api {
  return {
    async call(method, path, body) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${await key()}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      }).catch((error: unknown) => {
        // `fetch` hides the reason in its cause.
        throw error instanceof Error && error.cause instanceof Error ? error.cause : error;
      });
      const text = await response.text();
      const json = parseObject(text);
      if (response.ok) return json;
      throw new ApiRefusal(response.status, reasonIn(json) ?? text.slice(0, 200));
    },
  };
}

/** The detail of a problem (RFC 9457), with the invalid fields. */
function reasonIn({ detail, title, errors }: Record<string, unknown>): string | undefined {
  const fields = Array.isArray(errors)
    ? errors.map((error: { path?: unknown; message?: unknown }) => `${error.path} ${error.message}`)
    : [];
  const summary = typeof detail === 'string' ? detail : title;
  return typeof summary === 'string' ? [summary, ...fields].join('; ') : undefined;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? { ...json } : {};
  } catch {
    return {};
  }
}
