import type { SignedHeaders } from './read-headers.ts';

/**
 * Why a body does not belong to these headers, as far as is visible without the secret. `consistent`: its id, type and length are
 * those of the headers. `unknown`: the headers have nothing to compare it with.
 */
export function whyBodySuspect(
  body: string,
  { standardId, eventType, contentLength }: SignedHeaders,
): 'not-json' | 'other-event' | 'length' | 'spaced' | 'consistent' | 'unknown' {
  const event = parseObject(body);
  if (event === undefined) return 'not-json';
  const { id, type } = event;
  if (typeof id === 'string' && standardId !== undefined && id !== standardId) return 'other-event';
  if (typeof type === 'string' && eventType !== undefined && type !== eventType) return 'other-event';
  const bytes = new TextEncoder().encode(body).length;
  if (contentLength !== undefined && Number(contentLength) !== bytes) return 'length';
  // The service writes JSON without white space between its tokens.
  if (/^\s|^\{\s|[,:]\s+["{[\d]|\s$/.test(body.replace(/"(?:[^"\\]|\\.)*"/gs, '""'))) return 'spaced';
  const isComparable = contentLength !== undefined || (typeof id === 'string' && standardId !== undefined);
  return isComparable ? 'consistent' : 'unknown';
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
