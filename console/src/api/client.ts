import { currentToken, endSession } from '../session/session.ts';
import { createApi } from './create-api.ts';
import { ApiProblem } from './problem.ts';

/** The API on the console's own origin. Its requests have the token of the session and no cookie. */
export const api = createApi({
  origin: location.origin,
  token: currentToken,
  onAnswer({ status }, sent) {
    // The session of another token may have begun since this request was sent.
    if (status === 401 && sent !== undefined && sent === currentToken()) endSession('ended');
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
