import type { CallRequest } from './call.ts';

// https://www.rfc-editor.org/rfc/rfc9110#section-13.1. The ETags of this API contain no comma.

type Headers = CallRequest<unknown>['headers'];

/** Whether `If-Match` allows a change of the webhook with this ETag. A weak ETag never matches. */
export function passesIfMatch(headers: Headers, etag: string): boolean {
  const header = headers['if-match'];
  return header === undefined || listOf(header).some((one) => one === '*' || one === etag);
}

/** Whether `If-None-Match` says that the caller has the state with this ETag. */
export function isKnownToCaller(headers: Headers, etag: string): boolean {
  return listOf(headers['if-none-match'] ?? '').some(
    (one) => one === '*' || one.replace(/^W\//, '') === etag,
  );
}

function listOf(header: string): string[] {
  return header.split(',').map((part) => part.trim());
}
