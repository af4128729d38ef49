import createClient from 'openapi-fetch';
import { currentToken, endSession } from '../session/session.ts';
import { ApiProblem } from './problem.ts';
import type { paths } from './schema.d.ts';

/** The API on the console's own origin. Its requests have the token of the session and no cookie. */
export const api = createClient<paths>({ baseUrl: location.origin, credentials: 'omit', cache: 'no-store' });

api.use({
  onRequest({ request }) {
    const token = currentToken();
    if (token !== undefined) request.headers.set('Authorization', `Bearer ${token}`);
    return request;
  },
  onResponse({ request, response }) {
    const sent = request.headers.get('Authorization');
    // The session of another token may have begun since this request was sent.
    if (response.status === 401 && sent !== null && sent === `Bearer ${currentToken()}`) endSession('ended');
  },
});

interface Answer<T> {
  readonly data: T;
  /** The version of a webhook, for `If-Match`. */
  readonly etag: string | undefined;
}

type ClientAnswer<T> = Promise<{ data?: T; error?: unknown; response: Response }>;

/** The body of a successful answer. Throws `ApiProblem` for every other answer, and without an answer. */
export async function bodyOf<T>(request: ClientAnswer<T>): Promise<T> {
  return (await answerOf(request)).data;
}

/** The same, with the version of the webhook. */
export async function answerOf<T>(request: ClientAnswer<T>): Promise<Answer<T>> {
  const { data, error, response } = await request.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiProblem({ type: navigator.onLine ? 'no-answer' : 'offline' });
  });
  if (!response.ok) throw new ApiProblem(asObject(error), response);
  // A 204 has no body, and its type is undefined, too.
  return { data: data as T, etag: response.headers.get('etag') ?? undefined };
}

/** The gateway may answer with a text. */
function asObject(body: unknown): object {
  return typeof body === 'object' && body !== null ? body : {};
}

/** A key for one creation, so that its repetition after a lost answer creates nothing twice. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
