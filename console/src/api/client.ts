import type { Client } from 'openapi-fetch';
import { currentToken, endSession } from '../session/session.ts';
import { ApiProblem, noAnswer } from './problem.ts';
import { request } from './request.ts';
import type { paths } from './schema.d.ts';

/**
 * The API on the console's own origin. It has the types of the package openapi-fetch, whose code would be a twentieth of all
 * that customers load.
 */
export const api = {
  GET: callOf('GET'),
  POST: callOf('POST'),
  PATCH: callOf('PATCH'),
  DELETE: callOf('DELETE'),
} as unknown as Pick<Client<paths>, 'GET' | 'POST' | 'PATCH' | 'DELETE'>;

type Options = Parameters<typeof request>[3];

function callOf(method: string) {
  return async (path: string, options?: Options) => {
    const token = currentToken();
    const answer = await request(method, path, token, options);
    // Another session may have begun since this request was sent.
    if (answer.response.status === 401 && token !== undefined && token === currentToken())
      endSession('ended');
    return answer;
  };
}

interface Answer<T> {
  readonly data: T;
  /** The version of a webhook, for `If-Match`. */
  readonly etag: string | undefined;
}

type ClientAnswer<T> = Promise<{ data?: T; error?: unknown; response: Response }>;

/** The body of a successful answer. Throws `ApiProblem` for every other answer, and without an answer. */
export async function bodyOf<T>(sent: ClientAnswer<T>): Promise<T> {
  return (await answerOf(sent)).data;
}

/** The same, with the version of the webhook. */
export async function answerOf<T>(sent: ClientAnswer<T>): Promise<Answer<T>> {
  const { data, error, response } = await sent.catch(noAnswer);
  if (!response.ok) throw new ApiProblem(Object(error), response);
  // A 204 has no body, and its type is undefined, too.
  return { data: data as T, etag: response.headers.get('etag') ?? undefined };
}

/** A key for one creation, so that its repetition after a lost answer creates nothing twice. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
